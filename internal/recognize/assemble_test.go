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

// Of two things that the maps show equally well, the one that has a card's shape scores clearly higher; what is not found
// scores 0.
func TestACardsShapeCounts(t *testing.T) {
	const side = locatorSize / cellSize
	score := func(q geometry.Quad) float64 {
		m := maps{x1: side, y1: side, camera: camera{geometry.Point{X: side / 2, Y: side / 2}, side}}
		for _, g := range []*grid{&m.mask, &m.corner, &m.edge} {
			*g = grid{make([]float32, side*side), side, side}
		}
		for y := int(q[0].Y); y < int(q[2].Y); y++ {
			fill(m.mask.v[y*side+int(q[0].X):][:int(q[2].X-q[0].X)], 1)
		}
		found := (&assembler{outlines: []geometry.Quad{q}}).assemble(&m)
		if len(found) == 0 {
			return 0
		}
		return found[0].score
	}
	card, sheet := score(geometry.Rect(8, 12, 32, 27)), score(geometry.Rect(8, 10, 32, 30))
	if card < leastScore || card < sheet+0.1 {
		t.Errorf("a card scores %.2f, a sheet %.2f", card, sheet)
	}
}
