// Cutting the reader's input out of a photograph.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// cut maps strip pixels to the photograph of the window.
type cut struct {
	toPhoto, toStrip geometry.Homography
	scale            float32
	shrink           float32 // photograph pixels a strip pixel, by height
}

// newCut frames the window with the errors that finding a card's corners leaves: a little shift, turn, lean and
// perspective.
func newCut(r *rand.Rand, win window, scale float32) *cut {
	turn := .008 * r.NormFloat64()
	loose := .02
	if likely(r, .2) {
		loose = .045
	}
	lean := .04 * r.NormFloat64()
	s, c := math.Sincos(turn)
	q := geometry.Rect(-.5, -.5, .5, .5)
	for i, p := range q {
		x, y := p.X*float64(win.w), p.Y*float64(win.h)
		x += lean * y
		q[i] = geometry.Point{
			X: float64(win.x) + x*c - y*s + loose*float64(win.h)*r.NormFloat64(),
			Y: float64(win.y) + x*s + y*c + loose*float64(win.h)*r.NormFloat64(),
		}
	}
	toStrip, ok := geometry.QuadToQuad(q, geometry.Rect(0, 0, StripWidth, StripHeight))
	if !ok {
		panic("synth: a strip's window collapsed")
	}
	back, _ := toStrip.Inverse()
	return &cut{toPhoto: back, toStrip: toStrip, scale: scale, shrink: win.h * scale / StripHeight}
}

// where returns the strip position of a point on the card in mm.
func (c *cut) where(x, y float32) geometry.Point {
	return c.toStrip.Apply(geometry.Point{X: float64(x), Y: float64(y)})
}

// photograph takes the artwork, frees it, and cuts the strip.
func (c *cut) photograph(s *shot, a *artwork) *sheet {
	p := s.take(a)
	out := c.strip(p)
	if s.on {
		p.free()
	}
	a.free()
	return out
}

// strip samples the photograph; its pixels know their place on the card.
func (c *cut) strip(p *artwork) *sheet {
	src := p.planes[0]
	if k := p.scale * c.shrink / c.scale; k > 1.35 {
		src = src.clone().blur(.32 * k)
		defer src.free()
	}
	out := roughSheet(StripWidth, StripHeight)
	h := c.toPhoto
	for y := range StripHeight {
		fy := float64(y) + .5
		for x := range StripWidth {
			fx := float64(x) + .5
			w := 1 / (h[6]*fx + h[7]*fy + h[8])
			px := (h[0]*fx + h[1]*fy + h[2]) * w
			py := (h[3]*fx + h[4]*fy + h[5]) * w
			out.v[y*StripWidth+x] = src.at((float32(px)-p.ox)*p.scale, (float32(py)-p.oy)*p.scale)
		}
	}
	return out
}

// bytes rounds tones to 8 bits.
func (f *sheet) bytes() []uint8 {
	b := make([]uint8, len(f.v))
	for i, v := range f.v {
		b[i] = uint8(min(max(v, 0), 255) + .5)
	}
	return b
}
