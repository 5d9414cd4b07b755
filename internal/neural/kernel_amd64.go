package neural

import "golang.org/x/sys/cpu"

// AVX came with the processors of 2011, AVX-512 with servers' of 2017; where both lack, the plain loops serve.
var hasAVX, hasAVX512 = cpu.X86.HasAVX, cpu.X86.HasAVX512F

//go:noescape
func sweepAVX512(sums *sums, n int, in *float32, offsets *int32, taps int, weights, bias *float32)

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
	if hasAVX512 && n >= 32 {
		sweepAVX512(sums, n, &in[0], &offsets[0], taps, &weights[0], &bias[0])
		return
	}
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
