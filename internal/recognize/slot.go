package recognize

// Slot: what the strips of a line say about a digit that stands at a place on it.

import "math"

const (
	coreShare = 0.2  // a digit fires within this share of the pitch around its centre,
	slotShare = 0.45 // less and less up to this: slots don't overlap,
	peakShare = 0.32 // and at least once within this
	temper    = 0.5  // neighbouring columns are not independent: evidence counts by this
)

// prepare makes the sums that slots are scored from.
func (e *evidence) prepare() {
	for t := range e.gain {
		_, g := bestOf(&e.gain[t])
		e.best[t+1] = e.best[t] + max(g, 0)
	}
}

// slot adds what the strip says about a slot at position u to score, digit by digit, and the evidence for any digit to
// best. It reports whether the strip shows that position.
func (e *evidence) slot(u, pitch float64, score *[10]float64, best *float64) bool {
	centre, pitch := e.scale*u+e.shift, pitch*e.scale
	if centre < 0 || centre > columns {
		return false
	}
	// Column t has its centre at t+½.
	first := max(int(math.Ceil(centre-slotShare*pitch-0.5)), 0)
	last := min(int(math.Floor(centre+slotShare*pitch-0.5)), columns-1)
	middle := min(int(centre), columns-1)
	peak := e.gain[middle]
	var sum [10]float32
	for t := first; t <= last; t++ {
		off := math.Abs(float64(t)+0.5-centre) / pitch
		gain := &e.gain[t]
		if off <= peakShare {
			for d, g := range gain {
				if g > peak[d] { // in WebAssembly the built-in max is a call
					peak[d] = g
				}
			}
		}
		weight := float32(math.Min((slotShare-off)/(slotShare-coreShare), 1))
		for d, g := range gain {
			if g > 0 {
				sum[d] += weight * g
			}
		}
	}
	for d := range score {
		if peak[d] > 0 {
			peak[d] = sum[d]
		}
		score[d] += float64(peak[d])
	}
	*best += float64(e.best[max(last, middle)+1] - e.best[min(first, middle)])
	return true
}

// slotOf returns what all strips say about a slot at position u, digit by digit and for any digit, as the mean over
// the strips that show the position.
func slotOf(strips []evidence, u, pitch float64) (score [10]float64, best float64, seen bool) {
	n := 0.0
	for i := range strips {
		if strips[i].slot(u, pitch, &score, &best) {
			n++
		}
	}
	k := temper / math.Max(n, 1)
	for d := range score {
		score[d] *= k
	}
	return score, best * k, n > 0
}
