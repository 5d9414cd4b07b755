// Clarity: how well a person could still read each digit of a finished frame. The frame around a digit is explained,
// by least squares, as the mark that the digit makes on its card plus the card without it. What is left of the mark
// must stand out, at the scale of the digit's strokes, from everything else, and must not be blurred away.

package synth

import (
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
)

// A digit's clarity is 1 where the first of these is just met.
const (
	leastMark   = 4.0 // contrast of its strokes, root mean square, 8-bit levels
	leastStand  = .50 // the same over that of everything else at the scale of the strokes
	leastKept   = .50 // share of the strokes' steepness that blur leaves, across its worst direction
	leastPixels = 8.0 // height in the frame
)

// Clearness is the clarity of the number's least clear digit, 0 for a card without a number.
func (p *Placed) Clearness() float64 {
	if len(p.Clarity) == 0 {
		return 0
	}
	least := math.Inf(1)
	for _, row := range p.Clarity {
		least = min(least, slices.Min(row))
	}
	return least
}

// Legible reports whether a person could read the whole number; a card without one is not legible.
func (p *Placed) Legible() bool { return p.Clearness() >= 1 }

// judgeClarity fills p.Clarity from the finished frame.
func judgeClarity(p *Placed, frame *RGB) {
	for _, line := range p.Card.Lines {
		row := make([]float64, len(line.Glyphs))
		for i, g := range line.Glyphs {
			row[i] = glyphClarity(p, frame, g)
		}
		p.Clarity = append(p.Clarity, row)
	}
}

func glyphClarity(p *Placed, frame *RGB, g Glyph) float64 {
	w, h := 0.8*g.Height, 1.25*g.Height
	q := p.Map.ApplyQuad(geometry.Rect(g.Center.X-w/2, g.Center.Y-h/2, g.Center.X+w/2, g.Center.Y+h/2))
	lo, hi := q.Bounds()
	if !(lo.X > 0 && lo.Y > 0 && hi.X < float64(frame.Width) && hi.Y < float64(frame.Height)) {
		return 0
	}
	sides := q.Sides()
	tall := (sides[1] + sides[3]) / 2 * g.Height / h
	rows := int(math.Min(math.Max(math.Round(tall*h/g.Height), 8), 36))
	cols := int(float64(rows)*w/h + 0.5)
	cell := w / float64(cols) // card pixels a sample
	sub := max(int(math.Ceil(cell/1.5)), 1)
	seen, with, bare := newSheet(cols, rows), newSheet(cols, rows), newSheet(cols, rows)
	for y := range rows {
		for x := range cols {
			u, v := g.Center.X-w/2+(float64(x)+0.5)*cell, g.Center.Y-h/2+(float64(y)+0.5)*h/float64(rows)
			at := p.Map.Apply(geometry.Point{X: u, Y: v})
			i := y*cols + x
			seen.v[i] = lumaAt(frame, at.X, at.Y)
			with.v[i], bare.v[i] = p.Card.around(u, v, cell, sub)
		}
	}
	return min(explain(seen, with, bare, float32(rows)*float32(g.Height/h)*.14), tall/leastPixels)
}

// around returns the mean luma over a square of the card's picture, with its number and without.
func (c *Card) around(u, v, cell float64, sub int) (with, bare float32) {
	k := cell / float64(sub)
	for j := range sub {
		for i := range sub {
			x, y := u+(float64(i)+0.5)*k-cell/2, v+(float64(j)+0.5)*k-cell/2
			l := lumaAt(c.Picture, x, y)
			with += l
			if bx, by := x-float64(c.bareX), y-float64(c.bareY); c.bare != nil && bx >= 0 && by >= 0 && bx < float64(c.bare.Width) && by < float64(c.bare.Height) {
				l = lumaAt(c.bare, bx, by)
			}
			bare += l
		}
	}
	n := float32(sub * sub)
	return with / n, bare / n
}

// lumaAt samples the picture's luma bilinearly; the border goes on outside.
func lumaAt(p *RGB, x, y float64) float32 {
	x, y = math.Max(math.Min(x-0.5, float64(p.Width-1)), 0), math.Max(math.Min(y-0.5, float64(p.Height-1)), 0)
	i, j := int(x), int(y)
	i1, j1 := min(i+1, p.Width-1), min(j+1, p.Height-1)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	luma := func(i, j int) float32 {
		q := p.Pix[3*(j*p.Width+i):][:3]
		return .299*float32(q[0]) + .587*float32(q[1]) + .114*float32(q[2])
	}
	a := luma(i, j) + (luma(i1, j)-luma(i, j))*fx
	b := luma(i, j1) + (luma(i1, j1)-luma(i, j1))*fx
	return a + (b-a)*fy
}

// explain returns the clarity of a digit whose cell looks as seen; sigma is the scale of its strokes in samples.
func explain(seen, with, bare *sheet, sigma float32) float64 {
	mark := with.clone()
	for i, v := range bare.v {
		mark.v[i] -= v
	}
	fine, fineMark := seen.detail(sigma), mark.detail(sigma)
	a, rest := regress(fine, fineMark, bare.detail(sigma))
	left := a * rootMean(fineMark)
	return min(left/leastMark, left/(leastStand*max(rest, 1e-3)), kept(seen, mark, bare)/leastKept)
}

// kept compares the steepness that is left of the mark's edges, along x and along y, with what is left of the mark as a
// whole. A direction in which the digit has hardly an edge says nothing.
func kept(seen, mark, bare *sheet) float64 {
	whole, _ := regress(seen, mark, bare)
	if whole <= 1e-3 {
		return 0
	}
	across, down := mark.slope(1, 0), mark.slope(0, 1)
	x, y := rootMean(across), rootMean(down)
	least := 1.0
	if x > 0.4*y {
		a, _ := regress(seen.slope(1, 0), across, bare.slope(1, 0))
		least = min(least, a/whole)
	}
	if y > 0.4*x {
		a, _ := regress(seen.slope(0, 1), down, bare.slope(0, 1))
		least = min(least, a/whole)
	}
	return least
}

// slope is the difference between the samples dx to the right and dy below and those as far on the other side.
func (f *sheet) slope(dx, dy int) *sheet {
	g := newSheet(f.w-2*dx, f.h-2*dy)
	for y := range g.h {
		a, b := f.row(y + 2*dy)[2*dx:], f.row(y)
		for x := range g.w {
			g.v[y*g.w+x] = a[x] - b[x]
		}
	}
	return g
}

// regress finds the a of the a·x + b·y + c that comes nearest to f, and the root mean square of what a·x leaves of f but
// for its mean.
func regress(f, x, y *sheet) (a, rest float64) {
	n := float64(len(f.v))
	var sf, sx, sy, fx, fy, xx, yy, xy float64
	for i := range f.v {
		p, q, s := float64(x.v[i]), float64(y.v[i]), float64(f.v[i])
		sf, sx, sy = sf+s, sx+p, sy+q
		fx, fy, xx, yy, xy = fx+s*p, fy+s*q, xx+p*p, yy+q*q, xy+p*q
	}
	fx, fy, xx, yy, xy = fx-sf*sx/n, fy-sf*sy/n, xx-sx*sx/n, yy-sy*sy/n, xy-sx*sy/n
	if xx < 1e-9 {
		return 0, 0
	}
	det := xx*yy - xy*xy
	if det < 1e-3*xx*yy || yy < 1e-9 {
		a = fx / xx
	} else {
		a = (fx*yy - fy*xy) / det
	}
	var sum float64
	for i := range f.v {
		d := float64(f.v[i]) - sf/n - a*(float64(x.v[i])-sx/n)
		sum += d * d
	}
	return a, math.Sqrt(sum / n)
}

// rootMean is the root of the mean square.
func rootMean(s *sheet) float64 {
	var sum float64
	for _, v := range s.v {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(s.v)))
}
