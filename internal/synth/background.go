// Backdrops: what stands behind and around the cards in each kind of scene.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// paintBackdrop covers the canvas with everything that is no card.
func (s *stage) paintBackdrop(r *rand.Rand) {
	switch s.kind {
	case Photo:
		s.paintTable(r)
	case Held:
		s.paintFarRoom(r)
	case FlatScan:
		s.paintScanner(r)
	default:
		s.paintStudio(r)
	}
}

// paintTable lays a table with clutter under the card; now and then one whose colour hardly differs from the card's.
func (s *stage) paintTable(r *rand.Rand) {
	top := anyTexture(r)
	if likely(r, 0.18) {
		top = s.alikeTexture(r)
	}
	n := 0
	if !s.easy || likely(r, 0.4) {
		n = pickWeighted(r, 38, 20, 16, 10, 8, 5, 3)
	}
	s.paintSurface(r, top, n)
}

// alikeTexture is a surface of the card's own colour but for a little chroma or a little luma.
func (s *stage) alikeTexture(r *rand.Rand) texture {
	c := s.cards[len(s.cards)-1].border
	if likely(r, 0.5) {
		k := float32(math.Exp(r.NormFloat64() * 0.25))
		return paperTexture(r, c.times(k))
	}
	y := c.luma()
	other := anyTint(r)
	k := y / max(other.luma(), 0.01)
	return paperTexture(r, other.times(min(k, 1.5)))
}

// border is the mean colour along the raster's border.
func (t *raster) border() tint {
	var c tint
	n := 0
	add := func(x, y int) {
		for i, v := range t.pix[3*(y*t.w+x):][:3] {
			c[i] += v
		}
		n++
	}
	for x := 0; x < t.w; x += 4 {
		add(x, t.h/50)
		add(x, t.h-1-t.h/50)
	}
	for y := 0; y < t.h; y += 4 {
		add(t.w/50, y)
		add(t.w-1-t.w/50, y)
	}
	return c.times(1 / float32(n))
}

// paintFarRoom is what a held card stands before: a plane with things on it, some metres away and out of focus. It is
// drawn at a fraction of the resolution, which the blur hides.
func (s *stage) paintFarRoom(r *rand.Rand) {
	blur := math.Exp(between(r, math.Log(0.6), math.Log(14)))
	shrink := max(min(int(blur/1.5), 4), 1)
	w, h := (s.canvas.w+shrink-1)/shrink, (s.canvas.h+shrink-1)/shrink
	far := newCanvas(w, h)
	v := photoView(r)
	v.fill = between(r, 0.1, 0.5)
	p := newPose(v, CardWidth, CardHeight, w, h)
	table := p.plane(0)
	top := anyTexture(r)
	if len(s.cards) > 0 && likely(r, 0.15) {
		top = s.alikeTexture(r)
	}
	paintPlane(far, table, top)
	if inv, ok := table.Inverse(); ok {
		reach := inv.ApplyQuad(geometry.Rect(0, 0, float64(w), float64(h)))
		for _, t := range drawThings(r, r.IntN(9), reach) {
			t.paint(far, table, s.fallX, s.fallY, s.shade)
		}
	}
	gaussianBlur(far, blur/float64(shrink))
	enlargeCanvas(s.canvas, far)
	far.release()
}

// enlargeCanvas fills c with small, interpolated bilinearly.
func enlargeCanvas(c, small *canvas) {
	if c.w == small.w && c.h == small.h {
		copy(c.pix, small.pix)
		return
	}
	t := &raster{small.pix, small.w, small.h}
	kx, ky := float32(small.w)/float32(c.w), float32(small.h)/float32(c.h)
	for y := range c.h {
		row := c.row(y)
		for x := range c.w {
			row[3*x], row[3*x+1], row[3*x+2] = t.at((float32(x)+0.5)*kx, (float32(y)+0.5)*ky)
		}
	}
}

// paintScanner is the lid behind a flat scan, or what an image editor leaves outside the rounded corners.
func (s *stage) paintScanner(r *rand.Rand) {
	m := s.pose.plane(0)
	switch pickWeighted(r, 60, 18, 12, 10) {
	case 0:
		paintPlane(s.canvas, m, flat{1, 1, 1})
	case 1:
		paintPlane(s.canvas, m, flat{})
	case 2:
		g := float32(between(r, 0, 1))
		paintPlane(s.canvas, m, flat{g, g, g})
	default:
		paintPlane(s.canvas, m, checkTexture(r))
	}
}

// paintStudio is the backdrop of a rendering: white, a plain colour, a soft gradient, seldom a texture.
func (s *stage) paintStudio(r *rand.Rand) {
	m := s.pose.plane(cardThickMM)
	base := hsvTint(r.Float64(), r.Float64()*r.Float64(), between(r, 0.5, 1))
	switch pickWeighted(r, 30, 15, 30, 9, 16) {
	case 0:
		k := float32(between(r, 0.9, 1.1))
		paintPlane(s.canvas, m, flat{k, k, k})
	case 1:
		paintPlane(s.canvas, m, flat(base))
	case 2:
		paintPlane(s.canvas, m, gradientTexture(r, base, near(r, base, 0.4), anyTint(r)))
	case 3:
		paintPlane(s.canvas, m, checkTexture(r))
	default:
		paintPlane(s.canvas, m.Compose(onTable(0, 0, between(r, 0, 6.28))), anyTexture(r))
	}
}
