package neural

import "golang.org/x/sys/cpu"

// AVX came with the processors of 2011; where it lacks, the plain loops serve.
var hasAVX = cpu.X86.HasAVX

//go:noescape
func sweepAVX(sums *sums, n int, in *float32, offsets *int32, taps int, weights, bias *float32)

func sweep(sums *sums, n int, in []float32, offsets []int32, weights, bias []float32) {
	if !hasAVX || n < 8 {
		sweepGo(sums, n, in, offsets, weights, bias)
		return
	}
	// The kernel checks nothing: touch the last element that it will reach. The caller cuts in to its last sample.
	taps := len(offsets)
	_, _, _ = sums[n-1], weights[taps*lanes-1], bias[lanes-1]
	sweepAVX(sums, n, &in[0], &offsets[0], taps, &weights[0], &bias[0])
}

//go:noescape
func rectifyAVX(dst, src *float32, n int)

func rectify(dst, src []float32) {
	if !hasAVX || len(dst) < 8 {
		rectifyGo(dst, src)
		return
	}
	_ = src[len(dst)-1]
	rectifyAVX(&dst[0], &src[0], len(dst))
}
