package neural

// sums holds what a kernel computes at a time: runLength pixels of each of lanes output channels.
type sums [lanes * runLength]float32

// sweepGo is the convolution kernel in plain Go: for each of n pixels and each of the four output channels of a
// group, the bias plus the sum over taps of weight and in[offset+pixel], in the order of the taps. Channel j's sums go
// to sums[j*runLength:].
//
// It sweeps along the run with four taps at a time, whose sixteen weights live in registers; the sums make one trip to
// the first-level cache for each four taps. The conversions to float32 around products forbid the compiler to fuse
// multiplication and addition (Go specification, "Floating-point operators"), which it does on arm64, ppc64, s390x,
// riscv64 and amd64 v3 and which would change the last bit.
func sweepGo(sums *sums, n int, in []float32, offsets []int32, weights, bias []float32) {
	for j := range lanes {
		b := bias[j]
		s := sums[j*runLength:][:n]
		for i := range s {
			s[i] = b
		}
	}
	k := 0
	for ; k+4 <= len(offsets); k += 4 {
		w := (*[16]float32)(weights[k*lanes:])
		r0, r1, r2, r3 := in[offsets[k]:][:n], in[offsets[k+1]:][:n], in[offsets[k+2]:][:n], in[offsets[k+3]:][:n]
		sweep4(sums[:n], sums[runLength:][:n], r0, r1, r2, r3, w[0], w[4], w[8], w[12], w[1], w[5], w[9], w[13])
		sweep4(sums[2*runLength:][:n], sums[3*runLength:][:n], r0, r1, r2, r3, w[2], w[6], w[10], w[14], w[3], w[7], w[11], w[15])
	}
	for ; k < len(offsets); k++ {
		w := (*[4]float32)(weights[k*lanes:])
		sweep1(sums, w, in[offsets[k]:][:n])
	}
}

func sweep4(s, t, r0, r1, r2, r3 []float32, a0, a1, a2, a3, b0, b1, b2, b3 float32) {
	t, r0, r1, r2, r3 = t[:len(s)], r0[:len(s)], r1[:len(s)], r2[:len(s)], r3[:len(s)]
	for i := range s {
		x0, x1, x2, x3 := r0[i], r1[i], r2[i], r3[i]
		s[i] = s[i] + float32(a0*x0) + float32(a1*x1) + float32(a2*x2) + float32(a3*x3)
		t[i] = t[i] + float32(b0*x0) + float32(b1*x1) + float32(b2*x2) + float32(b3*x3)
	}
}

func sweep1(sums *sums, w *[4]float32, r []float32) {
	n := len(r)
	s0, s1, s2, s3 := sums[:n], sums[runLength:][:n], sums[2*runLength:][:n], sums[3*runLength:][:n]
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	for i, x := range r {
		s0[i] += float32(w0 * x)
		s1[i] += float32(w1 * x)
		s2[i] += float32(w2 * x)
		s3[i] += float32(w3 * x)
	}
}

// storeGo writes rows of finished sums, which lie stride apart, to a run's place in the output: width pixels a row,
// plane floats between channels, rectified where relu is set. Several rows are only ever asked for where width is the
// width of the output.
func storeGo(dst []float32, plane int, sums *sums, stride, channels, rows, width int, relu bool) {
	for c := range channels {
		for y := range rows {
			to, from := dst[c*plane+y*width:][:width], sums[c*runLength+y*stride:][:width]
			if relu {
				rectify(to, from)
			} else {
				copy(to, from)
			}
		}
	}
}

// rectifyGo copies src, with zero for whatever is not greater than zero.
func rectifyGo(dst, src []float32) {
	src = src[:len(dst)]
	for i, v := range src {
		if !(v > 0) {
			v = 0
		}
		dst[i] = v
	}
}

// splitGo takes a row apart into its even and its odd samples.
func splitGo(even, odd, row []float32) {
	odd = odd[:len(row)/2]
	for i := range odd {
		even[i], odd[i] = row[2*i], row[2*i+1]
	}
	if len(row)%2 != 0 {
		even[len(row)/2] = row[len(row)-1]
	}
}

// maximumGo sets each of dst to the largest sample of a window of height rows, which lie stride apart from src on, and
// width columns.
func maximumGo(dst, src []float32, stride, height, width int) {
	for y := range height {
		row := src[y*stride:][:len(dst)*width]
		for i := range dst {
			best := row[i*width]
			if y > 0 {
				best = larger(dst[i], best)
			}
			for k := 1; k < width; k++ {
				best = larger(best, row[i*width+k])
			}
			dst[i] = best
		}
	}
}

func larger(a, b float32) float32 {
	if b > a {
		return b
	}
	return a
}

// doubleGo writes each sample of src twice.
func doubleGo(dst, src []float32) {
	dst = dst[:2*len(src)]
	for i, v := range src {
		dst[2*i], dst[2*i+1] = v, v
	}
}

// Standardise makes each of v (v − mean) · scale · inside, of inside's value at its place: 0 outside a picture, else 1.
func Standardise(v, inside []float32, mean, scale float32) {
	standardise(v, inside[:len(v)], mean, scale)
}

func standardiseGo(v, inside []float32, mean, scale float32) {
	inside = inside[:len(v)]
	for i, x := range v {
		v[i] = (x - mean) * scale * inside[i]
	}
}
