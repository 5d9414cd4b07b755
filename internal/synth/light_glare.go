// Glare: the room that a card's glossy face mirrors. Lamps and windows stand at directions in space; each place on the
// card reflects the view there, so that glare has the shapes and the drift over the card that people see.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// lamp is a bright shape in the room, a rounded rectangle in the plane of directions (x/|z|, y/|z|) that the reflected
// rays meet; a window has bars.
type lamp struct {
	x, y, w, h float64 // centre and half sizes, as tangents
	sin, cos   float64 // its turn
	soft       float64 // blur of its edge by the card's roughness
	radiance   tint
	bars       bool
}

// room is what a glossy face mirrors.
type room struct {
	lamps  []lamp
	base   tint    // the mean of the walls
	wave   float64 // unevenness of the face: tangents of its normal's drift
	bend   float64 // curvature of the whole card, tangent at its edge
	shift  float32
	mirror float64 // share reflected at normal incidence
}

// drawRoom draws a room whose lamps show in the card's face as often as in people's pictures: seldom, but then strongly.
func drawRoom(r *rand.Rand, p *pose, wmm, hmm float64, glare bool) *room {
	m := &room{
		base: hsvTint(between(r, 0.05, 0.65), between(r, 0, 0.3), between(r, 0.2, 0.9)),
		wave: between(r, 0, 0.012), bend: r.NormFloat64() * 0.015,
		shift: float32(between(r, 0, tileSize)), mirror: between(r, 0.015, 0.06),
	}
	if !glare {
		return m
	}
	for range 1 + r.IntN(3) {
		at := p.mirrored(between(r, -0.6, 0.6)*wmm, between(r, -0.6, 0.6)*hmm, vec{})
		s, c := math.Sincos(between(r, 0, math.Pi))
		l := lamp{x: at.x, y: at.y, sin: s, cos: c, soft: math.Exp(between(r, math.Log(0.015), math.Log(0.15)))}
		power := math.Exp(between(r, math.Log(0.15), math.Log(3))) / m.mirror
		switch r.IntN(3) {
		case 0: // a bulb or a flash
			l.w = between(r, 0.005, 0.05)
			l.h = l.w
		case 1: // a tube
			l.w, l.h = between(r, 0.1, 0.6), between(r, 0.005, 0.03)
		case 2: // a window
			l.w, l.h = between(r, 0.05, 0.35), between(r, 0.05, 0.35)
			l.bars = likely(r, 0.5)
			power *= 0.5
		}
		hue := hsvTint(between(r, 0, 1), between(r, 0, 0.2), 1)
		l.radiance = hue.times(float32(power))
		m.lamps = append(m.lamps, l)
	}
	return m
}

// mirrored returns the direction, scaled to z = -1, in which the face's point (x, y) reflects the camera's ray; tilt is
// a small change of the normal.
func (p *pose) mirrored(x, y float64, tilt vec) vec {
	ray := p.space(x, y, 0).unit()
	d := ray.reflect(p.away.add(tilt).unit())
	return d.mul(1 / math.Max(-d.z, 0.05))
}

// seen returns the light from direction d (z = -1).
func (m *room) seen(d vec) tint {
	c := m.base
	for i := range m.lamps {
		if k := m.lamps[i].cover(d); k > 0 {
			for ch := range c {
				c[ch] += float32(k) * m.lamps[i].radiance[ch]
			}
		}
	}
	return c
}

func (l *lamp) cover(d vec) float64 {
	dx, dy := d.x-l.x, d.y-l.y
	u, v := math.Abs(dx*l.cos+dy*l.sin), math.Abs(dy*l.cos-dx*l.sin)
	edge := math.Hypot(math.Max(u-l.w, 0), math.Max(v-l.h, 0))
	if edge == 0 {
		edge = math.Max(u-l.w, v-l.h)
	}
	t := edge / l.soft
	k := 1 / (1 + math.Exp(3*t))
	if t > 0 {
		k += 0.03 / (1 + t*t/9) // the haze of fine scratches
	}
	if l.bars {
		bar := math.Min(u, v) - 0.12*l.w
		k *= 1 / (1 + math.Exp(-6*bar/l.soft))
	}
	return k
}

// glare adds the mirrored room to the slab's face.
func (m *room) glare(c *canvas, b *slab, p *pose) {
	toPixels := p.plane(0)
	s, ok := newScanner(toPixels, c.w)
	if !ok {
		return
	}
	grid := m.reflections(c, b, p, s.inv)
	gain := func(x, y int) tint { // the grid interpolated at a pixel
		i, j := x/lightStep, y/lightStep
		fx, fy := float32(x%lightStep)/lightStep, float32(y%lightStep)/lightStep
		g := grid.rgb[j*grid.cols+i:]
		h := grid.rgb[(j+1)*grid.cols+i:]
		return g[0].mix(g[1], fx).mix(h[0].mix(h[1], fx), fy)
	}
	halfW, halfH := float32(b.w/2), float32(b.h/2)
	var tiltX, tiltY float32 // samples of tilt a millimetre
	if b.tilt != nil {
		tiltX, tiltY = float32(b.tilt.w)/float32(b.w), float32(b.tilt.h)/float32(b.h)
	}
	b.rows(c, toPixels, 0, func(y, x0, x1 int) {
		xs, ys := s.row(y, x0, x1)
		out := c.row(y)[3*x0 : 3*x1]
		for i, d := range s.edge(b, xs, ys) {
			if d > 0.5 {
				continue
			}
			a := min(0.5-d, 1)
			if b.tilt != nil { // flanks of embossed digits mirror something else
				a *= 1 - 0.9*b.tilt.at((xs[i]+halfW)*tiltX, (ys[i]+halfH)*tiltY)
			}
			g := gain(x0+i, y)
			out[3*i] += a * g[0]
			out[3*i+1] += a * g[1]
			out[3*i+2] += a * g[2]
		}
	})
}

// reflections computes the mirrored light at the grid's nodes over the slab, with Schlick's approximation of Fresnel's
// equations (Schlick 1994).
func (m *room) reflections(c *canvas, b *slab, p *pose, inv geometry.Homography) *nodes {
	grid := newNodes(c.w, c.h)
	noise := cloudTile()
	lo, hi := p.quad(b.w, b.h).Bounds()
	for j := max(int(lo.Y)/lightStep-1, 0); j < min(int(hi.Y)/lightStep+3, grid.rows); j++ {
		for i := max(int(lo.X)/lightStep-1, 0); i < min(int(hi.X)/lightStep+3, grid.cols); i++ {
			q := inv.Apply(geometry.Point{X: float64(i * lightStep), Y: float64(j * lightStep)})
			u, v := float32(q.X)*0.5+m.shift, float32(q.Y)*0.5
			dx := m.wave*float64(noise.at(u, v)-0.5)*2 + m.bend*q.X/b.w*2
			dy := m.wave * float64(noise.at(u+200, v)-0.5) * 2
			d := p.mirrored(q.X, q.Y, p.right.mul(dx).add(p.down.mul(dy)))
			cos := math.Abs(p.space(q.X, q.Y, 0).unit().dot(p.away))
			f := m.mirror + (1-m.mirror)*math.Pow(1-cos, 5)
			grid.set(i, j, m.seen(d).times(float32(f)))
		}
	}
	return grid
}
