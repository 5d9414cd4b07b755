//go:build !amd64 && !arm64 && !(js && wasm)

package neural

// tilesPay says that a convolution by tiles is faster here.
var tilesPay = true

func sweep(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	sweepGo(sums, n, in, offsets, weights, f)
}

func peak(v []float32) float32 { return peakGo(v) }

func roundRow(dst []int32, first, second []float32, scale, scale2 float32) {
	roundRowGo(dst, first, second, scale, scale2)
}
