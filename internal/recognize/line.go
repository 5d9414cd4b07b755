package recognize

// Line: the cells that the card net marks as digits are gathered into lines, each with its direction and height.

import (
	"cmp"
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
)

const (
	digitLevel  = 0.4 // what a map must exceed to count as digits, as a share of its peak,
	faintLevel  = 0.2 // or this, where nothing sure was read so,
	leastLevel  = 0.1 // and at least
	fineness    = 2   // the map is enlarged by this to be cut into parts
	leastCells  = 8   // of the enlarged map, in a part of a line
	mostParts   = 8
	alike       = 0.6 // pieces of one line have centre lines closer than this, in heights,
	alikeHeight = 0.4 // heights whose logarithms differ by less,
	clearGap    = 6.0 // and gaps between them shorter than this, in heights
	sameLine    = 0.3 // two lines are one when their ends and heights differ less, in heights
)

// textLine is a line of digits in a view: its centre line, from the first glyph to the last, its glyphs' height, and
// how strongly the net marks it, 0 to 1.
type textLine struct {
	start, end geometry.Point
	height     float64
	strength   float64
}

func (l textLine) length() float64 { return l.start.Dist(l.end) }

func (l textLine) middle() geometry.Point { return l.start.Lerp(l.end, 0.5) }

// axes returns the directions, of length 1, in which the line runs and in which its glyphs stand, downwards.
func (l textLine) axes() (along, down geometry.Point) {
	along = l.end.Sub(l.start).Mul(1 / l.length())
	return along, geometry.Point{X: -along.Y, Y: along.X}
}

// same reports whether two lines run so alike that they read alike.
func (l textLine) same(m textLine) bool {
	near := sameLine * l.height
	return l.start.Dist(m.start) < near && l.end.Dist(m.end) < near && math.Abs(l.height-m.height) < near
}

// alongBelow returns a position in its reader's frame: how far along the direction of reading, and how far
// below. turn counts the quarter turns, clockwise, from reading rightwards.
func alongBelow(x, y float64, turn int) (along, below float64) {
	switch turn {
	case 1:
		return y, -x
	case 2:
		return -x, -y
	case 3:
		return -y, x
	}
	return x, y
}

// fromReader is the inverse of alongBelow, in pixels of the view.
func fromReader(along, below float64, turn int) geometry.Point {
	x, y := alongBelow(along, below, (4-turn)%4)
	return geometry.Point{X: x, Y: y}.Mul(cellSize)
}

// direction is a way in which digits may be read on a view, with the lines found in it, top to bottom.
type direction struct {
	turn     int
	strength float64 // of all its marks, in cells
	opposite float64 // strength of the direction that runs the other way
	lines    []textLine
	block    block // of several rows, where there seems to be one
	stacked  bool
}

// directions returns the ways in which digits can be read on a view, the most marked first.
func (r *run) directions(v *view, share float32) []direction {
	var all []direction
	for turn, m := range v.digits {
		all = append(all, direction{turn: turn, strength: sum(m.v), opposite: sum(v.digits[(turn+2)%4].v)})
	}
	order(all, func(a, b direction) int { return cmp.Compare(b.strength, a.strength) })
	first := all[0]
	all = slices.DeleteFunc(all, func(d direction) bool {
		opposite := d.turn == (first.turn+2)%4 // upside down is told last and least surely
		return first.strength < leastStrength || d.strength*clearTurn < first.strength && !opposite
	})
	for i := range all {
		m := r.marks(v, all[i].turn, share)
		all[i].lines = v.textLines(&m)
		all[i].block, all[i].stacked = v.block(&m)
	}
	return all
}

const (
	leastStrength = 4   // cells marked, below which nothing is read
	clearTurn     = 2.5 // a direction marked so much less than another is dropped
)

func sum(v []float32) (s float64) {
	for _, x := range v {
		s += float64(x)
	}
	return s
}

// marks returns the cells of a direction marked above a share of the peak.
func (r *run) marks(v *view, turn int, share float32) marks {
	m := grid{r.arena.Floats(len(v.digits[turn].v)), v.offset.w, v.offset.h}
	for i := range m.v { // which way up a line runs may be in doubt where it lies is not
		m.v[i] = v.digits[turn].v[i] + v.digits[(turn+2)%4].v[i]
	}
	fine := grid{r.arena.Floats(len(m.v) * fineness * fineness), m.w * fineness, m.h * fineness}
	m.enlarge(fine, fineness)
	level := float32(0)
	for _, x := range m.v {
		level = max(level, share*x)
	}
	return marks{turn, m, fine, r.connected(fine, max(level, leastLevel), leastCells)}
}

// textLines gathers the marks into lines, top to bottom.
func (v *view) textLines(m *marks) []textLine {
	turn := m.turn
	var pieces []piece
	for _, p := range m.parts[:min(len(m.parts), mostParts)] {
		for _, row := range v.rowsOf(p, m.fine, m.cells, turn) {
			pieces = append(pieces, v.fitPiece(row, m.fine, m.cells, turn))
		}
	}
	order(pieces, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	var lines []textLine
	for len(pieces) > 0 {
		line := pieces[0]
		rest := pieces[:0]
		for _, p := range pieces[1:] {
			if line.continues(&p) {
				line.join(&p)
			} else {
				rest = append(rest, p)
			}
		}
		pieces = rest
		lines = append(lines, line.textLine(turn))
	}
	order(lines, func(a, b textLine) int {
		_, y := alongBelow(a.start.X+a.end.X, a.start.Y+a.end.Y, turn)
		_, z := alongBelow(b.start.X+b.end.X, b.start.Y+b.end.Y, turn)
		return cmp.Compare(y, z)
	})
	return lines
}

// piece is a stretch of a line in its reader's frame, in cells.
type piece struct {
	from, to  float64
	centre    fit     // of the line that the cells point to
	logHeight float64 // weighted sum of the logarithm of the glyphs' height
	strength  float64 // weighted sum of the marks
}

const (
	voteStep   = 0.25 // cells between the bins that votes for a line's place are counted in
	voteBins   = 512  // that is 64 cells to either side of 0: turned, what lies below is negative
	leastPeak  = 0.25 // of the largest one, for votes to make a row
	deepValley = 0.7  // of the lesser peak beside it, below which votes part
	leastApart = 0.7  // in heights, the peaks of two rows
)

// rowsOf parts cells that hold several rows, close together, by where each cell says its row runs.
func (v *view) rowsOf(p part, fine, marks grid, turn int) []part {
	whole := v.fitPiece(p, fine, marks, turn)
	height := whole.height()
	var votes, smooth [voteBins]float64
	bin := func(c int32) int {
		x, y := int(c)%fine.w/fineness, int(c)/fine.w/fineness
		_, below := alongBelow(float64(x)+0.5, float64(y)+0.5, turn)
		below += math.Min(math.Max(float64(v.offset.v[y*v.offset.w+x]), -3), 3)
		return min(max(int(math.Floor(below/voteStep))+voteBins/2, 1), voteBins-2)
	}
	for _, c := range p.cells {
		m := float64(marks.v[int(c)/fine.w/fineness*v.offset.w+int(c)%fine.w/fineness])
		votes[bin(c)] += m * m
	}
	most := 0.0
	for i := 1; i < voteBins-1; i++ {
		smooth[i] = votes[i-1] + 2*votes[i] + votes[i+1]
		most = math.Max(most, smooth[i])
	}
	// Walk along the votes; a valley deep enough between two peaks is a border.
	var borders []int
	peak, valley, at, top := 0.0, math.Inf(1), 0, 0
	for i, x := range smooth {
		if x < valley {
			valley, at = x, i
		}
		switch {
		case peak < leastPeak*most || valley >= deepValley*peak:
			if x > peak {
				peak, valley, top = x, math.Inf(1), i
			}
		case x >= leastPeak*most && valley < deepValley*x && float64(i-top)*voteStep > leastApart*height:
			borders = append(borders, at)
			peak, valley, top = x, math.Inf(1), i
		}
	}
	if len(borders) == 0 {
		return []part{p}
	}
	rows := make([]part, len(borders)+1)
	for _, c := range p.cells {
		k, _ := slices.BinarySearch(borders, bin(c))
		rows[k].cells = append(rows[k].cells, c)
	}
	return slices.DeleteFunc(rows, func(p part) bool { return len(p.cells) < leastCells })
}

// fitPiece gathers what the cells of a part say.
func (v *view) fitPiece(part part, fine, marks grid, turn int) piece {
	p := piece{from: math.Inf(1), to: math.Inf(-1)}
	for _, c := range part.cells {
		fx, fy := int(c)%fine.w, int(c)/fine.w
		at, _ := alongBelow((float64(fx)+0.5)/fineness, (float64(fy)+0.5)/fineness, turn)
		p.from, p.to = math.Min(p.from, at-0.5/fineness), math.Max(p.to, at+0.5/fineness)
		cell := fy/fineness*v.offset.w + fx/fineness
		mark := float64(marks.v[cell])
		offset := math.Min(math.Max(float64(v.offset.v[cell]), -3), 3)
		height := math.Min(math.Max(float64(v.height.v[cell]), -1), 3)
		along, below := alongBelow(float64(fx/fineness)+0.5, float64(fy/fineness)+0.5, turn)
		p.centre.add(along, below+offset, mark*mark)
		p.logHeight += mark * mark * height
		p.strength += mark * mark * mark
	}
	return p
}

func (p *piece) height() float64 { return math.Exp(p.logHeight / p.centre.w) }

func (p *piece) below(along float64) float64 {
	offset, slope := p.centre.line()
	return offset + slope*along
}

// continues reports whether q, further along, lies on the line of p, with digits as high.
func (p *piece) continues(q *piece) bool {
	x, z := (q.from+q.to)/2, (p.from+p.to)/2
	high := math.Max(p.height(), q.height())
	apart := math.Min(math.Abs(p.below(x)-q.below(x)), math.Abs(p.below(z)-q.below(z)))
	return apart < alike*high && math.Abs(math.Log(p.height()/q.height())) < alikeHeight && q.from-p.to < clearGap*high
}

// join adds q to p.
func (p *piece) join(q *piece) {
	p.from, p.to = math.Min(p.from, q.from), math.Max(p.to, q.to)
	p.centre.w += q.centre.w
	p.centre.x += q.centre.x
	p.centre.y += q.centre.y
	p.centre.xx += q.centre.xx
	p.centre.xy += q.centre.xy
	p.logHeight += q.logHeight
	p.strength += q.strength
}

func (p *piece) textLine(turn int) textLine {
	return textLine{
		fromReader(p.from, p.below(p.from), turn), fromReader(p.to, p.below(p.to), turn),
		p.height() * cellSize, p.strength / p.centre.w,
	}
}
