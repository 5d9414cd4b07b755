package recognize

import (
	"testing"

	"ocrbankcard/internal/geometry"
)

// Where the maps show nothing at all, no quad agrees with them, wherever it lies: not even one of which the frame shows a
// third, though nothing is known of the rest.
func TestWhatLiesBeyondTheFrameIsNoAgreement(t *testing.T) {
	const side = locatorSize / cellSize
	none := grid{make([]float32, side*side), side, side}
	m := maps{mask: none, corner: none, edge: none, x1: side, y1: side}
	for x := 0.0; x < side; x++ {
		q := geometry.Rect(x, 10, x+24, 25)
		if score := m.agreement(q); score >= leastScore {
			t.Errorf("a quad from column %.0f to %.0f of %d scores %.2f", x, x+24, side, score)
		}
	}
}
