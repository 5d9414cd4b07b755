package recognize

// Sweep: where the card net marks no line that reads like a number, the reader itself looks for one, in bands across the
// whole card. It reads 68 or 124 of them, and a dozen about the best, many times what a card costs otherwise, so this
// comes last.

import (
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

const (
	worthSweeping = 0.6  // how certain an outline must be, located · seen, for its card to be swept
	bandStep      = 0.45 // of a band's height from one to the next
	mostBands     = 3    // as many are read as lines, those with the most evidence first,
	leastEvidence = 50   // in nats, which must be as much: a number has twice that
	sameBand      = 1.2  // in heights, bands whose middles are closer show the same line
	digitGain     = 1    // nats by which a column shows a digit
)

// stretches are the parts of a card's width that bands show: all of it, in which digits are as high as on most cards, and
// where it is a long side, the halves, for small ones.
var stretches = []struct{ from, to float64 }{{-0.02, 1.02}, {-0.02, 0.62}, {0.38, 1.02}}

// nearby are the places, in heights further down, of the bands that are read about each of the best ones.
var nearby = []float64{-0.3, -0.15, 0.15, 0.3}

// fills are the shares of a band's height at which a line in it is read.
var fills = []float64{0.5, 0.4, 0.62}

// band is a strip across the card.
type band struct {
	turn     int
	across   textLine // as high as the strip
	line     textLine // the part of it that shows digits
	evidence float64  // the sum of the positive gains, in nats
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
	way := 0 // little as the net may mark, it marks most along the sides that the number runs along
	if marks[1]+marks[3] > marks[0]+marks[2] {
		way = 1
	}
	for _, b := range r.promising(&fresh, append(bandsOf(way), bandsOf(way+2)...)) {
		one := reading{
			quad: refined.Roll(b.turn), located: located, seen: v.seen,
			strength: marks[b.turn], opposite: marks[(b.turn+2)%4],
		}
		for _, fill := range fills {
			l := b.line
			l.height *= fill
			one.text = r.readLine(&fresh, l)
			one.text.heedCheck()
			found = append(found, one)
			r.trace.tried(&one)
		}
		if r.done(found) {
			break
		}
	}
	return found
}

// bandsOf returns the bands of one direction, not read yet.
func bandsOf(turn int) (bands []band) {
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
			l := textLine{start: start.Add(across.Mul(w.from)), end: start.Add(across.Mul(w.to)), height: height}
			bands = append(bands, band{turn: turn, across: l})
		}
	}
	return bands
}

// promising returns, of the lines on which the bands show the most evidence, the best band of each.
func (r *run) promising(v *view, bands []band) (chosen []band) {
	r.readBands(v, bands)
	for len(chosen) < mostBands {
		best := strongest(bands)
		if best.evidence < leastEvidence {
			break
		}
		chosen = append(chosen, best)
		bands = slices.DeleteFunc(bands, func(b band) bool {
			return b.turn == best.turn && b.line.middle().Dist(best.line.middle()) < sameBand*best.across.height
		})
	}
	for i, b := range chosen {
		near := []band{b}
		for _, heights := range nearby {
			near = append(near, b.moved(heights))
		}
		r.readBands(v, near[1:])
		chosen[i] = strongest(near)
	}
	return chosen
}

// strongest returns the band with the most evidence, and one without any where there is none.
func strongest(bands []band) (best band) {
	for _, b := range bands {
		if b.evidence > best.evidence {
			best = b
		}
	}
	return best
}

// moved returns the band, not read yet, so many heights further down.
func (b band) moved(heights float64) band {
	_, down := b.across.axes()
	by := down.Mul(heights * b.across.height)
	b.across.start, b.across.end = b.across.start.Add(by), b.across.end.Add(by)
	return band{turn: b.turn, across: b.across}
}

// readBands reads the bands' strips.
func (r *run) readBands(v *view, bands []band) {
	r.each(len(bands), func(a *neural.Arena, i int) error {
		b := &bands[i]
		all := span{0, b.across.length(), b.across.height}
		var e evidence
		err := r.readStrip(a, v, &cutting{b.across, all, all, luma}, &e)
		b.take(&e)
		return err
	})
}

// take narrows the band to the columns in which its strip shows digits. Without any it has no evidence.
func (b *band) take(e *evidence) {
	first, last, evidence := columns, 0, 0.0
	for t := range e.gain {
		_, gain := bestOf(&e.gain[t])
		evidence += math.Max(float64(gain), 0)
		if gain > digitGain {
			first, last = min(first, t), t
		}
	}
	if first >= last {
		return
	}
	from, to := float64(max(first-1, 0))/columns, float64(min(last+2, columns))/columns
	b.line, b.evidence = b.across, evidence
	b.line.start, b.line.end = b.across.start.Lerp(b.across.end, from), b.across.start.Lerp(b.across.end, to)
}
