//go:build js && wasm

package neural

import "ocrbankcard/internal/simd"

// The module checks no bounds. Each function here therefore touches the last element that it will reach, of each
// slice, so that a mistake ends in Go's own panic and not in overwritten memory.

// tilesPay says that a convolution by tiles is faster here.
var tilesPay = true

// leastTiles is how many the kernels need.
const leastTiles = 8

func convolve(sums *sums, s *stretch) {
	if !simd.Available || s.part > 0 && s.tiles() < leastTiles {
		convolveGo(sums, s)
		return
	}
	taps, parts := len(s.offsets), 1
	if s.part > 0 {
		parts = tileParts
	}
	_, _ = s.in[s.pixels()/parts-1], s.dst[(s.channels-1)*s.plane+s.rows*s.width-1] // in is cut to its last pair by the caller
	_, _ = s.weights[len(s.finishes)*parts*taps*lanes-1], sums[s.pixels()-1]
	simd.Conv(&s.dst[0], int32(s.plane), int32(s.channels), &s.in[0], int32(s.part), int32(s.stride), int32(s.rows), int32(s.width),
		&s.offsets[0], int32(taps), &s.weights[0], &s.finishes[0][0], &sums[0])
}

func tileRows(dst []int32, part int, src []int32, rows, half int) {
	if !simd.Available || half < 4 || rows < 1 {
		tileRowsGo(dst, part, src, rows, half)
		return
	}
	_, _ = dst[(tileParts-1)*part+rows*half-1], src[rows*(2*half+2)-1]
	simd.TileRows(&dst[0], int32(part), &src[0], int32(rows), int32(half))
}

func sweep(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	sweepGo(sums, n, in, offsets, weights, f)
}

func peak(v []float32) float32 {
	if !simd.Available || len(v) == 0 {
		return peakGo(v)
	}
	return simd.Peak(&v[0], int32(len(v)))
}

func roundPairs(dst []int32, stride int, first, second []float32, rows, width int, scale, scale2 float32) {
	if !simd.Available || rows < 1 || width < 1 {
		roundPairsGo(dst, stride, first, second, rows, width, scale, scale2)
		return
	}
	_, _, _ = dst[(rows-1)*stride+width-1], first[rows*width-1], second[rows*width-1]
	simd.RoundPairs(&dst[0], int32(stride), &first[0], &second[0], int32(rows), int32(width), scale, scale2)
}

func roundRow(dst []int32, first, second []float32, scale, scale2 float32) {
	roundRowGo(dst, first, second, scale, scale2)
}

func split(even, odd, row []int32) {
	if !simd.Available || len(row) < 8 {
		splitGo(even, odd, row)
		return
	}
	_, _ = even[(len(row)-1)/2], odd[len(row)/2-1]
	simd.Split(&even[0], &odd[0], &row[0], int32(len(row)))
}

func maximum(dst, src []float32, stride, height, width int) {
	if !simd.Available || width > 2 {
		maximumGo(dst, src, stride, height, width)
		return
	}
	_, _ = dst[0], src[(height-1)*stride+len(dst)*width-1]
	simd.Maximum(&dst[0], int32(len(dst)), &src[0], int32(stride), int32(height), int32(width))
}

func double(dst, src []float32, width int) {
	if !simd.Available || len(src) == 0 || width < 1 {
		doubleGo(dst, src, width)
		return
	}
	_ = dst[4*len(src)-1]
	simd.Double(&dst[0], &src[0], int32(len(src)/width), int32(width))
}

func standardise(v, inside []float32, mean, scale float32) {
	if !simd.Available || len(v) == 0 {
		standardiseGo(v, inside, mean, scale)
		return
	}
	_ = inside[len(v)-1]
	simd.Standardise(&v[0], &inside[0], int32(len(v)), mean, scale)
}

func logistic(dst, src []float32) {
	if !simd.Available || len(dst) == 0 {
		logisticGo(dst, src)
		return
	}
	_ = src[len(dst)-1]
	simd.Logistic(&dst[0], &src[0], int32(len(dst)))
}
