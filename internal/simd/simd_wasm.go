//go:build js && wasm

package simd

// Available says whether the module was loaded. It is settled before Go starts.
var Available = ready() != 0

//go:wasmimport simd ready
func ready() uint32

// Conv computes a stretch of a convolution (convolveGo in package neural), of tiles if part is not 0, and then of four or more.
//
//go:wasmimport simd conv
//go:noescape
func Conv(dst *float32, plane, channels int32, in *int32, part, stride, rows, width int32, offsets *int32, taps int32,
	weights *int32, finishes, sums *float32)

// TileRows makes tiles of rows of pairs, half as many each and four or more (tileRowsGo in package neural).
//
//go:wasmimport simd tile_rows
//go:noescape
func TileRows(dst *int32, part int32, src *int32, rows, half int32)

// Peak returns the largest magnitude of n floats (peakGo in package neural).
//
//go:wasmimport simd peak
//go:noescape
func Peak(v *float32, n int32) float32

// RoundPairs makes rows of pairs of scaled samples, rounded to whole numbers (roundPairsGo in package neural).
//
//go:wasmimport simd round_pairs
//go:noescape
func RoundPairs(dst *int32, stride int32, first, second *float32, rows, width int32, scale, scale2 float32)

// Split takes a row of n pairs apart into its even and its odd ones (splitGo in package neural).
//
//go:wasmimport simd split
//go:noescape
func Split(even, odd, row *int32, n int32)

// Maximum makes n maxima of windows of height rows and one or two columns (maximumGo in package neural).
//
//go:wasmimport simd maximum
//go:noescape
func Maximum(dst *float32, n int32, src *float32, stride, height, width int32)

// Double writes each float of rows of width twice, and each row twice (doubleGo in package neural).
//
//go:wasmimport simd double_rows
//go:noescape
func Double(dst, src *float32, rows, width int32)

// AddRows sums columns of n bytes over rows (addRowsGo in package frame).
//
//go:wasmimport simd add_rows
//go:noescape
func AddRows(sums *uint16, n int32, src *byte, stride, rows int32)

// BoxRow makes n means of boxes from such sums (boxRowGo in package frame), which it may overwrite where step is 1.
//
//go:wasmimport simd box_row
//go:noescape
func BoxRow(dst *byte, n int32, sums *uint16, factor, step int32, half, inverse int64)

// HalveRow makes n means of two neighbours in each of two rows (halveRowGo in package frame).
//
//go:wasmimport simd halve_row
//go:noescape
func HalveRow(dst, a, b *byte, n int32)

// CoverRows makes n weighted sums of bytes over rows (coverRowsGo in package frame).
//
//go:wasmimport simd cover_rows
//go:noescape
func CoverRows(sums *float32, n int32, src *byte, stride, rows int32, begin, finish float32)

// CoverMeans makes n weighted means of such sums (coverMeansGo in package frame). Each column is first and last, begin,
// finish and inverse, four bytes each.
//
//go:wasmimport simd cover_means
//go:noescape
func CoverMeans(dst *float32, n int32, sums *float32, columns *int32, inverse float32)

// BlendRow makes n bilinear values of two rows (blendRowGo in package frame). Each column is before and after, and share,
// four bytes each.
//
//go:wasmimport simd blend_row
//go:noescape
func BlendRow(dst *float32, n int32, upper, lower *byte, columns *int32, share float32)

// Logistic makes 1/(1+e^−x) of each of n values (logisticGo in package neural).
//
//go:wasmimport simd logistic
//go:noescape
func Logistic(dst, src *float32, n int32)

// Standardise makes each of n values (v − mean) · scale · inside (standardiseGo in package neural).
//
//go:wasmimport simd standardise
//go:noescape
func Standardise(v, inside *float32, n int32, mean, scale float32)

// Widen stretches n samples of video's range to the full one, as many as fill vectors, and returns how many those were
// (widenGo in package frame).
//
//go:wasmimport simd widen
//go:noescape
func Widen(samples *byte, n int32, chroma bool) int32

// ScanEdges counts the edges of a line of n bytes (edges.scanGo in package frame).
//
//go:wasmimport simd scan_edges
//go:noescape
func ScanEdges(edges *int32, line *byte, n, step, reach, least int32)

// Mark tells of each of n values whether it exceeds a level (markGo in package recognize).
//
//go:wasmimport simd mark
//go:noescape
func Mark(marks *bool, v *float32, n int32, level float32)

// Flood makes cells the next marked one of n in rows of w, from one on, and those that are connected with it, and returns
// how many there are (floodGo in package recognize).
//
//go:wasmimport simd flood
//go:noescape
func Flood(cells *int32, marks *bool, w, n, from int32) int32

// WarpRow samples a plane of bytes along a ray of six numbers (warpRowGo in package recognize); inside may be nil.
//
//go:wasmimport simd warp_row
//go:noescape
func WarpRow(dst, inside *float32, n int32, pix *byte, stride, width, height int32, at *float64)

// Follow finds for each position from first to last the best way to it from one before (followGo in package recognize).
//
//go:wasmimport simd follow
//go:noescape
func Follow(best *float64, from *int16, carried, costs *float64, count, start, least, first, last int32)
