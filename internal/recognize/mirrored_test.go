package recognize_test

import (
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
)

// A mirrored number is no number: its digits, read for others, aren't told. The card is seen.
func TestMirroredNumbersAreNotTold(t *testing.T) {
	e := engine(t)
	for _, name := range []string{"embossed16.jpg", "flat16.jpg", "hand16.jpg", "rotated30.jpg", "row19.jpg", "scan16.png"} {
		cards, err := e.Read(mirrored(specimen(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		if len(cards) != 1 || !cards[0].Number.IsZero() {
			t.Errorf("%s: %d cards; want one, without a number", name, len(cards))
		}
	}
}

// mirrored returns f as a mirror shows it.
func mirrored(f *frame.Frame) *frame.Frame {
	var planes [3]frame.Plane
	for i, p := range []frame.Plane{f.Y, f.Cb, f.Cr} {
		planes[i] = frame.NewPlane(p.Width, p.Height)
		for y := range p.Height {
			copy(planes[i].Row(y), p.Row(y))
			slices.Reverse(planes[i].Row(y))
		}
	}
	return &frame.Frame{Y: planes[0], Cb: planes[1], Cr: planes[2]}
}
