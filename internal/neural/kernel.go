package neural

import "math"

// sums holds what a kernel computes at a time: runLength pixels of each of lanes output channels.
type sums [lanes * runLength]float32

// stretch is a run of a convolution: what the output channels show at rows × width pixels.
type stretch struct {
	dst                 []float32 // where they lie in the output, from the first channel's on
	plane, channels     int       // floats from one channel to the next, and how many there are
	in                  []int32   // the input from the first pixel's place to the last tap of the last
	part                int       // of an input of tiles, from one of their parts to the next, else 0
	stride, rows, width int       // of the input's rows. Several are only ever asked for where width is the output's
	offsets, weights    []int32   // as Conv and phases have them
	finishes            []finish  // a group
}

// pixels is how many are computed: those between the rows, too, which are dropped.
func (s *stretch) pixels() int { return (s.rows-1)*s.stride + s.width }

// tiles is how many tiles they lie in.
func (s *stretch) tiles() int { return (s.pixels() + 1) / 2 }

// convolveGo computes a stretch, a group of channels after the other: it stays in the cache for all of them.
func convolveGo(sums *sums, s *stretch) {
	each := len(s.offsets) * lanes
	for g := range s.finishes {
		if s.part > 0 {
			sweepTilesGo(sums, s.tiles(), s.in, s.part, s.offsets, s.weights[g*tileParts*each:][:tileParts*each], &s.finishes[g])
		} else {
			sweep(sums, s.pixels(), s.in, s.offsets, s.weights[g*each:][:each], &s.finishes[g])
		}
		for j := range min(lanes, s.channels-g*lanes) {
			for y := range s.rows {
				copy(s.dst[(g*lanes+j)*s.plane+y*s.width:][:s.width], sums[j*runLength+y*s.stride:][:s.width])
			}
		}
	}
}

// sweepGo is the convolution kernel in plain Go: for each of n pixels and each of the four output channels of a group, the sum
// over taps of the products of both weights and both samples of in[offset+pixel], made what it stands for. Channel j's go to
// sums[j*runLength:].
func sweepGo(sums *sums, n int, in, offsets, weights []int32, f *finish) {
	var whole [lanes / 2][runLength]int64
	accumulate(whole[0][:n], whole[1][:n], in, offsets, weights)
	for j := range lanes {
		for i, both := range whole[j/2][:n] {
			sums[j*runLength+i] = f.float(j, laneOf(both, j))
		}
	}
}

// float is what the sum of channel j of a group stands for: in its unit, with the bias, and not below the least value. The conversion
// to float32 around the product forbids the compiler to fuse multiplication and addition (Go specification, "Floating-point
// operators"), which it does on arm64, ppc64, s390x, riscv64 and amd64 v3 and which would change the last bit.
func (f *finish) float(j int, sum int32) float32 {
	v := float32(float32(sum)*f[j]) + f[lanes+j]
	if !(v > f[2*lanes]) {
		v = f[2*lanes]
	}
	return v
}

// accumulate adds up all taps of a run, two at a time, into the sums of a group's first two channels and of its other two: of
// each two, one's weights and the other's make one number of 64 bits, so that one multiplication serves both. All (b·2³² + a)·x
// sum to B·2³² + A, see laneOf.
func accumulate(s, t []int64, in, offsets, weights []int32) {
	n, k := len(s), 0
	for ; k+2 <= len(offsets); k += 2 {
		v, w := (*[lanes]int32)(weights[k*lanes:]), (*[lanes]int32)(weights[(k+1)*lanes:])
		sweepTaps(s, in[offsets[k]:][:n], in[offsets[k+1]:][:n], v[0], v[1], w[0], w[1])
		sweepTaps(t, in[offsets[k]:][:n], in[offsets[k+1]:][:n], v[2], v[3], w[2], w[3])
	}
	if k < len(offsets) {
		w, r := (*[lanes]int32)(weights[k*lanes:]), in[offsets[k]:][:n]
		sweepTaps(s, r, r, w[0], w[1], 0, 0)
		sweepTaps(t, r, r, w[2], w[3], 0, 0)
	}
}

// laneOf takes channel j's sum out of one of two channels, B·2³² + A: A is the lower half, with its sign, and B what is left
// without it.
func laneOf(both int64, j int) int32 {
	if j%2 == 0 {
		return int32(both)
	}
	return int32((both - int64(int32(both))) >> 32)
}

// sweepTaps adds to the sums of two channels what two taps bring, whose pairs of samples are those of r and q; v0 and v1 are
// the channels' pairs of weights for r, w0 and w1 those for q.
func sweepTaps(sums []int64, r, q []int32, v0, v1, w0, w1 int32) {
	a, b := int64(int16(v0))+int64(int16(v1))<<32, int64(v0>>16)+int64(v1>>16)<<32
	c, d := int64(int16(w0))+int64(int16(w1))<<32, int64(w0>>16)+int64(w1>>16)<<32
	r, q = r[:len(sums)], q[:len(sums)]
	for i := range sums {
		x, y := r[i], q[i]
		sums[i] += a*int64(int16(x)) + b*int64(x>>16) + c*int64(int16(y)) + d*int64(y>>16)
	}
}

// peakGo returns the largest magnitude among v, and 0 where there is nothing.
func peakGo(v []float32) float32 {
	var most float32
	for _, x := range v {
		if x < 0 {
			x = -x
		}
		if x > most {
			most = x
		}
	}
	return most
}

// roundPairsGo makes rows of pairs, stride apart, of first · scale and second · scale2, each rounded to the nearest whole number, of
// two that are as near to the even one. All must be within ±32767.
func roundPairsGo(dst []int32, stride int, first, second []float32, rows, width int, scale, scale2 float32) {
	for y := range rows {
		roundRow(dst[y*stride:][:width], first[y*width:][:width], second[y*width:][:width], scale, scale2)
	}
}

func roundRowGo(dst []int32, first, second []float32, scale, scale2 float32) {
	first, second = first[:len(dst)], second[:len(dst)]
	for i := range dst {
		dst[i] = pair(rounded(first[i]*scale), rounded(second[i]*scale2))
	}
}

// rounder is 1½·2²³. Between 2²³ and 2²⁴ floats are the whole numbers, so that adding it rounds, and leaves the sum's lowest bits
// those of the number itself.
const rounder = 3 << 22

// rounded returns a number whose lowest 16 bits are those of x, rounded.
func rounded(x float32) int32 { return int32(math.Float32bits(float32(x) + rounder)) }

// splitGo takes a row apart into its even and its odd samples.
func splitGo(even, odd, row []int32) {
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

// doubleGo writes each sample of rows of width twice, and each row twice.
func doubleGo(dst, src []float32, width int) {
	for len(src) >= width && width > 0 {
		row := dst[:2*width]
		for i, v := range src[:width] {
			row[2*i], row[2*i+1] = v, v
		}
		copy(dst[2*width:4*width], row)
		dst, src = dst[4*width:], src[width:]
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
