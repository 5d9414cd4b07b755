// Draws from distributions that every part of a scene shares.

package synth

import (
	"math"
	"math/rand/v2"
)

// between draws uniformly from [a, b).
func between(r *rand.Rand, a, b float64) float64 { return a + (b-a)*r.Float64() }

// likely is true with probability p.
func likely(r *rand.Rand, p float64) bool { return r.Float64() < p }

// pickWeighted draws an index with probability proportional to its weight.
func pickWeighted(r *rand.Rand, weights ...float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// anyTint draws a colour: mostly muted, as things are, sometimes vivid.
func anyTint(r *rand.Rand) tint {
	sat := r.Float64() * r.Float64()
	if likely(r, 0.16) {
		sat = between(r, 0.4, 1)
	}
	return hsvTint(r.Float64(), sat, math.Sqrt(between(r, 0.004, 1)))
}
