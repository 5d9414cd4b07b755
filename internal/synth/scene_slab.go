// Slabs: flat things with rounded corners lying on or held before a plane, drawn with exact coverage at their edges.
// Cards, phones, books, sheets, coins and pens are all slabs.

package synth

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// slab is a rounded rectangle of w × h millimetres with corner radius r, centred on the origin of its plane.
type slab struct {
	w, h, r float64
	skin    texture
	tilt    *sheet  // how far the face leans away from its plane, 0 to 1, spread over the whole slab; nil: flat
	rim     float32 // how much brighter (or darker) the outermost 0.3 mm are, as a factor less 1
	id      uint8   // whom the canvas names as the owner of the pixels that the slab covers
}

// scanner walks the pixels of a canvas row by row in the plane of a slab.
type scanner struct {
	inv        geometry.Homography
	footX      float32 // millimetres of the slab's x a pixel covers, at the centre
	footY      float32
	xs, ys, ds []float32 // plane position and signed distance to the edge, in pixels, negative inside
	rgb        []float32
}

func newScanner(toPixels geometry.Homography, width int) (*scanner, bool) {
	inv, ok := toPixels.Inverse()
	if !ok {
		return nil, false
	}
	s := &scanner{inv: inv, xs: make([]float32, width), ys: make([]float32, width), ds: make([]float32, width), rgb: make([]float32, 3*width)}
	c := toPixels.Apply(geometry.Point{})
	p, px, py := inv.Apply(c), inv.Apply(c.Add(geometry.Point{X: 1})), inv.Apply(c.Add(geometry.Point{Y: 1}))
	s.footX = float32(math.Hypot(px.X-p.X, py.X-p.X))
	s.footY = float32(math.Hypot(px.Y-p.Y, py.Y-p.Y))
	return s, true
}

// row fills xs and ys for the pixels x0..x1 of row y.
func (s *scanner) row(y, x0, x1 int) (xs, ys []float32) {
	h := &s.inv
	u, v := float64(x0)+0.5, float64(y)+0.5
	a, b, w := h[0]*u+h[1]*v+h[2], h[3]*u+h[4]*v+h[5], h[6]*u+h[7]*v+h[8]
	xs, ys = s.xs[:x1-x0], s.ys[:x1-x0]
	for i := range xs {
		k := 1 / w
		xs[i], ys[i] = float32(a*k), float32(b*k)
		a, b, w = a+h[0], b+h[3], w+h[6]
	}
	return xs, ys
}

// edge fills ds with each place's signed distance to the rounded rectangle's edge, in pixels.
func (s *scanner) edge(b *slab, xs, ys []float32) []float32 {
	ds := s.ds[:len(xs)]
	r := float32(b.r)
	hx, hy := float32(b.w/2)-r, float32(b.h/2)-r
	kx, ky := 1/s.footX, 1/s.footY
	k := float32(math.Sqrt(float64(kx * ky)))
	for i := range xs {
		dx, dy := abs32(xs[i])-hx, abs32(ys[i])-hy
		if dx > 0 && dy > 0 && r > 0 {
			d := float32(math.Sqrt(float64(dx*dx + dy*dy)))
			ds[i] = (d - r) * (dx*kx + dy*ky) / (dx + dy)
		} else if a, c := (dx-r)*kx, (dy-r)*ky; dx > 0 && dy > 0 {
			ds[i] = max(a, c, (dx+dy)*k*0.7)
		} else {
			ds[i] = max(a, c)
		}
	}
	return ds
}

func abs32(v float32) float32 { return float32(math.Abs(float64(v))) }

// rows calls do for each row that the slab, grown by margin millimetres, may touch, with the range of its pixels.
func (b *slab) rows(c *canvas, m geometry.Homography, margin float64, do func(y, x0, x1 int)) {
	q := m.ApplyQuad(geometry.Rect(-b.w/2-margin, -b.h/2-margin, b.w/2+margin, b.h/2+margin))
	lo, hi := q.Bounds()
	if !(hi.X-lo.X < 1e6 && hi.Y-lo.Y < 1e6) { // part of it lies behind the camera
		return
	}
	for y := max(int(lo.Y)-1, 0); y < min(int(hi.Y)+2, c.h); y++ {
		x0, x1 := crossing(q, float64(y))
		a, e := max(int(x0)-1, 0), min(int(x1)+2, c.w)
		if x1 >= x0 && e > a {
			do(y, a, e)
		}
	}
}

// frontier calls do like rows, but leaves out what lies so deep in the slab that its front face will cover it.
func (b *slab) frontier(c *canvas, m geometry.Homography, margin float64, do func(y, x0, x1 int)) {
	inset := math.Min(b.w, b.h) / 5
	inner := m.ApplyQuad(geometry.Rect(inset-b.w/2, inset-b.h/2, b.w/2-inset, b.h/2-inset))
	b.rows(c, m, margin, func(y, x0, x1 int) {
		a, e := crossing(inner, float64(y))
		if e-a < 20 || !(a < e) {
			do(y, x0, x1)
			return
		}
		left := min(max(int(a)+2, x0), x1)
		right := max(min(int(e)-2, x1), left)
		if left > x0 {
			do(y, x0, left)
		}
		if right < x1 {
			do(y, right, x1)
		}
	})
}

// crossing returns the range of x that the convex quad covers between rows y and y+1.
func crossing(q geometry.Quad, y float64) (x0, x1 float64) {
	x0, x1 = math.Inf(1), math.Inf(-1)
	see := func(x float64) { x0, x1 = math.Min(x0, x), math.Max(x1, x) }
	for i := range q {
		a, b := q[i], q[(i+1)%4]
		if a.Y > b.Y {
			a, b = b, a
		}
		lo, hi := math.Max(a.Y, y), math.Min(b.Y, y+1)
		if lo > hi {
			continue
		}
		at := func(v float64) float64 {
			if b.Y-a.Y < 1e-9 {
				return a.X
			}
			return a.X + (b.X-a.X)*(v-a.Y)/(b.Y-a.Y)
		}
		see(at(lo))
		see(at(hi))
		if b.Y-a.Y < 1e-9 {
			see(b.X)
		}
	}
	return x0, x1
}

// paint draws the slab where m takes its plane.
func (b *slab) paint(c *canvas, m geometry.Homography) {
	s, ok := newScanner(m, c.w)
	if !ok {
		return
	}
	rimPixels := 0.35 / float32(math.Sqrt(float64(s.footX*s.footY)))
	foot := float32(math.Sqrt(float64(s.footX * s.footY)))
	b.rows(c, m, float64(2*max(s.footX, s.footY)), func(y, x0, x1 int) {
		xs, ys := s.row(y, x0, x1)
		rgb := s.rgb[:3*len(xs)]
		b.skin.shade(rgb, xs, ys, foot)
		out := c.row(y)[3*x0 : 3*x1]
		for i, d := range s.edge(b, xs, ys) {
			if d > 0.5 {
				continue
			}
			p, q := rgb[3*i:][:3], out[3*i:][:3]
			if b.rim != 0 && -d < rimPixels+1 {
				k := 1 + b.rim*max(min(rimPixels+d+1, 1), 0)
				p[0], p[1], p[2] = p[0]*k, p[1]*k, p[2]*k
			}
			if d < 0 {
				c.own(b.id, x0+i, y)
			}
			if d <= -0.5 {
				copy(q, p)
				continue
			}
			a := 0.5 - d
			q[0] += (p[0] - q[0]) * a
			q[1] += (p[1] - q[1]) * a
			q[2] += (p[2] - q[2]) * a
		}
	})
}

// paintPlane covers the whole canvas with a texture lying in the plane that m maps to pixels.
func paintPlane(c *canvas, m geometry.Homography, t texture) {
	s, ok := newScanner(m, c.w)
	if !ok {
		clear(c.pix)
		return
	}
	foot := float32(math.Sqrt(float64(s.footX * s.footY)))
	for y := range c.h {
		xs, ys := s.row(y, 0, c.w)
		t.shade(c.row(y), xs, ys, foot)
	}
}

// extrude draws the visible side of a slab's thickness: its outline at a few depths, in one colour, without the inside
// that the front face will cover.
func (b *slab) extrude(c *canvas, p *pose, thick float64, side tint) {
	const layers = 4
	for k := layers; k >= 1; k-- {
		m := p.plane(thick * float64(k) / layers)
		s, ok := newScanner(m, c.w)
		if !ok {
			return
		}
		shade := side.times(1.1 - 0.25*float32(k)/layers)
		b.frontier(c, m, float64(2*max(s.footX, s.footY)), func(y, x0, x1 int) {
			xs, ys := s.row(y, x0, x1)
			out := c.row(y)[3*x0 : 3*x1]
			for i, d := range s.edge(b, xs, ys) {
				if d > 0.5 {
					continue
				}
				a := min(0.5-d, 1)
				for ch := range 3 {
					out[3*i+ch] += (shade[ch] - out[3*i+ch]) * a
				}
			}
		})
	}
}

// shadow darkens the canvas by up to depth where the slab, moved by (dx, dy) millimetres, keeps the light off; soft is
// the half width of its penumbra in millimetres.
func (b *slab) shadow(c *canvas, m geometry.Homography, dx, dy, soft, depth float64) {
	move := geometry.Homography{1, 0, dx, 0, 1, dy, 0, 0, 1}
	m = m.Compose(move)
	s, ok := newScanner(m, c.w)
	if !ok {
		return
	}
	wide := &slab{w: b.w, h: b.h, r: math.Min(math.Max(b.r, soft), math.Min(b.w, b.h)/2)}
	k := float32(math.Sqrt(float64(s.footX*s.footY)) / (2 * math.Max(soft, 0.05)))
	wide.rows(c, m, soft+1, func(y, x0, x1 int) {
		xs, ys := s.row(y, x0, x1)
		out := c.row(y)[3*x0 : 3*x1]
		for i, d := range s.edge(wide, xs, ys) {
			t := 0.5 - d*k
			if t <= 0 {
				continue
			}
			t = min(t, 1)
			g := 1 - float32(depth)*t*t*(3-2*t)
			out[3*i] *= g
			out[3*i+1] *= g
			out[3*i+2] *= g
		}
	})
}
