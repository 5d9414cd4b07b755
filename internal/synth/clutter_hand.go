// Hands: fingers that hold a card by its edge, over its face or from behind.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// finger is a chain of tapered segments seen from above, in millimetres of the card's plane, from the tip on.
type finger struct {
	joints []geometry.Point
	radii  []float64
	skin   tint
	nail   bool
	lightX float64 // direction of the light across the finger
	lightY float64
	seed   float32
}

// hand draws the fingers of one grip: its skin and the light on it.
type hand struct {
	r              *rand.Rand
	skin           tint
	lightX, lightY float64
	behind, front  []finger
}

// drawHand returns what of the hands lies behind the card and what on its face. A thumb reaches at most a quarter of
// the card's width over the edge.
func drawHand(r *rand.Rand, wmm, hmm float64) (behind, front []finger) {
	h := &hand{r: r, skin: hsvTint(between(r, 0.03, 0.075), between(r, 0.25, 0.62), between(r, 0.25, 0.95)),
		lightX: between(r, -1, 1), lightY: between(r, -1, 1)}
	edge := r.IntN(4)
	if likely(r, 0.5) { // mostly from below, as cards are read
		edge = 2
	}
	h.grip(edge, wmm, hmm, between(r, 0.1, 0.9))
	switch {
	case likely(r, 0.25):
		h.grip((edge+1+r.IntN(3))%4, wmm, hmm, between(r, 0.1, 0.9))
	case likely(r, 0.4):
		h.tips((edge+2)%4, wmm, hmm)
	}
	return h.behind, h.front
}

// edgeAt returns a place on an edge of the card and the directions along and out of it, turned by a random angle.
func (h *hand) edgeAt(edge int, wmm, hmm, along, spread float64) (at, side, out geometry.Point) {
	q := geometry.Rect(-wmm/2, -hmm/2, wmm/2, hmm/2)
	a, b := q[edge], q[(edge+1)%4]
	s, c := math.Sincos(h.r.NormFloat64() * spread)
	side = b.Sub(a).Mul(1 / b.Dist(a))
	side = geometry.Point{X: side.X*c - side.Y*s, Y: side.X*s + side.Y*c}
	return a.Lerp(b, along), side, geometry.Point{X: side.Y, Y: -side.X}
}

// grip is a thumb on the face, fingers under the card, and the palm and forearm that they come from.
func (h *hand) grip(edge int, wmm, hmm, along float64) {
	r := h.r
	at, side, out := h.edgeAt(edge, wmm, hmm, along, 0.35)
	if likely(r, 0.5) {
		side = side.Mul(-1)
	}
	place := func(o, s float64) geometry.Point { return at.Add(out.Mul(o)).Add(side.Mul(s)) }
	deep, wide := between(r, 62, 90), between(r, -12, 26)
	h.behind = append(h.behind, h.chain(false, []float64{40, 33, 30, 40}, place(deep+8, wide), place(deep+45, wide), place(deep+90, wide+5), place(deep+420, wide+between(r, -80, 80))))
	for k := range 4 {
		off := wide - 30 + 19*float64(k)
		reach := between(r, -40, -4) - 4*float64(k%3)
		radius := between(r, 7, 9.5)
		h.behind = append(h.behind, h.chain(false, []float64{radius * 0.9, radius, radius * 1.1, radius * 1.25},
			place(reach, off+between(r, -4, 4)), place(reach+24, off), place(reach+52, off), place(deep-6, off*0.8+wide*0.2)))
	}
	tip, radius := between(r, 1, 15), between(r, 8.5, 11.5)
	bend := between(r, -6, 10)
	h.front = append(h.front, h.chain(likely(r, 0.85), []float64{radius * 0.86, radius, radius, radius * 1.5},
		place(radius-tip, 0), place(radius-tip+22, bend*0.4), place(radius-tip+50, bend), place(deep, wide*0.8)))
}

// tips are fingers that come round from behind and show their ends over the edge.
func (h *hand) tips(edge int, wmm, hmm float64) {
	first := between(h.r, -0.1, 0.5)
	for i := range 2 + h.r.IntN(3) {
		at, _, out := h.edgeAt(edge, wmm, hmm, first+0.24*float64(i), 0.15)
		radius, over := between(h.r, 7, 9.5), between(h.r, 2, 16)
		h.behind = append(h.behind, h.chain(false, []float64{radius * 0.86, radius, radius, radius},
			at.Add(out.Mul(over-radius)), at.Add(out.Mul(over-24)), at.Add(out.Mul(over-44)), at.Add(out.Mul(over-70))))
	}
}

func (h *hand) chain(nail bool, radii []float64, joints ...geometry.Point) finger {
	return finger{joints: joints, radii: radii, skin: near(h.r, h.skin, 0.03), nail: nail,
		lightX: h.lightX, lightY: h.lightY, seed: float32(between(h.r, 0, 400))}
}

// fingerReach is how far the contact shadow goes beyond a finger's outline, millimetres.
const fingerReach = 5

// paint draws the finger in the plane that m maps to pixels, over its contact shadow.
func (f *finger) paint(c *canvas, m geometry.Homography) {
	lo, hi := f.bounds()
	box := slab{w: hi.X - lo.X, h: hi.Y - lo.Y}
	centre := lo.Lerp(hi, 0.5)
	m = m.Compose(geometry.Homography{1, 0, centre.X, 0, 1, centre.Y, 0, 0, 1})
	s, ok := newScanner(m, c.w)
	if !ok {
		return
	}
	foot := float32(math.Sqrt(float64(s.footX * s.footY)))
	stride := 1.5 * max(s.footX, s.footY) // millimetres a step of a pixel may go
	bones := f.bones()
	box.rows(c, m, 0, func(y, x0, x1 int) {
		xs, ys := s.row(y, x0, x1)
		out := c.row(y)[3*x0 : 3*x1]
		for i := 0; i < len(xs); i++ {
			px, py := xs[i]+float32(centre.X), ys[i]+float32(centre.Y)
			t := bones.locate(px, py)
			if t.d > fingerReach {
				i += int((t.d - fingerReach) / stride) // nothing of the finger lies nearer
				continue
			}
			a := max(min(0.5-t.d/foot, 1), 0)
			p := out[3*i:][:3]
			if a < 1 {
				g := 1 - max(t.d, 0)/fingerReach
				g = 1 - 0.35*g*g
				p[0], p[1], p[2] = p[0]*g, p[1]*g, p[2]*g
			}
			if a == 0 {
				continue
			}
			if a > 0.5 {
				c.own(handID, x0+i, y)
			}
			col := f.colour(px, py, t)
			for ch := range p {
				p[ch] += (col[ch] - p[ch]) * a
			}
		}
	})
}

// colour is the lit skin, or nail, at a place on the finger.
func (f *finger) colour(px, py float32, t touch) tint {
	z := float32(math.Sqrt(float64(max(1-t.relX*t.relX-t.relY*t.relY, 0))))
	k := 0.5 + 0.5*z + 0.22*(t.relX*float32(f.lightX)+t.relY*float32(f.lightY)) // Lambert's law on a round section
	k *= 0.915 + 0.08*grainTile().at(px*5+f.seed, py*5) + 0.05*cloudTile().at(t.along*9+f.seed, t.side*2+100)
	col := f.skin
	if f.nail {
		col = nailed(col, t.along, t.side)
	}
	return col.times(k)
}

func (f *finger) bounds() (lo, hi geometry.Point) {
	lo, hi = f.joints[0], f.joints[0]
	for i, p := range f.joints {
		m := f.radii[i] + fingerReach
		lo = geometry.Point{X: math.Min(lo.X, p.X-m), Y: math.Min(lo.Y, p.Y-m)}
		hi = geometry.Point{X: math.Max(hi.X, p.X+m), Y: math.Max(hi.Y, p.Y+m)}
	}
	return lo, hi
}

// bone is a segment of a finger made ready for many questions.
type bone struct {
	x, y, dx, dy   float32 // start and extent
	inverse        float32 // 1 over the square of its length
	length, walked float32 // its own, and that of those before
	radius, growth float32 // at the start, and how much it changes over the bone
}

type skeleton []bone

func (f *finger) bones() skeleton {
	var all skeleton
	var walked float32
	for i := 0; i+1 < len(f.joints); i++ {
		a, d := f.joints[i], f.joints[i+1].Sub(f.joints[i])
		n := float32(d.Norm())
		all = append(all, bone{float32(a.X), float32(a.Y), float32(d.X), float32(d.Y), 1 / (n * n), n, walked,
			float32(f.radii[i]), float32(f.radii[i+1] - f.radii[i])})
		walked += n
	}
	return all
}

// touch says where a place lies with respect to a finger.
type touch struct {
	d          float32 // distance from the outline, millimetres, negative inside
	relX, relY float32 // offset from the axis as a share of the radius there
	along      float32 // from the tip's centre along the axis, in radii of the tip
	side       float32 // offset across the axis as a share of the radius, signed
}

func (s skeleton) locate(px, py float32) touch {
	best := touch{d: math.MaxFloat32}
	for i := range s {
		b := &s[i]
		ox, oy := px-b.x, py-b.y
		t := (ox*b.dx + oy*b.dy) * b.inverse
		tc := max(min(t, 1), 0)
		radius := b.radius + b.growth*tc
		ex, ey := ox-tc*b.dx, oy-tc*b.dy
		d := float32(math.Sqrt(float64(ex*ex+ey*ey))) - radius
		if d < best.d {
			best = touch{d, ex / radius, ey / radius, (b.walked + t*b.length) / s[0].radius, (b.dx*oy - b.dy*ox) / (b.length * radius)}
		}
	}
	return best
}

// nailed lightens the ellipse of the nail near the tip, with a pale rim.
func nailed(c tint, along, side float32) tint {
	u, v := (along-0.05)/0.72, side/0.62
	e := u*u + v*v
	if e > 1 {
		return c
	}
	n := tint{c[0]*1.12 + 0.03, c[1]*1.08 + 0.02, c[2]*1.1 + 0.02}
	if u < -0.62 {
		n = n.mix(tint{0.75, 0.7, 0.62}, 0.6)
	}
	return c.mix(n, min((1-e)*6, 1))
}
