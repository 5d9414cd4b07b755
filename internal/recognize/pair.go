package recognize

// Pair: of a number on two rows the card net may mark but one. Where nothing is read clearly, a second row is looked for above
// and beneath a line that is marked.

import "slices"

const (
	clearly = 2.0 // the mean of a number's odds, from which on no row is looked for beside the lines that are marked
	plainly = 0.5 // how strongly a line must be marked for one to be
)

// beside are the distances, in heights, at which the second of two rows is looked for where the card net marks but one.
var beside = []float64{1.25, 1.55, 1.9, 2.3, 2.8}

// readPairs returns the best number on one of the lines and a row above or beneath it that the card net did not mark. Both hold as
// many digits: what stands beside a whole number is not its rest.
func (r *run) readPairs(v *view, lines []textLine) (text, bool) {
	s := r.newStacking(v)
	s.layouts = twoAlike
	for _, l := range lines {
		if l.strength > plainly && !l.short() && l.length() < widestBlock*l.height {
			s.pair(l)
		}
	}
	return s.surer()
}

// pair tries a line, which must read like a row, with each that may lie beside it.
func (s *stacking) pair(l textLine) {
	first := s.run.decodeRows(s.view, []textLine{l})[0]
	if !slices.ContainsFunc(first, func(t text) bool { return len(t.digits) > 0 && t.meanOdds() > hopeless }) {
		return
	}
	_, down := l.axes()
	var lines []textLine
	for _, heights := range beside {
		for _, way := range []float64{-1, 1} {
			by := down.Mul(way * heights * l.height)
			lines = append(lines, textLine{start: l.start.Add(by), end: l.end.Add(by), height: l.height, strength: l.strength})
		}
	}
	rows := s.run.decodeRows(s.view, lines)
	for i := 0; i < len(rows); i += 2 { // the one above, and the one beneath
		s.try([]textLine{lines[i], l}, [][]text{rows[i], first})
		s.try([]textLine{l, lines[i+1]}, [][]text{first, rows[i+1]})
	}
}
