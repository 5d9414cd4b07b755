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
