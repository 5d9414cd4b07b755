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

// drawHand returns the fingers that lie behind the card and those on its face. A thumb reaches at most a quarter of the
// card's width over the edge.
func drawHand(r *rand.Rand, wmm, hmm float64) (behind, front []finger) {
	skin := hsvTint(between(r, 0.03, 0.075), between(r, 0.25, 0.62), between(r, 0.25, 0.95))
	lx, ly := between(r, -1, 1), between(r, -1, 1)
	place := func(edge int, along, reach, radius, length float64, nail bool) finger {
		q := geometry.Rect(-wmm/2, -hmm/2, wmm/2, hmm/2)
		a, b := q[edge], q[(edge+1)%4]
		side := b.Sub(a).Mul(1 / b.Dist(a))
		out := geometry.Point{X: side.Y, Y: -side.X}
		s, c := math.Sincos(r.NormFloat64() * 0.45)
		dir := geometry.Point{X: out.X*c - out.Y*s, Y: out.X*s + out.Y*c}
		tip := a.Lerp(b, along).Add(dir.Mul(-reach))
		f := finger{skin: near(r, skin, 0.05), nail: nail, lightX: lx, lightY: ly, seed: float32(between(r, 0, 400))}
		bend := r.NormFloat64() * 0.12
		for i, at := range []float64{0, 0.28, 0.6, 1} {
			turn := bend * float64(i*i) / 2
			s, c := math.Sincos(turn)
			d := geometry.Point{X: dir.X*c - dir.Y*s, Y: dir.X*s + dir.Y*c}
			f.joints = append(f.joints, tip.Add(d.Mul(radius+at*length)))
			f.radii = append(f.radii, radius*[]float64{0.86, 1, 0.98, 1.15}[i])
		}
		return f
	}
	edge := r.IntN(4)
	for range 1 + r.IntN(2) { // thumbs
		front = append(front, place(edge, between(r, 0.1, 0.9), between(r, 1, 16), between(r, 8, 11.5), between(r, 50, 110), likely(r, 0.8)))
		edge = r.IntN(4)
	}
	if likely(r, 0.7) {
		opposite := r.IntN(4)
		first := between(r, -0.1, 0.5)
		for i := range 2 + r.IntN(3) {
			behind = append(behind, place(opposite, first+0.26*float64(i), between(r, -14, 2), between(r, 7, 9.5), between(r, 60, 110), false))
		}
	}
	return behind, front
}

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
	foot := math.Sqrt(float64(s.footX * s.footY))
	grain := grainTile()
	box.rows(c, m, 0, func(y, x0, x1 int) {
		xs, ys := s.row(y, x0, x1)
		out := c.row(y)[3*x0 : 3*x1]
		for i := range xs {
			p := geometry.Point{X: float64(xs[i]) + centre.X, Y: float64(ys[i]) + centre.Y}
			d, rel, along, side := f.locate(p)
			if d > 5 {
				continue
			}
			a := math.Max(math.Min(0.5-d/foot, 1), 0)
			if a < 1 { // contact shadow
				g := float32(1 - 0.35*math.Pow(1-math.Max(d, 0)/5, 2))
				out[3*i], out[3*i+1], out[3*i+2] = out[3*i]*g, out[3*i+1]*g, out[3*i+2]*g
			}
			if a == 0 {
				continue
			}
			if a > 0.5 {
				c.own(handID, x0+i, y)
			}
			k := f.shade(rel, side)
			n := grain.at(xs[i]*5+f.seed, ys[i]*5)
			wrinkle := cloudTile().at(float32(along)*9+f.seed, float32(side)*2+100)
			k *= 0.94 + 0.08*float64(n) + 0.05*float64(wrinkle)
			col := f.skin
			if f.nail {
				col = f.nailed(col, along, side)
			}
			for ch := range 3 {
				out[3*i+ch] += (col[ch]*float32(k) - out[3*i+ch]) * float32(a)
			}
		}
	})
}

func (f *finger) bounds() (lo, hi geometry.Point) {
	lo, hi = f.joints[0], f.joints[0]
	for i, p := range f.joints {
		m := f.radii[i] + 5
		lo = geometry.Point{X: math.Min(lo.X, p.X-m), Y: math.Min(lo.Y, p.Y-m)}
		hi = geometry.Point{X: math.Max(hi.X, p.X+m), Y: math.Max(hi.Y, p.Y+m)}
	}
	return lo, hi
}

// locate returns the distance to the finger's outline (negative inside), the offset from its axis as a share of its
// radius, signed across the finger in side, and how far along the finger the place lies, in radii from the tip's centre.
func (f *finger) locate(p geometry.Point) (d float64, rel geometry.Point, along, side float64) {
	d = math.Inf(1)
	var walked float64
	for i := 0; i+1 < len(f.joints); i++ {
		a, b := f.joints[i], f.joints[i+1]
		ab := b.Sub(a)
		n := ab.Norm()
		t := p.Sub(a).Dot(ab) / (n * n)
		tc := math.Max(math.Min(t, 1), 0)
		radius := f.radii[i] + (f.radii[i+1]-f.radii[i])*tc
		off := p.Sub(a.Lerp(b, tc))
		if e := off.Norm() - radius; e < d {
			d = e
			rel = off.Mul(1 / radius)
			along = (walked + t*n) / f.radii[0]
			side = ab.Cross(p.Sub(a)) / (n * radius)
		}
		walked += n
	}
	return d, rel, along, side
}

// shade is Lambert's law on a round cross-section.
func (f *finger) shade(rel geometry.Point, _ float64) float64 {
	z := math.Sqrt(math.Max(1-rel.Dot(rel), 0))
	return 0.5 + 0.5*z + 0.22*(rel.X*f.lightX+rel.Y*f.lightY)
}

// nailed lightens the ellipse of the nail near the tip, with a pale rim.
func (f *finger) nailed(c tint, along, side float64) tint {
	u, v := (along-0.05)/0.72, side/0.62
	e := u*u + v*v
	if e > 1 {
		return c
	}
	n := tint{c[0]*1.12 + 0.03, c[1]*1.08 + 0.02, c[2]*1.1 + 0.02}
	if u < -0.62 {
		n = n.mix(tint{0.75, 0.7, 0.62}, 0.6)
	}
	return c.mix(n, float32(math.Min((1-e)*6, 1)))
}
