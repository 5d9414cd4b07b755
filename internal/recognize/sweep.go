package recognize

// Sweep: where the card net marks no line that reads like a number, the reader itself looks for one, in bands across the
// whole card. It reads some 280 of them, many times what a card costs otherwise, so this comes last.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

const (
	worthSweeping = 0.6 // how certain an outline must be, located · seen, for its card to be swept
	bandStep      = 0.3 // of a band's height from one to the next: digits may stand that far off a strip's middle
	mostBands     = 4   // as many are read as lines, those with the most evidence first,
	leastEvidence = 20  // in nats, which must be more than this
	sameBand      = 1.2 // in heights, bands whose middles are closer show the same line
	digitGain     = 1   // nats by which a column shows a digit
)

// stretches are the parts of a card's width that bands show: all of it, in which digits are as high as on most cards, and
// where it is a long side, the halves, for small ones.
var stretches = []struct{ from, to float64 }{{-0.02, 1.02}, {-0.02, 0.62}, {0.38, 1.02}}

// fills are the shares of a band's height at which a line in it is read.
var fills = []float64{0.5, 0.4, 0.62}

// band is a strip across the card, narrowed to where it shows digits.
type band struct {
	turn     int
	line     textLine // as high as the strip
	middle   geometry.Point
	evidence float64 // the sum of the positive gains, in nats
}

// sweep appends what the most promising bands of the view's card say, until something is legible.
func (r *run) sweep(v view, refined geometry.Quad, located float64, found []reading) []reading {
	if located*v.seen < worthSweeping {
		return found
	}
	fresh, ok := r.look(v.quad)
	if !ok {
		return found
	}
	var marks [4]float64 // of digits in each direction, counted before the strips take the memory of the view's maps
	for turn, m := range fresh.digits {
		marks[turn] = sum(m.v)
	}
	bands := r.bands(&fresh)
	for range mostBands {
		best := band{evidence: leastEvidence}
		for _, b := range bands {
			if b.evidence > best.evidence {
				best = b
			}
		}
		if best.evidence == leastEvidence {
			break
		}
		for i := range bands {
			if b := &bands[i]; b.turn == best.turn && b.middle.Dist(best.middle) < sameBand*best.line.height {
				b.evidence = 0
			}
		}
		one := reading{
			quad: refined.Roll(best.turn), located: located, seen: v.seen,
			strength: marks[best.turn], opposite: marks[(best.turn+2)%4],
		}
		for _, fill := range fills {
			l := best.line
			l.height *= fill
			one.text = r.readLine(&fresh, l)
			one.text.heedCheck()
			found = append(found, one)
			r.trace.tried(&one)
		}
		if someLegible(found) {
			break
		}
	}
	return found
}

// bands returns the bands on which something is read in any direction.
func (r *run) bands(v *view) (all []band) {
	for turn := range 4 {
		across := across(turn)
		var strips []cutting
		for _, l := range across {
			whole := span{0, l.length(), l.height}
			strips = append(strips, cutting{l, whole, whole, luma})
		}
		for i, e := range r.readStrips(v, strips) {
			if b, ok := e.band(turn, across[i]); ok {
				all = append(all, b)
			}
		}
	}
	return all
}

// across returns the lines across the card that bands are read on in one direction.
func across(turn int) (lines []textLine) {
	a, b, end := inView[turn], inView[(turn+1)%4], inView[(turn+3)%4]
	across, down := b.Sub(a), end.Sub(a)
	wide := stretches
	if turn%2 == 1 {
		wide = wide[:1]
	}
	for _, w := range wide {
		height := across.Norm() * (w.to - w.from) * stripHeight / stripWidth
		for at := height / 2; at < down.Norm()-height/2; at += height * bandStep {
			start := a.Add(down.Mul(at / down.Norm()))
			lines = append(lines, textLine{start: start.Add(across.Mul(w.from)), end: start.Add(across.Mul(w.to)), height: height})
		}
	}
	return lines
}

// band returns the line narrowed to the columns in which its strip shows digits; false when there are none.
func (e *evidence) band(turn int, l textLine) (band, bool) {
	first, last, evidence := columns, 0, 0.0
	for t := range e.gain {
		_, gain := bestOf(&e.gain[t])
		evidence += math.Max(float64(gain), 0)
		if gain > digitGain {
			first, last = min(first, t), t
		}
	}
	if first >= last {
		return band{}, false
	}
	from, to := float64(max(first-1, 0))/columns, float64(min(last+2, columns))/columns
	l.start, l.end = l.start.Lerp(l.end, from), l.start.Lerp(l.end, to)
	return band{turn, l, l.start.Lerp(l.end, 0.5), evidence}, true
}
