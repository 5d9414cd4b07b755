package geometry

import "math"

// Homography is a projective map of the plane, row by row; the last element need not be 1.
// See Hartley and Zisserman, Multiple View Geometry, section 2.3.
type Homography [9]float64

// Identity maps every point to itself.
var Identity = Homography{1, 0, 0, 0, 1, 0, 0, 0, 1}

// QuadToQuad returns the map that takes each corner of src to the same corner of dst.
// It reports false when either quad is degenerate (three corners on a line).
func QuadToQuad(src, dst Quad) (Homography, bool) {
	s, d := squareTo(src), squareTo(dst)
	inv, ok := s.Inverse()
	_, too := d.Inverse()
	return d.Compose(inv), ok && too
}

// squareTo maps the unit square's corners (0,0) (1,0) (1,1) (0,1) to q, in closed form
// (Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3). Where q is degenerate, the map has no
// inverse.
func squareTo(q Quad) Homography {
	d1, d2 := q[1].Sub(q[2]), q[3].Sub(q[2])
	s := q[0].Sub(q[1]).Add(q[2]).Sub(q[3])
	det := d1.Cross(d2)
	if math.Abs(det) < 1e-12*(1+d1.Norm()*d2.Norm()) {
		return Homography{}
	}
	g := s.Cross(d2) / det
	h := d1.Cross(s) / det
	return Homography{
		q[1].X - q[0].X + g*q[1].X, q[3].X - q[0].X + h*q[3].X, q[0].X,
		q[1].Y - q[0].Y + g*q[1].Y, q[3].Y - q[0].Y + h*q[3].Y, q[0].Y,
		g, h, 1,
	}
}

// Apply returns where h takes p. A point on the horizon gives infinities or NaN.
func (h Homography) Apply(p Point) Point {
	w := h[6]*p.X + h[7]*p.Y + h[8]
	return Point{(h[0]*p.X + h[1]*p.Y + h[2]) / w, (h[3]*p.X + h[4]*p.Y + h[5]) / w}
}

// ApplyQuad returns where h takes the four corners of q.
func (h Homography) ApplyQuad(q Quad) Quad {
	for i := range q {
		q[i] = h.Apply(q[i])
	}
	return q
}

// Compose returns the map that applies g first and then h.
func (h Homography) Compose(g Homography) Homography {
	var r Homography
	for i := range 3 {
		for j := range 3 {
			r[i*3+j] = h[i*3]*g[j] + h[i*3+1]*g[3+j] + h[i*3+2]*g[6+j]
		}
	}
	return r
}

// Inverse returns the map back. It reports false when h flattens the plane onto a line or a point.
func (h Homography) Inverse() (Homography, bool) {
	a, b, c, d, e, f, g, i, j := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]
	r := Homography{
		e*j - f*i, c*i - b*j, b*f - c*e,
		f*g - d*j, a*j - c*g, c*d - a*f,
		d*i - e*g, b*g - a*i, a*e - b*d,
	}
	det := a*r[0] + b*r[3] + c*r[6]
	var size float64
	for _, v := range h {
		size = math.Max(size, math.Abs(v))
	}
	if !(math.Abs(det) > 1e-15*size*size*size) { // nor NaN
		return Homography{}, false
	}
	for k := range r {
		r[k] /= det
	}
	return r, true
}
