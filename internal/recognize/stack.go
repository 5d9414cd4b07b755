package recognize

// Stack: a number that takes several rows, most often four of four digits, is put together from them.

import (
	"iter"
	"math"
	"math/bits"
	"slices"

	"ocrbankcard/internal/neural"
)

const (
	fewDigits    = 5.0  // a line shorter than so many of its glyphs' heights holds no whole number
	evenly       = 0.25 // rows are as far apart as each other within this share
	nearestRows  = 1.1  // their distance in heights, at least; small glyphs look higher to the net than they are
	farthestRows = 3.5
	mostRows     = 4
)

// short reports whether a line can be but a row of a number.
func (l textLine) short() bool { return l.length() < fewDigits*l.height }

// stacking looks for the number that takes several lines.
type stacking struct {
	run     *run
	view    *view
	layouts []rowLayout
	best    text
	rows    []textLine // where it stands
}

func (r *run) newStacking(v *view) stacking {
	return stacking{run: r, view: v, layouts: stacked, best: text{score: math.Inf(-1)}}
}

// readStack returns the number that takes several of the lines for its rows, whatever else the card net has marked among them.
// Of four even rows, those that it did not mark are looked for where they must be.
func (r *run) readStack(v *view, lines []textLine) (text, bool) {
	s := r.newStacking(v)
	s.among(lines, r.decodeRows(v, lines))
	for some := range subsets(lines) {
		if s.climb(some.lines) {
			break
		}
	}
	return s.surer()
}

// among tries all lines, and those of them that lie evenly beneath each other, given each one's texts. Four rows always do.
func (s *stacking) among(lines []textLine, texts [][]text) {
	for some := range subsets(lines) {
		var rows [][]text
		for _, i := range some.places {
			rows = append(rows, texts[i])
		}
		all := len(some.lines) == len(lines) && len(lines) < mostRows
		if all || beneath(some.lines) {
			s.try(some.lines, rows)
		}
	}
}

// try keeps the number of the rows, which lie on lines, if it is the best one.
func (s *stacking) try(lines []textLine, rows [][]text) {
	if t, ok := stack(rows, s.layouts); ok && t.score > s.best.score {
		s.best, s.rows = t, lines
	}
}

// climb tries every four rows that lines may belong to, and reports whether there are such.
func (s *stacking) climb(lines []textLine) bool {
	ladder, first, ok := ladderOf(lines)
	if ok {
		rows := s.run.decodeRows(s.view, ladder)
		for start := 0; start <= first && start+mostRows <= len(rows); start++ {
			s.try(ladder[start:start+mostRows], rows[start:start+mostRows])
		}
	}
	return ok
}

// surer returns the best number, read again from as many cuts of each row as a line is cut into where it is in doubt.
func (s *stacking) surer() (text, bool) {
	if s.best.worthAnother() {
		var rows [][]text
		for _, l := range s.rows {
			rows = append(rows, explain(s.run.cutAgain(s.view, l, s.run.evidenceOf(s.view, l)), numberRow))
		}
		s.best, _ = stack(rows, s.layouts)
	}
	return s.best, len(s.rows) > 0
}

// chosen are some of the lines, in their order, and their places among all.
type chosen struct {
	lines  []textLine
	places []int
}

// subsets yields those of two to mostRows lines, larger ones first.
func subsets(lines []textLine) iter.Seq[chosen] {
	return func(yield func(chosen) bool) {
		for n := min(len(lines), mostRows); n > 1; n-- {
			for set := range 1 << len(lines) {
				if bits.OnesCount(uint(set)) != n {
					continue
				}
				var c chosen
				for i, l := range lines {
					if set>>i&1 == 1 {
						c.lines, c.places = append(c.lines, l), append(c.places, i)
					}
				}
				if !yield(c) {
					return
				}
			}
		}
	}
}

// beneath reports whether lines are about as high as each other, each beneath the one before, at even distances.
func beneath(lines []textLine) bool {
	along, down := lines[0].axes()
	first := lines[1].middle().Sub(lines[0].middle()).Dot(down)
	for i, l := range lines[1:] {
		m := lines[i]
		step := l.middle().Sub(m.middle()).Dot(down)
		common := math.Min(l.end.Dot(along), m.end.Dot(along)) - math.Max(l.start.Dot(along), m.start.Dot(along))
		switch {
		case step < leastPitch*cellSize, step > farthestRows*m.height, math.Abs(step-first) > evenly*first,
			common < sideways*math.Min(l.length(), m.length()), math.Abs(math.Log(l.height/m.height)) > alikeHeight:
			return false
		}
	}
	return true
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
	step := math.Inf(1)
	for i := range n - 1 {
		step = math.Min(step, lines[i+1].middle().Sub(lines[i].middle()).Dot(down))
	}
	if step < leastPitch*cellSize || step > farthestRows*height {
		return nil, 0, false
	}
	height = math.Min(height, step/nearestRows)
	place := make([]int, n)
	from, to := math.Inf(1), math.Inf(-1)
	origin := lines[0].middle()
	for i, l := range lines {
		below := l.middle().Sub(origin).Dot(down) / step
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

// decodeRows reads one strip of each row and returns the best texts for each of numberRow's layouts.
func (r *run) decodeRows(v *view, lines []textLine) [][]text {
	rows := make([][]text, len(lines))
	r.each(len(lines), func(a *neural.Arena, i int) error {
		tight, _ := lines[i].spans()
		var strip evidence
		err := r.readStrip(a, v, &cutting{lines[i], tight, tight, luma}, &strip)
		defer r.trace.enter("decode")()
		rows[i] = explain([]evidence{strip}, numberRow)
		return err
	})
	return rows
}

// stack returns the best number that takes all rows, in one of the layouts with so many. rows holds, for each one
// from top to bottom, the best text for each of numberRow's layouts.
func stack(rows [][]text, layouts []rowLayout) (text, bool) {
	best := text{score: math.Inf(-1), rival: math.Inf(-1)}
	for _, s := range layouts {
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
