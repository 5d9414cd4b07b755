package recognize

// Outline: from a soft mask to the four-sided figure around its largest connected part.

import (
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
)

// grid is a map of w × h cells, row by row.
type grid struct {
	v    []float32
	w, h int
}

// at returns the bilinear value at (x, y), where cell (i, j) has its centre at (i+½, j+½); the edge repeats.
func (g grid) at(x, y float64) float64 {
	i, i1, fx := neighbours(x, g.w)
	j, j1, fy := neighbours(y, g.h)
	t := float64(g.v[j*g.w+i])*(1-fx) + float64(g.v[j*g.w+i1])*fx
	u := float64(g.v[j1*g.w+i])*(1-fx) + float64(g.v[j1*g.w+i1])*fx
	return t*(1-fy) + u*fy
}

// enlarge writes g, k times as large both ways and bilinearly smooth, into dst: at() of every cell's centre. dst is at most
// locatorSize wide.
func (g grid) enlarge(dst grid, k int) {
	var columns [locatorSize]struct {
		before, after int
		share         float64
	}
	for x := range dst.w {
		c := &columns[x]
		c.before, c.after, c.share = neighbours((float64(x)+0.5)/float64(k), g.w)
	}
	for y := range dst.h {
		j, j1, fy := neighbours((float64(y)+0.5)/float64(k), g.h)
		upper, lower := g.v[j*g.w:][:g.w], g.v[j1*g.w:][:g.w]
		row := dst.v[y*dst.w:][:dst.w]
		for x := range row {
			c := &columns[x]
			t := float64(upper[c.before])*(1-c.share) + float64(upper[c.after])*c.share
			u := float64(lower[c.before])*(1-c.share) + float64(lower[c.after])*c.share
			row[x] = float32(t*(1-fy) + u*fy)
		}
	}
}

// neighbours returns the two of n cells whose centres lie around x, and the second one's share; the edge repeats.
func neighbours(x float64, n int) (before, after int, share float64) {
	x -= 0.5 // no min and max of floats: they are calls in WebAssembly
	if !(x > 0) {
		x = 0
	}
	if last := float64(n - 1); x > last {
		x = last
	}
	i := int(x)
	return i, min(i+1, n-1), x - float64(i)
}

// part is a connected set of cells: indices into the grid it came from.
type part struct{ cells []int32 }

// connected appends to parts the 4-connected sets of cells above the threshold that have at least least cells, the
// largest first. mark and store have one entry a cell; they are scratch, and the parts lie in store.
func connected(parts []part, g grid, threshold float32, least int, mark []bool, store []int32) []part {
	mark = mark[:len(g.v)]
	markAbove(mark, g.v, threshold)
	for used, from := 0, 0; used < len(g.v); {
		cells := store[used:len(g.v):len(g.v)]
		cells = cells[:flood(cells, mark, g.w, from)]
		if len(cells) == 0 {
			break
		}
		used, from = used+len(cells), int(cells[0])+1
		if len(cells) >= least {
			parts = append(parts, part{cells})
		}
	}
	order(parts, func(a, b part) int { return len(b.cells) - len(a.cells) })
	return parts
}

// markGo tells of each value whether it exceeds a level.
func markGo(mark []bool, v []float32, level float32) {
	for i, v := range v {
		mark[i] = v > level
	}
}

// floodGo makes cells the next marked cell, from one on, and those that are connected with it over marked ones, whose marks it
// takes, and returns how many there are; 0 where none is left. w is the length of a row; there is room for all marked cells.
func floodGo(cells []int32, mark []bool, w, from int) int {
	for from < len(mark) && !mark[from] {
		from++
	}
	if from >= len(mark) {
		return 0
	}
	cells[0], mark[from] = int32(from), false
	count := 1
	for k := 0; k < count; k++ {
		c := int(cells[k])
		x := int(uint32(c) % uint32(w)) // unsigned: one instruction in WebAssembly
		visit := func(n int) {
			if mark[n] {
				mark[n] = false
				cells[count] = int32(n)
				count++
			}
		}
		if x > 0 {
			visit(c - 1)
		}
		if x+1 < w {
			visit(c + 1)
		}
		if c >= w {
			visit(c - w)
		}
		if c+w < len(mark) {
			visit(c + w)
		}
	}
	return count
}

// outliner draws the outlines of parts, in memory that it uses again.
type outliner struct {
	rows, columns       []ends
	border, hull, sides []geometry.Point
}

// ends are the first and the last cell of a row, or twice the first and the last point's y of a column.
type ends struct{ first, last int }

// around returns the four-sided figure around a part of a grid of width w.
func (o *outliner) around(p part, w int) (geometry.Quad, bool) {
	o.findHull(p, w)
	return o.enclosing(o.hull)
}

// findHull makes hull the convex hull of a part's cells, clockwise on the screen, by Andrew's monotone chain. Its points are
// the middles of the cells' outer sides, so that the hull neither gains nor loses half a cell all round. Only the first and
// the last cell of each row can lie on it, and of the points of a column, half a cell wide, the first and the last: so the
// points need no sorting.
func (o *outliner) findHull(p part, w int) {
	o.rows = o.rows[:0]
	for _, c := range p.cells {
		x, y := int(uint32(c)%uint32(w)), int(uint32(c)/uint32(w))
		for len(o.rows) <= y {
			o.rows = append(o.rows, ends{w, -1})
		}
		row := &o.rows[y]
		row.first, row.last = min(row.first, x), max(row.last, x)
	}
	o.columns = slices.Grow(o.columns[:0], 2*w+1)[:2*w+1]
	for i := range o.columns {
		o.columns[i] = ends{2*len(o.rows) + 1, -1}
	}
	for y, row := range o.rows {
		if row.last < 0 {
			continue
		}
		for _, x := range [...]int{row.first, row.last} {
			o.columns[2*x].include(2*y + 1)
			o.columns[2*x+1].include(2 * y)
			o.columns[2*x+1].include(2*y + 2)
			o.columns[2*x+2].include(2*y + 1)
		}
	}
	o.border = o.border[:0]
	for x, c := range o.columns {
		if c.last < 0 {
			continue
		}
		at := func(y int) geometry.Point { return geometry.Point{X: float64(x) / 2, Y: float64(y) / 2} }
		if o.border = append(o.border, at(c.first)); c.last != c.first {
			o.border = append(o.border, at(c.last))
		}
	}
	o.hull = o.hull[:0]
	for _, p := range o.border {
		o.hull = turnRight(o.hull, p, 0)
	}
	floor := len(o.hull) - 1
	for i := len(o.border) - 2; i >= 0; i-- {
		o.hull = turnRight(o.hull, o.border[i], floor)
	}
	o.hull = o.hull[:len(o.hull)-1]
}

func (e *ends) include(v int) { e.first, e.last = min(e.first, v), max(e.last, v) }

// turnRight appends p to a chain after dropping the points, above floor, at which it would not turn right.
func turnRight(chain []geometry.Point, p geometry.Point, floor int) []geometry.Point {
	for len(chain) >= floor+2 {
		a, b := chain[len(chain)-2], chain[len(chain)-1]
		if b.Sub(a).Cross(p.Sub(b)) > 0 {
			break
		}
		chain = chain[:len(chain)-1]
	}
	return append(chain, p)
}

// enclosing drops sides of a convex polygon until four are left, each time the one whose loss adds the least area when
// its neighbours are prolonged until they meet. Rounded and cut-off corners are so restored to sharp ones. It reports
// false when that can't be done.
func (o *outliner) enclosing(polygon []geometry.Point) (geometry.Quad, bool) {
	o.sides = append(o.sides[:0], polygon...)
	p := o.sides
	for len(p) > 4 {
		best, at, tip := math.Inf(1), -1, geometry.Point{}
		n := len(p)
		for i := range p {
			a, b := p[i], p[(i+1)%n]
			before, after := a.Sub(p[(i+n-1)%n]), p[(i+2)%n].Sub(b)
			if before.Cross(after) <= 0 {
				continue // the neighbours part: they would meet on the other side
			}
			q, ok := geometry.Intersect(a, before, b, after)
			if !ok {
				continue
			}
			if area := math.Abs(q.Sub(a).Cross(b.Sub(a))); area < best {
				best, at, tip = area, i, q
			}
		}
		if at < 0 {
			return geometry.Quad{}, false
		}
		p[at] = tip
		p = slices.Delete(p, (at+1)%n, (at+1)%n+1)
	}
	if len(p) != 4 {
		return geometry.Quad{}, false
	}
	q := geometry.Quad{p[0], p[1], p[2], p[3]}.Clockwise()
	return q, q.Convex()
}
