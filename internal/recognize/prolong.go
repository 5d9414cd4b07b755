package recognize

// Prolong: the card net may mark but a part of a line. Digits that run up to the edge of its strips, though the card goes on,
// may go on there, too.

import (
	"bytes"
	"math"
)

const (
	nearEdge = 3.0 // pitches from a digit to the strip's edge, below which more digits may stand beyond
	onwards  = 5.0 // pitches by which the line then goes on: a gap and a group of four
)

// prolonged returns the line on which the digits of its text stand, prolonged where they run up to an edge of the wide strip
// within the card, and false where they don't or hardly are any.
func (l textLine) prolonged(t *text) (textLine, bool) {
	if len(t.digits) == 0 || t.meanOdds() < hopeless {
		return l, false
	}
	_, wide := l.spans()
	from, to := l.acrossCard()
	column := (wide.to - wide.from) / columns
	pitch := t.pitch * column
	first, last := wide.from+t.first*column-pitch/2, wide.from+t.last*column+pitch/2
	start, end := first, last
	if first-wide.from < nearEdge*pitch && wide.from-from > pitch {
		start = math.Max(first-onwards*pitch, from)
	}
	if wide.to-last < nearEdge*pitch && to-wide.to > pitch {
		end = math.Min(last+onwards*pitch, to)
	}
	dir, _ := l.axes()
	longer := l
	longer.start, longer.end = l.start.Add(dir.Mul(start)), l.start.Add(dir.Mul(end))
	return longer, start < first || end > last
}

// readOn returns the line prolonged, its strips and what they say, if that is a longer number than t, which holds t's or is
// surer: the digits at hand may have been stretched over a layout that is too short for all. Else it returns what it got.
func (r *run) readOn(v *view, l textLine, strips []evidence, t text) (textLine, []evidence, text) {
	longer, ok := l.prolonged(&t)
	if !ok {
		return l, strips, t
	}
	further := r.evidenceOf(v, longer)
	whole := r.decodeLine(further)
	if len(whole.digits) <= len(t.digits) || !bytes.Contains(whole.digits, t.digits) && whole.meanOdds() <= t.meanOdds() {
		return l, strips, t
	}
	return longer, further, whole
}
