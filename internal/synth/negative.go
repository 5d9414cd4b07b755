// Negatives: frames without a bank card.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// drawNegative draws a frame in which there is no bank card: a bare surface, clutter, or a decoy shown as cards are.
func drawNegative(r *rand.Rand, o SceneOptions) *Scene {
	if likely(r, 0.45) {
		return drawDecoyScene(r, o)
	}
	o.Kind = Photo
	s := newStage(r, o)
	s.pose = newPose(photoView(r), CardWidth, CardHeight, s.canvas.w, s.canvas.h)
	if likely(r, 0.25) {
		s.paintFarRoom(r)
	} else {
		s.paintSurface(r, anyTexture(r), pickWeighted(r, 34, 12, 12, 12, 10, 8, 6, 6))
	}
	s.light.apply(s.canvas)
	return s.shoot()
}

// paintSurface lays a surface with n things on it before the camera.
func (s *stage) paintSurface(r *rand.Rand, top texture, n int) {
	table := s.pose.plane(cardThickMM).Compose(onTable(0, 0, between(r, 0, 2*math.Pi)))
	paintPlane(s.canvas, table, top)
	inv, ok := table.Inverse()
	if n == 0 || !ok {
		return
	}
	reach := inv.ApplyQuad(geometry.Rect(0, 0, float64(s.canvas.w), float64(s.canvas.h)))
	for _, t := range drawThings(r, n, reach) {
		t.paint(s.canvas, table, s.fallX, s.fallY, s.shade)
	}
}

// drawDecoyScene shows a decoy, sometimes two, in every way in which cards are shown.
func drawDecoyScene(r *rand.Rand, o SceneOptions) *Scene {
	s := newStage(r, o)
	v := s.drawView(r)
	faces := o.Card.Faces
	if faces == nil {
		faces = BuiltinFaces()
	}
	scale := s.texelsPerMM(v)
	front := drawDecoy(r, faces, scale)
	if front.h > front.w && likely(r, 0.5) {
		v.roll += math.Pi / 2
	}
	s.pose = newPose(v, front.w, front.h, s.canvas.w, s.canvas.h)
	if s.kind == FlatScan {
		s.fillFrame(r, front.w, front.h, o.Roll)
	}
	if likely(r, 0.1) && s.kind != FlatScan {
		back := drawDecoy(r, faces, scale)
		s.cards = append(s.cards, s.beside(r, stagedCard{decoy: &back}, front.w, front.h))
	}
	s.cards = append(s.cards, stagedCard{decoy: &front, place: geometry.Identity})
	for i := range s.cards {
		k := &s.cards[i]
		k.slab.w, k.slab.h = k.decoy.w, k.decoy.h
		s.dress(r, k, uint8(i+1))
		k.slab.r = k.decoy.r
	}
	s.paintBackdrop(r)
	s.paintCards(r)
	s.light.apply(s.canvas)
	return s.shoot()
}
