package recognize

// Shape: a card is a flat rectangle of known proportions, so a camera can make few quads of one. A parallelogram may be
// some tilted card in the distance; near the camera its sides would have to run together.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// camera is what took a frame, as far as it is known: its axis meets the frame in the middle, or, where the frame was cut out
// of a larger one, maybe where the card is. Side is the frame's longer one. Both are in the units of the quads that are
// asked about.
type camera struct {
	middle geometry.Point
	side   float64
}

// focals are focal lengths of phones, webcams and scanners, cropped pictures included, in units of the frame's longer side.
var focals = [...]float64{0.75, 1, 1.4, 1.9, 3}

const (
	offTolerance  = 0.02 // how far, as a share of the card's half size, the corners of an outline well seen may be off,
	cellTolerance = 0.4  // and so many cells where they were found in the locator's maps
	leanTolerance = 0.5  // the sine of the angle at which people often let a card lean
	oddest        = 6.0  // where odder means no more
)

// camera returns the one that took the frame.
func (r *run) camera() camera {
	w, h := r.frame.Size()
	return camera{geometry.Point{X: float64(w) / 2, Y: float64(h) / 2}, float64(max(w, h))}
}

// oddity is how unlike a card before the camera the quad is, whose corners may be wrong by blur: 0 for one seen from
// straight above, 1 for one that leans by 30° or is not quite the right shape, up to oddest.
func (c camera) oddity(q geometry.Quad, blur float64) float64 {
	center, ok := geometry.Intersect(q[0], q[2].Sub(q[0]), q[1], q[3].Sub(q[1]))
	if !ok {
		return oddest
	}
	tolerance := math.Hypot(offTolerance, blur/math.Sqrt(q.Area()))
	odd := oddest
	for _, focal := range focals {
		for _, axis := range [...]geometry.Point{c.middle, center} {
			off, lean := facing(q, center, axis, focal*c.side).asCard()
			off, lean = off/tolerance, lean/leanTolerance
			odd = math.Min(odd, off*off+lean*lean)
		}
	}
	return odd
}

// parallelogram is a quad whose diagonals cross on the camera's axis, in units of the distance from there: half its sides a
// and b, and by how much the distance grows along each of them. Its corners are (±a ± b) / (1 ± deepenA ± deepenB).
type parallelogram struct {
	a, b             geometry.Point
	deepenA, deepenB float64
}

// facing returns what the quad would be for a camera with such an axis, turned to where the quad's diagonals cross.
func facing(q geometry.Quad, center, axis geometry.Point, focal float64) parallelogram {
	o := center.Sub(axis).Mul(1 / focal)
	m := math.Hypot(1, o.X)
	n := math.Hypot(m, o.Y)
	var far [4]float64
	for i, p := range q {
		p = p.Sub(axis).Mul(1 / focal)
		depth := (p.Dot(o) + 1) / n
		q[i] = geometry.Point{X: (p.X - o.X) / m, Y: (p.Y*m*m - o.Y - p.X*o.X*o.Y) / (n * m)}.Mul(1 / depth)
		far[i] = q[i].Norm()
	}
	sum, difference := (far[0]-far[2])/(far[0]+far[2]), (far[3]-far[1])/(far[3]+far[1])
	s, d := q[2].Mul(1+sum), q[1].Mul(1+difference)
	return parallelogram{s.Add(d).Mul(0.5), s.Sub(d).Mul(0.5), (sum + difference) / 2, (sum - difference) / 2}
}

// asCard returns how far the corners are from those of a card whose sides lie so, as a share of its half size, and the
// sine of the angle at which that card leans.
//
// With h the half sides of a card one unit away, a/h and b/h are where its two axes point, but for the depth of either: x
// and y. These follow from the axes being of one length and at right angles: (x + iy)² = |b/h|² − |a/h|² − 2i·a/h·b/h.
func (p parallelogram) asCard() (off, lean float64) {
	off = math.Inf(1)
	for _, h := range [2][2]float64{{geometry.AspectID1, 1}, {1, geometry.AspectID1}} {
		a, b := p.a.Mul(1/h[0]), p.b.Mul(1/h[1])
		re, im := b.Dot(b)-a.Dot(a), -2*a.Dot(b)
		size := math.Hypot(re, im)
		x, y := math.Sqrt(math.Max(size+re, 0)/2), math.Sqrt(math.Max(size-re, 0)/2)
		if im < 0 {
			y = -y
		}
		d := math.Min(math.Hypot(p.deepenA-h[0]*x, p.deepenB-h[1]*y), math.Hypot(p.deepenA+h[0]*x, p.deepenB+h[1]*y))
		if d < off {
			off, lean = d, math.Sqrt((x*x+y*y)/(a.Dot(a)+x*x))
		}
	}
	return off, lean
}

// completions returns what the quad would be if one of its sides were laid wrongly, too far out or too far in, for each of
// them that can mend it.
func (c camera) completions(q geometry.Quad) (found []geometry.Quad) {
	for range q {
		for _, step := range []float64{1 / 1.03, 1.03} {
			least, best := leastOdd, q
			for t := step; t > 0.55 && t < 1.9; t *= step {
				p := q
				p[2], p[3] = q[1].Lerp(q[2], t), q[0].Lerp(q[3], t)
				if odd := c.oddity(p, 0); odd < least {
					least, best = odd, p
				}
			}
			if best != q {
				found = append(found, best)
			}
		}
		q = q.Roll(1)
	}
	return found
}

const (
	leastOdd  = 1.0  // oddity of an outline of which a side may have been laid wrongly; what mends it has less
	hardlyOdd = 1.5  // oddity of one that still is as good as any
	oddCosts  = 0.02 // of what is seen of the sides, for each beyond that
)

// odd reports whether a side of the outline may have been laid wrongly.
func (r *run) odd(q geometry.Quad) bool { return r.camera().oddity(q, 0) > leastOdd }

// likely is what the outline's shape leaves of what is seen of its sides.
func (r *run) likely(q geometry.Quad) float64 {
	return 1 - oddCosts*math.Max(r.camera().oddity(q, 0)-hardlyOdd, 0)
}
