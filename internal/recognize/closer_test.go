package recognize

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	xdraw "golang.org/x/image/draw"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// The outline alone of what is seen in a part of the frame is not told.
func TestABlankCardInAPartOfTheFrameIsNotTold(t *testing.T) {
	r := begun(t, picture(t, "blank.jpg"))
	r.patient = true
	if found := r.readCloser(r.closerParts(false), nil); len(found) > 0 {
		t.Errorf("%d readings of a card without a number", len(found))
	}
	if len(r.locatedIn(r.wholeBox().middle(middles[0]))) == 0 {
		t.Error("the card isn't seen in the middle, so this tells nothing")
	}
}

// Where something that looks like a card is seen first, the card in a half of a long frame, or about the middle of any, is
// read all the same; not by those who have a frame's time only.
func TestACardInAPartOfTheFrameIsRead(t *testing.T) {
	card := decoded(t, "scan16.png")
	c := card.Bounds()
	long, square := image.Pt(4*c.Dx(), 3*c.Dy()/2), image.Pt(2*c.Dx(), 2*c.Dx())
	for name, f := range map[string]struct {
		size, at image.Point
		patient  bool
		want     string
	}{
		"half":               {long, image.Pt(c.Dx()/4, c.Dy()/4), true, "3530111333300000"},
		"middle":             {square, image.Pt(c.Dx()/4, c.Dy()/2), true, "3530111333300000"},
		"middle, in a hurry": {square, image.Pt(c.Dx()/4, c.Dy()/2), false, ""},
	} {
		canvas := image.NewRGBA(image.Rectangle{Max: f.size})
		for i := range canvas.Pix {
			canvas.Pix[i] = 120
		}
		draw.Draw(canvas, c.Sub(c.Min).Add(f.at), card, c.Min, draw.Src)
		r := begun(t, frame.FromImage(canvas))
		r.patient = f.patient
		w := float64(f.size.X)
		nothing := Location{geometry.Rect(w-90, 20, w-10, 70), 0.95}
		read := ""
		if cards := decide(r.readPlaces([]Location{nothing})); len(cards) > 0 {
			read = cards[0].Number.Reveal()
		}
		if read != f.want {
			t.Errorf("%s: %q is read", name, read)
		}
	}
}

// What is seen first may be a picture that shows a card, on a screen or a sheet.
func TestACardInAPictureInTheFrameIsRead(t *testing.T) {
	canvas := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	draw.Draw(canvas, canvas.Rect, image.NewUniform(color.Gray{Y: 120}), image.Point{}, draw.Src)
	desk, photo := decoded(t, "nocard.jpg"), decoded(t, "rotated30.jpg")
	xdraw.CatmullRom.Scale(canvas, image.Rect(250, 200, 1350, 900), desk, image.Rect(0, 40, 800, 560), xdraw.Src, nil)
	xdraw.CatmullRom.Scale(canvas, image.Rect(500, 400, 948, 736), photo, photo.Bounds(), xdraw.Src, nil)
	r := begun(t, frame.FromImage(canvas))
	r.patient = true
	cards := decide(r.readings())
	if len(cards) == 0 || cards[0].Number.Reveal() != "4242424242424242" {
		t.Errorf("%d cards, and not the one in the picture", len(cards))
	}
}
