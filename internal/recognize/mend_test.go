package recognize

import (
	"math"
	"testing"
)

// An outline of which one side was laid wrongly is mended, whichever side that is, and keeps its first corner.
func TestMend(t *testing.T) {
	for _, file := range []string{"flat16.jpg", "embossed16.jpg", "rotated30.jpg", "row19.jpg"} {
		r, v := seenCard(t, file)
		r.patient = true
		right := r.refine(v.quad)
		if got := r.mend(right); got != right {
			t.Errorf("%s: the right outline %v is mended to %v", file, right, got)
		}
		for side := range right {
			for _, length := range []float64{0.65, 1.5} {
				wrong := right.Roll(side)
				wrong[2], wrong[3] = wrong[1].Lerp(wrong[2], length), wrong[0].Lerp(wrong[3], length)
				if got := r.mend(wrong); got.IoU(right) < 0.95 || meanDistance(got, right.Roll(side)) > closeEnough*math.Sqrt(right.Area()) {
					t.Errorf("%s, side %d at %.2f of its distance: mended to %v, not %v", file, side, length, got, right.Roll(side))
				}
			}
		}
		r.patient = false
		half := right
		half[2], half[3] = right[1].Lerp(right[2], 0.5), right[0].Lerp(right[3], 0.5)
		if got := r.mend(half); got != half {
			t.Errorf("%s: an outline is mended though the frame must be answered in time", file)
		}
	}
}

// What is told of a still is mended, by a session, too.
func TestStillsAreMended(t *testing.T) {
	r := begun(t, picture(t, "flat16.jpg"))
	r.patient = true
	found := r.readings()
	right := decide(found)[0].Quad
	for i := range found {
		q := found[i].quad
		q[2], q[3] = q[1].Lerp(q[2], 0.65), q[0].Lerp(q[3], 0.65)
		found[i].quad = q
	}
	if got := r.cards(found)[0].Quad; got.IoU(right) < 0.95 {
		t.Errorf("%v is told, not %v", got, right)
	}
	card, ok := NewSession(r.engine).told(r, found)
	if !ok || card.Quad.IoU(right) < 0.95 {
		t.Errorf("a session tells %v, not %v", card.Quad, right)
	}
}
