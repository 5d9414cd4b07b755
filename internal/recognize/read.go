package recognize

// Read: a net gives, for each column of a strip, the evidence for each digit against "no digit".

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// evidence is what one strip says. Positions on a line are columns of the line's first strip; column = scale·position + shift.
type evidence struct {
	// gain[t][d] is ln P(digit d at column t) − ln P(none there), limited to ±limit.
	gain         [columns][10]float32
	scale, shift float64
	// best[t] is the sum of the positive gains of each column's best digit before column t.
	best [columns + 1]float32
}

const limit = 7

// mostLines is how many lines of a view are read.
const mostLines = 2

// read appends the readings of every view of the card.
func (r *run) read(q geometry.Quad, sure float64, found []reading) []reading {
	for _, v := range r.views(q) {
		for _, l := range v.lines[:min(len(v.lines), mostLines)] {
			if l.length() < 1 {
				continue
			}
			strips := r.evidenceOf(&v, l)
			done := r.trace.enter("decode")
			found = append(found, reading{quad: v.card, located: sure, text: decode(strips), strength: v.strength})
			done()
			r.trace.tried(&found[len(found)-1])
			if certain(found) {
				return found
			}
		}
		if len(v.lines) == 0 {
			found = append(found, reading{quad: v.card, located: sure})
		}
	}
	return found
}

// evidenceOf reads the strips of a line, the wide one first.
func (r *run) evidenceOf(v *view, l textLine) []evidence {
	spans := l.spans()
	tight, wide := spans[0], spans[1]
	return []evidence{
		r.readStrip(v, l, wide, wide), r.readStrip(v, l, tight, wide),
	}
}

// readStrip runs the reader on one span, whose columns are to be compared with those of base.
func (r *run) readStrip(v *view, l textLine, s, base span) (e evidence) {
	done := r.trace.enter("strip")
	strip, outline := r.cut(v, l, s)
	done()
	defer r.trace.enter("read")()
	out, err := r.engine.reader.Run(&r.arena, strip)
	if err != nil {
		r.fail(err)
		return e
	}
	none := out[0].Plane(0)
	for d := range 10 {
		digit := out[0].Plane(d + 1)
		for t := range e.gain {
			odds := math.Log(math.Max(float64(digit[t]), 1e-6)) - math.Log(math.Max(float64(none[t]), 1e-6))
			e.gain[t][d] = float32(math.Min(math.Max(odds, -limit), limit))
		}
	}
	r.trace.saw(strip, &e, outline)
	e.scale = (base.to - base.from) / (s.to - s.from)
	e.shift = (base.from - s.from) / (s.to - s.from) * columns
	return e
}
