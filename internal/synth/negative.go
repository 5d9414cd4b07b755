// Negatives: frames without a bank card.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// drawNegative draws a frame in which there is no bank card: a bare surface, clutter, or something like a card.
func drawNegative(r *rand.Rand, o SceneOptions) *Scene {
	o.Kind = Photo
	if likely(r, 0.25) {
		o.Kind = Held
	}
	s := newStage(r, o)
	v := photoView(r)
	s.pose = newPose(v, CardWidth, CardHeight, s.canvas.w, s.canvas.h)
	table := s.pose.plane(cardThickMM).Compose(onTable(0, 0, between(r, 0, 2*math.Pi)))
	paintPlane(s.canvas, table, anyTexture(r))
	inv, ok := table.Inverse()
	if n := pickWeighted(r, 30, 12, 12, 12, 10, 8, 8, 8); n > 0 && ok {
		reach := inv.ApplyQuad(geometry.Rect(0, 0, float64(s.canvas.w), float64(s.canvas.h)))
		for _, t := range drawThings(r, n, reach) {
			t.paint(s.canvas, table, s.fallX, s.fallY, s.shade)
		}
	}
	s.light.apply(s.canvas)
	return s.shoot()
}
