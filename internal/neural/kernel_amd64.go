package neural

import "golang.org/x/sys/cpu"

// AVX2 came with the processors of 2013, AVX-512's sums of products (VNNI) with servers' of 2019; where both lack, the plain
// loops serve.
var hasAVX2, hasVNNI = cpu.X86.HasAVX2, cpu.X86.HasAVX512F && cpu.X86.HasAVX512VNNI

// tilesPay says that a convolution by tiles is faster here: there is no kernel for them.
var tilesPay = !hasAVX2

//go:noescape
func sweepVNNI(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)

//go:noescape
func sweepAVX2(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)

// The kernels check nothing: what calls them touches the last element that they will reach.

func sweep(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	taps := len(offsets)
	_, _ = sums[n-1], weights[taps*lanes-1] // in is cut to its last pair by the caller
	switch {
	case hasVNNI && n >= 32:
		sweepVNNI(sums, n, &in[0], &offsets[0], taps, &weights[0], f)
	case hasAVX2 && n >= 8:
		sweepAVX2(sums, n, &in[0], &offsets[0], taps, &weights[0], f)
	default:
		sweepGo(sums, n, in, offsets, weights, f)
	}
}

//go:noescape
func peakAVX2(v *float32, n int) float32

func peak(v []float32) float32 {
	if !hasAVX2 || len(v) < 8 {
		return peakGo(v)
	}
	return peakAVX2(&v[0], len(v))
}

//go:noescape
func roundRowAVX2(dst *int32, first, second *float32, n int, scale, scale2 float32)

func roundRow(dst []int32, first, second []float32, scale, scale2 float32) {
	if !hasAVX2 || len(dst) < 8 {
		roundRowGo(dst, first, second, scale, scale2)
		return
	}
	_, _ = first[len(dst)-1], second[len(dst)-1]
	roundRowAVX2(&dst[0], &first[0], &second[0], len(dst), scale, scale2)
}
