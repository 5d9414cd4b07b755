package neural

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func randomPairs(r *rand.Rand, n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(r.Uint32())
	}
	return s
}

// The kernel of this platform against the plain loops, for runs of every length.
func TestSweepIsItsPlainTwinBitForBit(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 20))
	for n := 1; n <= runLength; n += 1 + n/60*7 {
		for _, taps := range []int{1, 2, 9, 27} {
			in, weights := randomPairs(r, n+99), randomPairs(r, lanes*taps)
			for i, w := range weights { // as heavy as they may be for the samples not to overflow
				weights[i] = pair(int32(int8(w)), int32(int8(w>>16)))
			}
			offsets := make([]int32, taps)
			for i := range offsets {
				offsets[i] = int32(r.IntN(100))
			}
			f := finish(randomFloats(r, 2*lanes+1))
			if n%3 == 0 {
				f[2*lanes] = float32(math.Inf(-1))
			}
			var got, want sums
			sweep(&got, n, in, offsets, weights, &f)
			sweepGo(&want, n, in, offsets, weights, &f)
			for j := range lanes {
				for i := range n {
					if g, w := got[j*runLength+i], want[j*runLength+i]; math.Float32bits(g) != math.Float32bits(w) {
						t.Fatalf("%d pixels, %d taps: sum %d of channel %d is %v, want %v", n, taps, i, j, g, w)
					}
				}
				for i := n; i < runLength; i++ {
					if got[j*runLength+i] != 0 {
						t.Fatalf("%d pixels, %d taps: sum %d of channel %d was written", n, taps, i, j)
					}
				}
			}
		}
	}
}

// So is the kernel of whole stretches, of groups that are full and not, and writes nothing but them.
func TestConvolveIsItsPlainTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 27))
	for range 300 {
		taps := 1 + r.IntN(30)
		s := stretch{channels: 1 + r.IntN(11), width: 1 + r.IntN(60), rows: 1 + r.IntN(4), offsets: make([]int32, taps)}
		s.stride = s.width + r.IntN(5)
		s.plane = s.rows*s.width + r.IntN(9)
		parts := 1
		if r.IntN(2) == 0 { // of tiles
			parts, s.stride = tileParts, s.stride+s.stride%2
			s.part = s.tiles() + 99 + r.IntN(9)
		}
		s.in = randomPairs(r, (parts-1)*s.part+s.pixels()+99)
		for i := range s.offsets {
			s.offsets[i] = int32(r.IntN(100))
		}
		s.finishes = make([]finish, (s.channels+lanes-1)/lanes)
		for g := range s.finishes {
			s.finishes[g] = finish(randomFloats(r, 2*lanes+1))
		}
		for range len(s.finishes) * parts * taps * lanes {
			s.weights = append(s.weights, pair(r.Int32N(256)-128, r.Int32N(256)-128))
		}
		twin := s
		s.dst, twin.dst = make([]float32, s.channels*s.plane), make([]float32, s.channels*s.plane)
		convolve(new(sums), &s)
		convolveGo(new(sums), &twin)
		if !slices.Equal(s.dst, twin.dst) {
			t.Fatalf("%d × %d pixels in rows of %d, %d taps, %d channels: %v, want %v", s.width, s.rows, s.stride, taps, s.channels, s.dst, twin.dst)
		}
	}
}

// So are the others.
func TestPeakAndPairsAreTheirPlainTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(26, 26))
	for n := range 70 {
		x, y := randomFloats(r, n), randomFloats(r, n)
		for i := range x {
			x[i] *= 1000
			if i%5 == 0 {
				y[i] = float32(r.IntN(60)) - 29.5 // halves go to the even number
			}
		}
		if got, want := peak(x), peakGo(x); got != want {
			t.Fatalf("the peak of %d is %v, want %v", n, got, want)
		}
		rows, width := 1+n%3, n/(1+n%3)
		got, want := make([]int32, 2*n+9), make([]int32, 2*n+9)
		roundPairs(got, width+3, x, y, rows, width, 0.7, 1)
		for i := range rows * width {
			want[i/width*(width+3)+i%width] = pair(int32(math.RoundToEven(float64(x[i]*0.7))), int32(math.RoundToEven(float64(y[i]))))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the pairs of %d rows of %d are %v, want %v", rows, width, got, want)
		}
	}
	if got := pair(-1, 3); got != 3<<16|0xffff {
		t.Errorf("−1 and 3 make %#x", got)
	}
}

func TestLogisticIsItsPlainTwin(t *testing.T) {
	inf := float32(math.Inf(1))
	x := []float32{0, inf, -inf, float32(math.NaN()), 88.72283, 88.7229, -88.72283, -104, -104.1, 104.1, 87.5, 95, -95, 103.9}
	for v := float32(-110); v < 110; v += 0.0173 {
		x = append(x, v)
	}
	for n := range 9 {
		got := make([]float32, len(x)-n)
		logistic(got, x[n:])
		for i, g := range got {
			if w := Logistic(x[n+i]); math.Float32bits(g) != math.Float32bits(w) && (g == g || w == w) {
				t.Fatalf("logistic of %v is %v, want %v", x[n+i], g, w)
			}
		}
	}
}
