package recognize

// Block: the rows of a number that takes several may lie too close for the card net to tell apart. It then marks one
// patch, as high as all of them together, and the rows are tried where a patch of that height has room for them.

import "math"

// block is a patch of digits in its reader's frame, in cells.
type block struct {
	from, to, top, bottom float64
	height                float64 // of a glyph
}

const (
	widestBlock = 11.0 // glyph heights: a row of eight digits
	sideways    = 0.5  // share of the narrower one's width that parts above each other have in common
	nearParts   = 2.5  // glyph heights between the parts of a block, at most
	leastPitch  = 1.2  // cells from row to row
	halfMarked  = 0.5  // of the most marked row, where a block begins and ends
)

// marks are the cells that the card net marks as digits of one direction, whichever way up.
type marks struct {
	turn  int
	cells grid // as the net has them
	fine  grid // fineness times as large
	parts []part
}

// block returns the patch around the largest part of the marks and those above and below it, and false where that is
// no block of rows.
func (v *view) block(m *marks) (block, bool) {
	if len(m.parts) == 0 {
		return block{}, false
	}
	largest := v.fitPiece(m.parts[0], m.fine, m.cells, m.turn)
	b := block{height: largest.height(), from: largest.from, to: largest.to}
	b.top, b.bottom = m.extent(m.parts[0])
	if b.to-b.from > widestBlock*b.height {
		return block{}, false
	}
	cells := append([]int32(nil), m.parts[0].cells...)
	for _, p := range m.parts[1:min(len(m.parts), mostParts)] {
		piece := v.fitPiece(p, m.fine, m.cells, m.turn)
		top, bottom := m.extent(p)
		common := math.Min(b.to, piece.to) - math.Max(b.from, piece.from)
		apart := math.Max(top-b.bottom, b.top-bottom)
		if common < sideways*math.Min(b.to-b.from, piece.to-piece.from) || apart > nearParts*b.height {
			continue
		}
		b.from, b.to = math.Min(b.from, piece.from), math.Max(b.to, piece.to)
		b.top, b.bottom = math.Min(b.top, top), math.Max(b.bottom, bottom)
		cells = append(cells, p.cells...)
	}
	if b.to-b.from > widestBlock*b.height {
		return block{}, false
	}
	b.top, b.bottom = m.edges(cells, b.top, b.bottom)
	return b, b.bottom-b.top > (1+nearestRows)*b.height
}

// extent returns where a part begins and ends from its reader's top to the bottom.
func (m *marks) extent(p part) (top, bottom float64) {
	top, bottom = math.Inf(1), math.Inf(-1)
	for _, c := range p.cells {
		_, below := m.place(c)
		top, bottom = math.Min(top, below-0.5/fineness), math.Max(bottom, below+0.5/fineness)
	}
	return top, bottom
}

// place returns the middle of a cell of the enlarged marks in its reader's frame.
func (m *marks) place(c int32) (along, below float64) {
	return alongBelow((float64(int(c)%m.fine.w)+0.5)/fineness, (float64(int(c)/m.fine.w)+0.5)/fineness, m.turn)
}

// edges returns where, between top and bottom, the marks of the cells rise above half of the most marked row and fall
// below it again.
func (m *marks) edges(cells []int32, top, bottom float64) (first, last float64) {
	rows := make([]float64, int((bottom-top)*fineness+1.5)+1)
	for _, c := range cells {
		_, below := m.place(c)
		rows[int((below-top)*fineness)+1] += float64(m.fine.v[c])
	}
	most := 0.0
	for _, x := range rows {
		most = math.Max(most, x)
	}
	most *= halfMarked
	first, last = top, bottom
	for i := 1; i < len(rows); i++ {
		if rows[i] >= most {
			first = top + (float64(i)-0.5-(rows[i]-most)/math.Max(rows[i]-rows[i-1], 1e-9))/fineness
			break
		}
	}
	for i := len(rows) - 2; i >= 0; i-- {
		if rows[i] >= most {
			last = top + (float64(i)-0.5+(rows[i]-most)/math.Max(rows[i]-rows[i+1], 1e-9))/fineness
			break
		}
	}
	return first, last
}

// rows returns the lines of n rows that fill the block, moved down by so many heights, and false where they don't fit.
func (b block) rows(n int, moved float64, turn int) ([]textLine, bool) {
	pitch := (b.bottom - b.top - b.height) / float64(n-1)
	if pitch < nearestRows*b.height {
		pitch = (b.bottom - b.top) / (float64(n-1) + 1/nearestRows)
		b.height = math.Min(b.height, pitch/nearestRows)
	}
	if pitch < leastPitch || pitch > farthestRows*b.height {
		return nil, false
	}
	var lines []textLine
	for i := range n {
		at := b.top + b.height/2 + float64(i)*pitch + moved*b.height
		lines = append(lines, textLine{
			start: fromReader(b.from, at, turn), end: fromReader(b.to, at, turn), height: b.height * cellSize, strength: 1,
		})
	}
	return lines, true
}

// readBlock returns the best number of several rows in the block, and of rows beyond it that go on as those in it.
func (r *run) readBlock(v *view, b block, turn int) (text, bool) {
	s := r.newStacking(v)
	for _, n := range []int{4, 2, 3} {
		for _, moved := range []float64{0, -0.2, 0.2} {
			lines, fits := b.rows(n, moved, turn)
			if !fits || r.spent() {
				break
			}
			s.try(lines, r.decodeRows(v, lines))
			if n < mostRows {
				s.climb(lines)
			}
		}
	}
	return s.surer()
}
