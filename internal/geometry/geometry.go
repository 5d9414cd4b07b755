// Package geometry holds points, quadrilaterals and the projective maps between them.
//
// Conventions: x grows to the right and y downwards, in pixels unless said otherwise. A pixel's centre lies at
// (i+0.5, j+0.5); its top-left corner at (i, j). A Quad is ordered left-top, right-top, right-bottom, left-bottom of
// the upright card, which is clockwise as seen on the screen.
package geometry

import "math"

// Point is a position or a displacement in a picture.
type Point struct{ X, Y float64 }

// Add returns p + q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub returns p − q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Mul returns p scaled by k.
func (p Point) Mul(k float64) Point { return Point{p.X * k, p.Y * k} }

// Dot returns the scalar product of p and q.
func (p Point) Dot(q Point) float64 { return p.X*q.X + p.Y*q.Y }

// Cross returns the z component of p × q: positive when q lies clockwise of p on the screen.
func (p Point) Cross(q Point) float64 { return p.X*q.Y - p.Y*q.X }

// Norm returns the length of p.
func (p Point) Norm() float64 { return math.Hypot(p.X, p.Y) }

// Dist returns the distance between p and q.
func (p Point) Dist(q Point) float64 { return p.Sub(q).Norm() }

// Lerp returns the point at share t of the way from p to q.
func (p Point) Lerp(q Point, t float64) Point { return p.Add(q.Sub(p).Mul(t)) }

// Intersect returns where the line through p with direction d meets the line through q with direction e.
// It reports false when the two are parallel within about a tenth of a degree.
func Intersect(p, d, q, e Point) (Point, bool) {
	det := d.Cross(e)
	if math.Abs(det) < 2e-3*d.Norm()*e.Norm() {
		return Point{}, false
	}
	return p.Add(d.Mul(q.Sub(p).Cross(e) / det)), true
}
