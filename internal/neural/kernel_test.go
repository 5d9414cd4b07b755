package neural

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The kernel of this platform against the plain loops, for runs of every length.
func TestSweepIsItsPlainTwinBitForBit(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 20))
	for n := 1; n <= runLength; n += 1 + n/60*7 {
		for _, taps := range []int{1, 2, 9, 27} {
			in := randomFloats(r, n+99)
			offsets := make([]int32, taps)
			for i := range offsets {
				offsets[i] = int32(r.IntN(100))
			}
			weights, bias := randomFloats(r, lanes*taps), randomFloats(r, lanes)
			var got, want sums
			sweep(&got, n, in, offsets, weights, bias)
			sweepGo(&want, n, in, offsets, weights, bias)
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
