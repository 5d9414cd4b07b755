package recognize

// Stack: a number that takes several rows, most often four of four digits, is put together from them.

import (
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
)

const (
	fewDigits    = 5.0  // a line shorter than so many of its glyphs' heights holds no whole number
	evenly       = 0.25 // rows are as far apart as each other within this share
	nearestRows  = 1.1  // their distance in heights, at least
	farthestRows = 3.5
	mostRows     = 4
)

// short reports whether a line can be but a row of a number.
func (l textLine) short() bool { return l.length() < fewDigits*l.height }

// readStack returns the number that takes all the rows of lines, top to bottom. Of four even rows, those that the card
// net did not mark are looked for where they must be.
func (r *run) readStack(v *view, lines []textLine) (text, bool) {
	var rows [][]text
	for _, l := range lines {
		tight, _ := l.spans()
		rows = append(rows, r.decodeRow(v, l, tight))
	}
	best, ok := stack(rows)
	ladder, first, ok2 := ladderOf(lines)
	if !ok2 {
		return best, ok
	}
	rows = rows[:0]
	for _, l := range ladder {
		tight, _ := l.spans()
		rows = append(rows, r.decodeRow(v, l, tight))
	}
	for start := range first + 1 {
		if start+mostRows > len(rows) {
			break
		}
		if t, found := stack(rows[start : start+mostRows]); found && (!ok || t.score > best.score) {
			best, ok = t, true
		}
	}
	return best, ok
}

// ladderOf returns where four even rows may lie, given two to four of them: the rungs from the lowest place that the
// first row can have to the highest place of the last, and the first row's place among them. It reports false for lines
// that are no such rows.
func ladderOf(lines []textLine) (ladder []textLine, first int, ok bool) {
	n := len(lines)
	if n < 2 || n > mostRows || slices.ContainsFunc(lines, func(l textLine) bool { return !l.short() }) {
		return nil, 0, false
	}
	height := 0.0
	for _, l := range lines {
		height += l.height / float64(n)
	}
	along, down := lines[0].axes()
	middle := func(l textLine) geometry.Point { return l.start.Lerp(l.end, 0.5) }
	step := math.Inf(1)
	for i := range n - 1 {
		step = math.Min(step, middle(lines[i+1]).Sub(middle(lines[i])).Dot(down))
	}
	if step < nearestRows*height || step > farthestRows*height {
		return nil, 0, false
	}
	place := make([]int, n)
	from, to := math.Inf(1), math.Inf(-1)
	origin := middle(lines[0])
	for i, l := range lines {
		below := middle(l).Sub(origin).Dot(down) / step
		place[i] = int(math.Round(below))
		if math.Abs(below-float64(place[i])) > evenly || place[i] >= mostRows {
			return nil, 0, false
		}
		from = math.Min(from, l.start.Sub(origin).Dot(along))
		to = math.Max(to, l.end.Sub(origin).Dot(along))
	}
	first = mostRows - 1 - slices.Max(place)
	for k := -first; k < mostRows; k++ {
		at := origin.Add(down.Mul(float64(k) * step))
		ladder = append(ladder, textLine{start: at.Add(along.Mul(from)), end: at.Add(along.Mul(to)), height: height})
	}
	return ladder, first, true
}

// decodeRow reads one strip of a row and returns the best text for each of numberRow's layouts.
func (r *run) decodeRow(v *view, l textLine, s span) []text {
	strip := r.readStrip(v, l, s, s)
	defer r.trace.enter("decode")()
	return explain([]evidence{strip}, numberRow)
}

// stack returns the best number that takes all rows, in one of the layouts for so many rows. texts holds, for each row
// from top to bottom, the best text for each of numberRow's layouts.
func stack(rows [][]text) (text, bool) {
	best := text{score: math.Inf(-1), rival: math.Inf(-1)}
	for _, s := range stacked {
		if len(s.rows) != len(rows) {
			continue
		}
		t := text{score: s.prior, rival: math.Inf(-1)}
		for i, l := range s.rows {
			row := &rows[i][l]
			t.digits = append(t.digits, row.digits...)
			t.odds = append(t.odds, row.odds...)
			t.slots = append(t.slots, row.slots...)
			t.score += row.score
			t.leftover += row.leftover
		}
		if t.score > best.score {
			t.rival = max(best.score, best.rival)
			best = t
		} else {
			best.rival = max(best.rival, t.score)
		}
	}
	return best, !math.IsInf(best.score, -1)
}
