package facepp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestPausesAreFullyJittered: of many callers, the pauses before each further attempt are spread evenly from 0 to a bound that
// doubles up to longestPause, and none tells anything about the next (Kolmogorov and Smirnov's test, and the correlation).
func TestPausesAreFullyJittered(t *testing.T) {
	const callers = 20_000
	r := rand.New(rand.NewPCG(6, 2026))
	drawn := make([][]float64, 8) // by attempt, as a part of its bound
	for range callers {
		j := &fullJitter{draw: func(below time.Duration) time.Duration { return time.Duration(r.Int64N(int64(below))) }}
		j.Reset()
		for i := range drawn {
			bound := min(firstPause<<i, longestPause)
			p := j.NextBackOff()
			if p < 0 || p >= bound {
				t.Fatalf("pause %d is %v, beyond %v", i, p, bound)
			}
			drawn[i] = append(drawn[i], float64(p)/float64(bound))
		}
	}
	for i, pauses := range drawn {
		if i > 0 {
			if c := correlation(drawn[i-1], pauses); math.Abs(c) > 4/math.Sqrt(callers) {
				t.Errorf("pause %d follows the one before: correlation %.4f", i, c)
			}
		}
		if d := unevenness(pauses); d > evenEnough {
			t.Errorf("pause %d isn't spread evenly: %.2f", i, d)
		}
	}
}

// TestTheJitterOfACallIsDrawnEvenly: what a call really uses is even too. Its seed can't be known, so the bound is one that is
// passed once in a billion runs.
func TestTheJitterOfACallIsDrawnEvenly(t *testing.T) {
	var pauses []float64
	for range 20_000 {
		j := newJitter()
		j.Reset()
		pauses = append(pauses, float64(j.NextBackOff())/float64(firstPause))
	}
	if d := unevenness(pauses); d > 3.3 {
		t.Errorf("not spread evenly: %.2f", d)
	}
}

// TestOtherJittersAreTold: the measure finds those that are usual and are not full.
func TestOtherJittersAreTold(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2026))
	for name, draw := range map[string]func() float64{
		"none":               func() float64 { return 1 },
		"equal":              func() float64 { return (1 + r.Float64()) / 2 },
		"a tenth":            func() float64 { return .9 + r.Float64()/10 },
		"nine tenths":        func() float64 { return .1 + .9*r.Float64() },
		"the lesser of two":  func() float64 { return min(r.Float64(), r.Float64()) },
		"in fiftieths":       func() float64 { return float64(r.IntN(50)) / 50 },
		"a little too short": func() float64 { return .97 * r.Float64() },
	} {
		pauses := make([]float64, 20_000)
		for i := range pauses {
			pauses[i] = draw()
		}
		if d := unevenness(pauses); d <= evenEnough {
			t.Errorf("%s: %.2f passes for even", name, d)
		}
	}
}

// evenEnough is what Kolmogorov's statistic passes once in a thousand samples that are spread evenly.
const evenEnough = 1.95

// unevenness is Kolmogorov's statistic for an even spread over 0 to 1: the largest distance between the share of values below a
// point and the point itself, times the root of their number.
func unevenness(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n, most := float64(len(v)), 0.0
	for i, x := range v {
		most = max(most, math.Abs(x-float64(i)/n), math.Abs(x-float64(i+1)/n))
	}
	return most * math.Sqrt(n)
}

// correlation is Pearson's.
func correlation(a, b []float64) float64 {
	n := float64(len(a))
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		sa, sb, saa, sbb, sab = sa+a[i], sb+b[i], saa+a[i]*a[i], sbb+b[i]*b[i], sab+a[i]*b[i]
	}
	return (n*sab - sa*sb) / math.Sqrt((n*saa-sa*sa)*(n*sbb-sb*sb))
}
