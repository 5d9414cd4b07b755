// The camera: a pinhole looking at a plane, and the poses in which people hold cards before it.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// cardThickMM is the thickness of an ID-1 card in millimetres (ISO/IEC 7810).
const cardThickMM = 0.76

// vec is a direction or position in camera space: x right, y down, z away from the camera, millimetres.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec     { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) mul(k float64) vec { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) dot(b vec) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) unit() vec         { return a.mul(1 / math.Sqrt(a.dot(a))) }
func (a vec) reflect(n vec) vec { return a.add(n.mul(-2 * a.dot(n))) }

// pose places a plane before the camera: its origin is the card's centre, its axes right, down and away (the plane's
// normal, pointing from the card's face into its back).
type pose struct {
	origin            vec
	right, down, away vec
	focal, cx, cy     float64 // pinhole, in pixels
}

// view says how a card should lie in the frame.
type view struct {
	tilt, azimuth, roll float64 // radians
	fill                float64 // the larger of the card's extents over the frame's
	lens                float64 // focal length over the frame's longer side
	dx, dy              float64 // where in the free space, -1 to 1
}

// at returns where the camera sees the plane's point (x, y), z behind the card's face, all millimetres.
func (p *pose) at(x, y, z float64) geometry.Point {
	q := p.space(x, y, z)
	return geometry.Point{X: p.cx + p.focal*q.x/q.z, Y: p.cy + p.focal*q.y/q.z}
}

func (p *pose) space(x, y, z float64) vec {
	return p.origin.add(p.right.mul(x)).add(p.down.mul(y)).add(p.away.mul(z))
}

// plane returns the map from millimetres on the plane z behind the card's face to pixels.
func (p *pose) plane(z float64) geometry.Homography {
	o := p.space(0, 0, z)
	row := func(f, c float64, pick func(vec) float64) (a, b, d float64) {
		return f*pick(p.right) + c*p.right.z, f*pick(p.down) + c*p.down.z, f*pick(o) + c*o.z
	}
	x := func(v vec) float64 { return v.x }
	y := func(v vec) float64 { return v.y }
	a, b, c := row(p.focal, p.cx, x)
	d, e, f := row(p.focal, p.cy, y)
	return geometry.Homography{a, b, c, d, e, f, p.right.z, p.down.z, o.z}
}

// quad returns the corners of a card of wmm × hmm millimetres.
func (p *pose) quad(wmm, hmm float64) geometry.Quad {
	return geometry.Quad{p.at(-wmm/2, -hmm/2, 0), p.at(wmm/2, -hmm/2, 0), p.at(wmm/2, hmm/2, 0), p.at(-wmm/2, hmm/2, 0)}
}

// newPose finds the distance and offset at which a card of wmm × hmm looks as the view asks in a frame of w × h pixels.
func newPose(v view, wmm, hmm float64, w, h int) *pose {
	p := &pose{focal: v.lens * float64(max(w, h)), cx: float64(w) / 2, cy: float64(h) / 2}
	p.right, p.down, p.away = axes(v)
	p.origin = vec{0, 0, p.focal * math.Max(wmm, hmm) / (v.fill * float64(max(w, h)))}
	for range 6 {
		lo, hi := p.quad(wmm, hmm).Bounds()
		share := math.Max((hi.X-lo.X)/float64(w), (hi.Y-lo.Y)/float64(h))
		p.origin.z *= share / v.fill
		lo, hi = p.quad(wmm, hmm).Bounds()
		free := func(n, ext, d float64) float64 { return n/2 + d*math.Abs(n-ext)/2 }
		tx, ty := free(float64(w), hi.X-lo.X, v.dx), free(float64(h), hi.Y-lo.Y, v.dy)
		p.origin.x += (tx - (lo.X+hi.X)/2) * p.origin.z / p.focal
		p.origin.y += (ty - (lo.Y+hi.Y)/2) * p.origin.z / p.focal
	}
	return p
}

// axes turns the upright, fronto-parallel card in its plane by the roll and then tilts it about an axis in the image
// plane (Rodrigues' formula).
func axes(v view) (right, down, away vec) {
	k := vec{math.Cos(v.azimuth), math.Sin(v.azimuth), 0}
	s, c := math.Sincos(v.tilt)
	turn := func(a vec) vec {
		cross := vec{k.y*a.z - k.z*a.y, k.z*a.x - k.x*a.z, k.x*a.y - k.y*a.x}
		return a.mul(c).add(cross.mul(s)).add(k.mul(k.dot(a) * (1 - c)))
	}
	sr, cr := math.Sincos(v.roll)
	return turn(vec{cr, sr, 0}), turn(vec{-sr, cr, 0}), turn(vec{0, 0, 1})
}

// photoView draws a pose as people take them: mostly upright within a few degrees, often a quarter turn, sometimes any
// angle; tilts up to 45°; the card filling a quarter of the frame up to a little more than all of it.
func photoView(r *rand.Rand) view {
	v := view{
		tilt:    math.Min(math.Abs(r.NormFloat64())*17, 45) * math.Pi / 180,
		azimuth: between(r, 0, 2*math.Pi),
		lens:    between(r, 0.75, 1.9),
		dx:      between(r, -1, 1), dy: between(r, -1, 1),
	}
	switch x := r.Float64(); {
	case x < 0.55:
		v.roll = r.NormFloat64() * 9
	case x < 0.72:
		v.roll = r.NormFloat64()*9 + 90*float64(1+r.IntN(3))
	default:
		v.roll = between(r, 0, 360)
	}
	v.roll *= math.Pi / 180
	switch x := r.Float64(); {
	case x < 0.12:
		v.fill = between(r, 0.25, 0.45)
	case x < 0.92:
		v.fill = between(r, 0.42, 0.97)
	default:
		v.fill = between(r, 0.97, 1.12)
	}
	if likely(r, 0.5) {
		v.dx, v.dy = v.dx/3, v.dy/3
	}
	return v
}
