package geometry

import "math"

// Quad is four corners in order: left-top, right-top, right-bottom, left-bottom of the upright card.
type Quad [4]Point

// Rect returns the axis-parallel quad from (x0, y0) to (x1, y1).
func Rect(x0, y0, x1, y1 float64) Quad {
	return Quad{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}
}

// SignedArea is positive when the corners run clockwise on the screen.
func (q Quad) SignedArea() float64 {
	var a float64
	for i := range q {
		a += q[i].Cross(q[(i+1)%4])
	}
	return a / 2
}

// Area returns the enclosed area in square pixels.
func (q Quad) Area() float64 { return math.Abs(q.SignedArea()) }

// Clockwise returns q with its corners in clockwise order, keeping the first one first.
func (q Quad) Clockwise() Quad {
	if q.SignedArea() >= 0 {
		return q
	}
	return Quad{q[0], q[3], q[2], q[1]}
}

// Convex reports whether q is strictly convex and simple, in either direction.
func (q Quad) Convex() bool {
	var positive, negative bool
	for i := range q {
		c := q[(i+1)%4].Sub(q[i]).Cross(q[(i+2)%4].Sub(q[(i+1)%4]))
		positive = positive || c > 0
		negative = negative || c < 0
		if c == 0 || c != c {
			return false
		}
	}
	return positive != negative
}

// Roll returns q with its corners renumbered so that corner k comes first: Roll(2) turns the card by 180°.
func (q Quad) Roll(k int) Quad {
	var r Quad
	for i := range r {
		r[i] = q[((i+k)%4+4)%4]
	}
	return r
}

// Center returns the mean of the corners.
func (q Quad) Center() Point {
	return q[0].Add(q[1]).Add(q[2]).Add(q[3]).Mul(0.25)
}

// Scale returns q with every coordinate multiplied by k.
func (q Quad) Scale(k float64) Quad {
	for i := range q {
		q[i] = q[i].Mul(k)
	}
	return q
}

// Translate returns q moved by d.
func (q Quad) Translate(d Point) Quad {
	for i := range q {
		q[i] = q[i].Add(d)
	}
	return q
}

// Grow returns q with every corner moved away from the centre by the factor k (1 keeps it).
func (q Quad) Grow(k float64) Quad {
	c := q.Center()
	for i := range q {
		q[i] = c.Add(q[i].Sub(c).Mul(k))
	}
	return q
}

// Bounds returns the smallest axis-parallel box around q.
func (q Quad) Bounds() (min, max Point) {
	min, max = q[0], q[0]
	for _, p := range q[1:] {
		min = Point{math.Min(min.X, p.X), math.Min(min.Y, p.Y)}
		max = Point{math.Max(max.X, p.X), math.Max(max.Y, p.Y)}
	}
	return min, max
}

// Sides returns the lengths of top, right, bottom and left.
func (q Quad) Sides() [4]float64 {
	var s [4]float64
	for i := range q {
		s[i] = q[i].Dist(q[(i+1)%4])
	}
	return s
}

// IoU returns the intersection over union of two convex quads, 0 to 1, by Sutherland–Hodgman clipping.
func (q Quad) IoU(r Quad) float64 {
	q, r = q.Clockwise(), r.Clockwise()
	var memory [2][8]Point // a clipped convex quad has at most eight corners; one that has more moves to the heap
	poly := q[:]
	for i := range r {
		poly = clip(memory[i%2][:0], poly, r[i], r[(i+1)%4])
		if len(poly) == 0 {
			return 0
		}
	}
	var inter float64
	for i := range poly {
		inter += poly[i].Cross(poly[(i+1)%len(poly)])
	}
	inter /= 2
	union := q.Area() + r.Area() - inter
	if union <= 0 {
		return 0
	}
	return inter / union
}

// clip appends to out the part of the polygon on the clockwise side of the line from a to b.
func clip(out, poly []Point, a, b Point) []Point {
	side := func(p Point) float64 { return b.Sub(a).Cross(p.Sub(a)) }
	for i, p := range poly {
		q := poly[(i+1)%len(poly)]
		sp, sq := side(p), side(q)
		if sp >= 0 {
			out = append(out, p)
		}
		if sp*sq < 0 {
			out = append(out, p.Lerp(q, sp/(sp-sq)))
		}
	}
	return out
}

// AspectID1 is a bank card's width over its height: 85.60 × 53.98 mm (ISO/IEC 7810, format ID-1).
const AspectID1 = 85.60 / 53.98
