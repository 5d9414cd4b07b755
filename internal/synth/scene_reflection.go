// Reflections: the polished floor of mock-ups, in which the card shows upside down under its lower edge and fades.

package synth

import "ocrbankcard/internal/geometry"

// mirrored is a card's face upside down, fading downwards into the ground.
type mirrored struct {
	face   *picture
	ground tint
	height float32 // of the card, millimetres
	share  float32 // of the face's light at the edge
}

func (m *mirrored) shade(out, xs, ys []float32, foot float32) {
	flipped := make([]float32, len(ys))
	for i, y := range ys {
		flipped[i] = -y
	}
	m.face.shade(out, xs, flipped, foot)
	for i, y := range ys {
		t := 0.5 - 1.4*y/m.height // 1 and more at the upper edge, 0 in the middle of the lower half
		k := m.share * max(min(t, 1), 0)
		for ch := range 3 {
			out[3*i+ch] = m.ground[ch] + (out[3*i+ch]-m.ground[ch])*k
		}
	}
}

// paintReflection draws the reflection of a card that stands on a floor as bright as the canvas is just below it.
func (s *stage) paintReflection(k *stagedCard, share float32) {
	face, ok := k.slab.skin.(*picture)
	if !ok {
		return
	}
	const gap = 0.6
	place := k.place.Compose(onTable(0, k.slab.h+gap, 0))
	below := s.face(k).Apply(onTable(0, k.slab.h/2+gap, 0).Apply(geometry.Point{}))
	x, y := int(below.X), int(below.Y)
	if x < 0 || y < 0 || x >= s.canvas.w || y >= s.canvas.h {
		return
	}
	p := s.canvas.row(y)[3*x:]
	floor := k.slab
	floor.id, floor.rim, floor.tilt = 0, 0, nil
	floor.skin = &mirrored{face, tint{p[0], p[1], p[2]}, float32(k.slab.h), share}
	floor.paint(s.canvas, s.pose.plane(k.behind).Compose(place))
}
