package neural

// Every 64-bit ARM that Go runs on has the vector instructions (Advanced SIMD) that these kernels use.

// tilesPay says that a convolution by tiles is faster here: there is no kernel for them.
var tilesPay = false

//go:noescape
func sweepNEON(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)

// The kernels check nothing: what calls them touches the last element that they will reach.

func sweep(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	if n < 8 {
		sweepGo(sums, n, in, offsets, weights, f)
		return
	}
	taps := len(offsets)
	_, _ = sums[n-1], weights[taps*lanes-1] // in is cut to its last pair by the caller
	sweepNEON(sums, n, &in[0], &offsets[0], taps, &weights[0], f)
}

//go:noescape
func peakNEON(v *float32, n int) float32

func peak(v []float32) float32 {
	if len(v) < 4 {
		return peakGo(v)
	}
	return peakNEON(&v[0], len(v))
}

//go:noescape
func roundRowNEON(dst *int32, first, second *float32, n int, scale, scale2 float32)

func roundRow(dst []int32, first, second []float32, scale, scale2 float32) {
	if len(dst) < 4 {
		roundRowGo(dst, first, second, scale, scale2)
		return
	}
	_, _ = first[len(dst)-1], second[len(dst)-1]
	roundRowNEON(&dst[0], &first[0], &second[0], len(dst), scale, scale2)
}
