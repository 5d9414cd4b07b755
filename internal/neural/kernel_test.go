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
		got, want := make([]int32, n+1), make([]int32, n+1)
		roundPairs(got[:n], x, y, 0.7, 1)
		roundPairsGo(want[:n], x, y, 0.7, 1)
		if !slices.Equal(got, want) {
			t.Fatalf("the pairs of %d are %v, want %v", n, got, want)
		}
	}
	if got := roundToEven(-2.5); got != -2 {
		t.Errorf("−2.5 is rounded to %d", got)
	}
	if got := pair(-1, 3); got != 3<<16|0xffff {
		t.Errorf("−1 and 3 make %#x", got)
	}
}
