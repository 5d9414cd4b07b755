package recognize

import (
	"image"
	"image/draw"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// Where a long frame shows something that looks like a card first, the card in its half is read all the same.
func TestACardInAHalfIsRead(t *testing.T) {
	card := decoded(t, "scan16.png")
	c := card.Bounds()
	for name, size := range map[string]struct {
		width, height int
		want          string
	}{"long": {4 * c.Dx(), 3 * c.Dy() / 2, "3530111333300000"}, "not long": {2 * c.Dx(), 2 * c.Dx(), ""}} {
		canvas := image.NewRGBA(image.Rect(0, 0, size.width, size.height))
		for i := range canvas.Pix {
			canvas.Pix[i] = 120
		}
		at := image.Pt(c.Dx()/4, c.Dy()/4)
		draw.Draw(canvas, c.Sub(c.Min).Add(at), card, c.Min, draw.Src)
		r := begun(t, frame.FromImage(canvas))
		r.patient = true
		w := float64(size.width)
		nothing := Location{geometry.Rect(w-90, 20, w-10, 70), 0.95}
		read := ""
		if cards := decide(r.readPlaces([]Location{nothing})); len(cards) > 0 {
			read = cards[0].Number.Reveal()
		}
		if read != size.want {
			t.Errorf("%s: %q is read", name, read)
		}
	}
}
