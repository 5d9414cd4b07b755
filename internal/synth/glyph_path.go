// Paths: outlines and their exact rasterisation.

package synth

import "math"

// nib is a position in a glyph or a picture.
type nib struct{ x, y float32 }

// path is a set of closed contours. Overlapping contours of one sense join; a contour of the opposite sense cuts a
// hole.
type path [][]nib

// placing maps glyph units to pixels: x' = ox + sx·x + shear·y, y' = oy + sy·y.
type placing struct{ sx, sy, ox, oy, shear float32 }

func (p placing) to(v nib) nib { return nib{p.ox + p.sx*v.x + p.shear*v.y, p.oy + p.sy*v.y} }

// bounds returns the box around the path's points.
func (p path) bounds() (lo, hi nib) {
	lo, hi = nib{math.MaxFloat32, math.MaxFloat32}, nib{-math.MaxFloat32, -math.MaxFloat32}
	for _, c := range p {
		for _, v := range c {
			lo = nib{min(lo.x, v.x), min(lo.y, v.y)}
			hi = nib{max(hi.x, v.x), max(hi.y, v.y)}
		}
	}
	return lo, hi
}

// through returns the path with every point mapped.
func (p path) through(at placing) path {
	q := make(path, len(p))
	for i, c := range p {
		q[i] = make([]nib, len(c))
		for j, v := range c {
			q[i][j] = at.to(v)
		}
	}
	return q
}

// ink rasterises the path into f with exact area coverage, keeping the larger coverage where f is inked already. It
// accumulates signed areas per cell and sums along the rows (Levien, "Inside the fastest font renderer in the
// world", 2016).
func (f *sheet) ink(p path, at placing) {
	q := p.through(at)
	lo, hi := q.bounds()
	x0, y0 := max(int(math.Floor(float64(lo.x))), 0), max(int(math.Floor(float64(lo.y))), 0)
	x1, y1 := min(int(math.Ceil(float64(hi.x)))+1, f.w), min(int(math.Ceil(float64(hi.y)))+1, f.h)
	if x1 <= x0 || y1 <= y0 || !(hi.x-lo.x < 1e5) {
		return
	}
	cells := newSheet(x1-x0, y1-y0)
	a := areas{w: cells.w, h: cells.h, v: cells.v}
	for _, c := range q {
		for i, v := range c {
			n := c[(i+1)%len(c)]
			a.line(v.x-float32(x0), v.y-float32(y0), n.x-float32(x0), n.y-float32(y0))
		}
	}
	for y := range a.h {
		var s float32
		out := f.v[(y0+y)*f.w+x0:][:a.w]
		for x, d := range a.v[y*a.w:][:a.w] {
			s += d
			c := s
			if c < 0 {
				c = -c
			}
			out[x] = max(out[x], min(c, 1))
		}
	}
	cells.free()
}

// areas accumulates, for each cell of a small raster, the change of signed coverage that an outline causes there.
type areas struct {
	w, h int
	v    []float32
}

func (a *areas) line(x0, y0, x1, y1 float32) {
	if y0 == y1 {
		return
	}
	dir := float32(1)
	if y0 > y1 {
		dir, x0, y0, x1, y1 = -1, x1, y1, x0, y0
	}
	slope := (x1 - x0) / (y1 - y0)
	x := x0
	if y0 < 0 {
		x -= y0 * slope
		y0 = 0
	}
	for y := int(y0); y < a.h && float32(y) < y1; y++ {
		dy := min(float32(y+1), y1) - max(float32(y), y0)
		next := x + slope*dy
		a.span(y, x, next, dir*dy)
		x = next
	}
}

// span spreads the signed height d of an edge piece within row y, running from xa to xb, over the cells it crosses.
func (a *areas) span(y int, xa, xb, d float32) {
	if xa > xb {
		xa, xb = xb, xa
	}
	w := float32(a.w)
	xa, xb = min(max(xa, 0), w), min(max(xb, 0), w)
	row := a.v[y*a.w:]
	i, j := int(xa), int(xb)
	if i == j || xb-xa < 1e-6 {
		m := (xa+xb)/2 - float32(i)
		a.put(row, i, d*(1-m))
		a.put(row, i+1, d*m)
		return
	}
	per := d / (xb - xa)
	var given float32 // coverage already given to the cells left of the current one
	for c := i; c <= j; c++ {
		l, r := max(xa, float32(c)), min(xb, float32(c+1))
		// Area right of the edge within this cell, for the part of the edge inside it, plus all earlier parts.
		part := per * (r - l)
		cover := per*(l-xa) + part*(1-((l+r)/2-float32(c)))
		a.put(row, c, cover-given)
		given = cover
	}
	a.put(row, j+1, d-given)
}

func (a *areas) put(row []float32, i int, v float32) {
	if i < a.w {
		row[i] += v
	}
}

// stroke turns polylines into a path: a round-ended bar along every segment, all of one sense, so that they join.
func stroke(lines [][]nib, width float32) path {
	var p path
	for _, l := range lines {
		for i := 0; i+1 < len(l); i++ {
			p = append(p, bar(l[i], l[i+1], width/2))
		}
	}
	return p
}

// bar is the outline of the points within radius of the segment from a to b.
func bar(a, b nib, radius float32) []nib {
	const half = 6
	dir := math.Atan2(float64(b.y-a.y), float64(b.x-a.x))
	out := make([]nib, 0, 2*half+2)
	for end, c := range [2]nib{b, a} {
		start := dir - math.Pi/2 + float64(end)*math.Pi
		for i := range half + 1 {
			t := start + math.Pi*float64(i)/half
			out = append(out, nib{c.x + radius*float32(math.Cos(t)), c.y + radius*float32(math.Sin(t))})
		}
	}
	return out
}
