//go:build js && wasm

package neural

import "ocrbankcard/internal/simd"

// The module checks no bounds. Each function here therefore touches the last element that it will reach, of each
// slice, so that a mistake ends in Go's own panic and not in overwritten memory.

func sweep(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	if !simd.Available {
		sweepGo(sums, n, in, offsets, weights, f)
		return
	}
	taps := len(offsets)
	_, _ = sums[n-1], weights[taps*lanes-1] // in is cut to its last pair by the caller
	simd.Conv(&sums[0], int32(n), &in[0], &offsets[0], int32(taps), &weights[0], &f[0])
}

func store(dst []float32, plane int, sums *sums, stride, channels, rows, width int) {
	if !simd.Available {
		storeGo(dst, plane, sums, stride, channels, rows, width)
		return
	}
	_, _ = dst[(channels-1)*plane+rows*width-1], sums[(channels-1)*runLength+(rows-1)*stride+width-1]
	simd.Store(&dst[0], int32(plane), &sums[0], int32(stride), int32(channels), int32(rows), int32(width))
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
