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

// enlarge writes g, k times as large both ways and bilinearly smooth, into dst: at() of every cell's centre.
func (g grid) enlarge(dst grid, k int) {
	for y := range dst.h {
		j, j1, fy := neighbours((float64(y)+0.5)/float64(k), g.h)
		upper, lower := g.v[j*g.w:][:g.w], g.v[j1*g.w:][:g.w]
		row := dst.v[y*dst.w:][:dst.w]
		for x := range row {
			i, i1, fx := neighbours((float64(x)+0.5)/float64(k), g.w)
			t := float64(upper[i])*(1-fx) + float64(upper[i1])*fx
			u := float64(lower[i])*(1-fx) + float64(lower[i1])*fx
			row[x] = float32(t*(1-fy) + u*fy)
		}
	}
}

// neighbours returns the two of n cells whose centres lie around x, and the second one's share; the edge repeats.
func neighbours(x float64, n int) (before, after int, share float64) {
	x = min(max(x-0.5, 0), float64(n-1))
	i := int(x)
	return i, min(i+1, n-1), x - float64(i)
}

// part is a connected set of cells: indices into the grid it came from.
type part struct{ cells []int32 }

// connected appends to parts the 4-connected sets of cells above the threshold that have at least least cells, the
// largest first. mark and store have one entry a cell; they are scratch, and the parts lie in store.
func connected(parts []part, g grid, threshold float32, least int, mark []bool, store []int32) []part {
	for i, v := range g.v {
		mark[i] = v > threshold
	}
	used := 0
	for seed := range g.v {
		if !mark[seed] {
			continue
		}
		mark[seed] = false
		cells := append(store[used:used:len(g.v)], int32(seed))
		for k := 0; k < len(cells); k++ {
			c := int(cells[k])
			x := c % g.w
			visit := func(n int) {
				if mark[n] {
					mark[n] = false
					cells = append(cells, int32(n))
				}
			}
			if x > 0 {
				visit(c - 1)
			}
			if x+1 < g.w {
				visit(c + 1)
			}
			if c >= g.w {
				visit(c - g.w)
			}
			if c+g.w < len(g.v) {
				visit(c + g.w)
			}
		}
		used += len(cells)
		if len(cells) >= least {
			parts = append(parts, part{cells})
		}
	}
	order(parts, func(a, b part) int { return len(b.cells) - len(a.cells) })
	return parts
}

// outliner draws the outlines of parts, in memory that it uses again.
type outliner struct {
	rows                []ends
	border, hull, sides []geometry.Point
}

// ends are the first and the last cell of a row.
type ends struct{ first, last int }

// around returns the four-sided figure around a part of a grid of width w.
func (o *outliner) around(p part, w int) (geometry.Quad, bool) {
	o.findHull(p, w)
	return o.enclosing(o.hull)
}

// findHull makes hull the convex hull of a part's cells, clockwise on the screen. Its points are the middles of the
// cells' outer sides, so that the hull neither gains nor loses half a cell all round. Only the first and the last cell of
// each row can lie on it.
func (o *outliner) findHull(p part, w int) {
	o.rows = o.rows[:0]
	for _, c := range p.cells {
		x, y := int(c)%w, int(c)/w
		for len(o.rows) <= y {
			o.rows = append(o.rows, ends{w, -1})
		}
		row := &o.rows[y]
		row.first, row.last = min(row.first, x), max(row.last, x)
	}
	o.border = o.border[:0]
	for row, e := range o.rows {
		if e.last < 0 {
			continue
		}
		for _, end := range [...]int{e.first, e.last} {
			x, y := float64(end), float64(row)
			o.border = append(o.border, geometry.Point{X: x, Y: y + 0.5}, geometry.Point{X: x + 1, Y: y + 0.5},
				geometry.Point{X: x + 0.5, Y: y}, geometry.Point{X: x + 0.5, Y: y + 1})
		}
	}
	o.hull = convexHull(o.hull[:0], o.border)
}

// convexHull appends to hull, which is empty, the hull of points, clockwise on the screen. It reorders points.
// Andrew's monotone chain.
func convexHull(hull, points []geometry.Point) []geometry.Point {
	slices.SortFunc(points, func(a, b geometry.Point) int {
		switch {
		case a.X < b.X || a.X == b.X && a.Y < b.Y:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	points = slices.Compact(points)
	if len(points) < 3 {
		return append(hull, points...)
	}
	for _, p := range points {
		hull = turnRight(hull, p, 0)
	}
	floor := len(hull) - 1
	for i := len(points) - 2; i >= 0; i-- {
		hull = turnRight(hull, points[i], floor)
	}
	return hull[:len(hull)-1]
}

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
