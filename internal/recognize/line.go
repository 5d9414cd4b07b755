package recognize

// Line: a net looks at the rectified card and marks where digits stand, in a map for each direction of reading; what is
// marked is gathered into lines of digits.

import (
	"cmp"
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

const (
	viewWidth, viewHeight = 192, 120 // the rectified card, in pixels
	digitLevel            = 0.4      // what the map must exceed to count as digits
	leastDigits           = 60       // pixels of a part of a line
	mostParts             = 4
	likeSides             = 1.18 // sides whose lengths differ by less may be the long or the short ones
	clearTurn             = 2.5  // one direction's map outweighs the other's so much that the other is dropped
)

// view is a rectified card: an upright picture and where its pixels lie in the frame.
type view struct {
	card    geometry.Quad // the card in the frame, its first corner left-top as the digits are read
	toFrame geometry.Homography
	lines   []textLine
	// strength is the sum of the digits' map, in cells.
	strength float64
}

// textLine is a line of digits in a view: its centre line, from the first glyph to the last, and its glyphs' height.
type textLine struct {
	start, end geometry.Point
	height     float64
}

func (l textLine) length() float64 { return l.start.Dist(l.end) }

// views returns the ways of looking at the quad in which digits can be seen, the likeliest first.
func (r *run) views(q geometry.Quad) []view {
	var views []view
	s := q.Sides()
	across, down := s[0]+s[2], s[1]+s[3]
	if across*likeSides > down {
		views = r.look(q, views)
	}
	if down*likeSides > across {
		views = r.look(q.Roll(1), views)
	}
	slices.SortStableFunc(views, func(a, b view) int { return cmp.Compare(b.strength, a.strength) })
	return views
}

// look rectifies the card with q's first side on top and appends the view in which its digits are upright; both ways
// up when they are hard to tell apart.
func (r *run) look(q geometry.Quad, views []view) []view {
	defer r.trace.enter("line")()
	toFrame, ok := geometry.QuadToQuad(geometry.Rect(0, 0, viewWidth, viewHeight), q)
	if !ok {
		return views
	}
	r.arena.Reset()
	in := r.arena.Tensor(1, viewHeight, viewWidth)
	w, h := r.frame.Size()
	warp(in.Data, nil, viewWidth, viewHeight, r.pyramid.luma, w, h, toFrame)
	standardise(in.Data, 0.03)
	out, err := r.engine.cardnet.Run(&r.arena, in)
	if err != nil {
		r.fail(err)
		return views
	}
	maps := neural.Sigmoid(&r.arena, out[0])
	upright, turned := sum(maps.Plane(0)), sum(maps.Plane(1))
	if upright*clearTurn > turned {
		views = append(views, view{q, toFrame, r.textLines(grid{maps.Plane(0), maps.Width, maps.Height}), upright})
	}
	if turned*clearTurn > upright {
		half := geometry.Homography{-1, 0, viewWidth, 0, -1, viewHeight, 0, 0, 1}
		m := maps.Plane(1)
		slices.Reverse(m)
		views = append(views, view{q.Roll(2), toFrame.Compose(half), r.textLines(grid{m, maps.Width, maps.Height}), turned})
	}
	return views
}

func sum(v []float32) (s float64) {
	for _, x := range v {
		s += float64(x)
	}
	return s
}

// textLines gathers the marked cells of a map into lines, the longest first.
func (r *run) textLines(m grid) []textLine {
	fine := grid{r.arena.Floats(viewWidth * viewHeight), viewWidth, viewHeight}
	m.enlarge(fine, cellSize)
	var pieces []piece
	for i, p := range r.connected(fine, digitLevel, leastDigits) {
		if i == mostParts {
			break
		}
		pieces = append(pieces, fitPiece(p, fine.w))
	}
	slices.SortFunc(pieces, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	var lines []textLine
	for len(pieces) > 0 {
		line := pieces[0]
		rest := pieces[:0]
		for _, p := range pieces[1:] {
			if line.continues(p) {
				line.to, line.thickness = math.Max(line.to, p.to), math.Max(line.thickness, p.thickness)
			} else {
				rest = append(rest, p)
			}
		}
		pieces = rest
		lines = append(lines, line.textLine())
	}
	slices.SortStableFunc(lines, func(a, b textLine) int { return cmp.Compare(b.length(), a.length()) })
	return lines
}

// piece is a connected stretch of a line: y = offset + slope·x for x from…to.
type piece struct{ from, to, offset, slope, thickness float64 }

func (p piece) y(x float64) float64 { return p.offset + p.slope*x }

func fitPiece(part part, w int) piece {
	var n, x, y, xx, xy float64
	p := piece{from: math.Inf(1), to: math.Inf(-1)}
	for _, c := range part.cells {
		px, py := float64(int(c)%w)+0.5, float64(int(c)/w)+0.5
		n++
		x += px
		y += py
		xx += px * px
		xy += px * py
		p.from, p.to = math.Min(p.from, px-0.5), math.Max(p.to, px+0.5)
	}
	p.offset = y / n
	if det := n*xx - x*x; p.to-p.from > 10 && det > 0 {
		p.slope = (n*xy - x*y) / det
		p.offset = (y - p.slope*x) / n
	}
	p.thickness = n / (p.to - p.from)
	return p
}

// continues reports whether q lies on the line of p.
func (p piece) continues(q piece) bool {
	x, z := (q.from+q.to)/2, (p.from+p.to)/2
	apart := math.Min(math.Abs(p.y(x)-q.y(x)), math.Abs(p.y(z)-q.y(z)))
	return apart < 0.7*math.Max(p.thickness, q.thickness)
}

func (p piece) textLine() textLine {
	return textLine{geometry.Point{X: p.from, Y: p.y(p.from)}, geometry.Point{X: p.to, Y: p.y(p.to)}, math.Max(p.thickness, 6) * 1.1}
}
