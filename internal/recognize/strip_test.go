package recognize

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// A bar of ink that has the paper's luma but more red stands out in red, and blue ink of the paper's luma in blue.
func TestInkOfThePapersLumaStandsOutInItsColour(t *testing.T) {
	paper := color.YCbCr{Y: 128, Cb: 128, Cr: 128}
	for name, ink := range map[string]struct {
		colour color.YCbCr
		tint   tint
	}{
		"red":  {color.YCbCr{Y: 128, Cb: 128, Cr: 180}, red},
		"blue": {color.YCbCr{Y: 128, Cb: 180, Cr: 128}, blue},
	} {
		img := image.NewYCbCr(image.Rect(0, 0, stripWidth, stripHeight), image.YCbCrSubsampleRatio444)
		for i := range img.Y {
			c := paper
			if x := i % img.YStride; x >= 100 && x < 200 {
				c = ink.colour
			}
			img.Y[i], img.Cb[i], img.Cr[i] = c.Y, c.Cb, c.Cr
		}
		for in, want := range map[tint]bool{luma: false, ink.tint: true} {
			row := middleRow(t, frame.FromImage(img), in)
			if contrast := row[150] - row[50]; contrast > 1 != want {
				t.Errorf("%s ink in %+v: it differs from paper by %.2f", name, in, contrast)
			}
		}
	}
}

// A pattern whose contrast fades along the strip, on a ground that brightens, has the same contrast everywhere in even
// light, and not in luma.
func TestEvenLight(t *testing.T) {
	f := &frame.Frame{Y: frame.NewPlane(stripWidth, stripHeight)}
	for i := range f.Y.Pix {
		x, y := i%stripWidth, i/stripWidth
		f.Y.Pix[i] = byte(20 + x/2 + (60-x/8)*((x/4+y/4)%2))
	}
	for in, want := range map[tint]bool{luma: false, even: true} {
		row := middleRow(t, f, in)
		contrast := func(from int) float32 { return slices.Max(row[from:from+16]) - slices.Min(row[from:from+16]) }
		left, right := contrast(40), contrast(stripWidth-56)
		if left < 1 || right > .8*left != want {
			t.Errorf("%+v: contrast is %.2f at the left and %.2f at the right", in, left, right)
		}
	}
}

// middleRow is the middle row of the strip that shows a frame of its size in a tint.
func middleRow(t *testing.T, f *frame.Frame, in tint) []float32 {
	t.Helper()
	r, err := newEngine().begin(f)
	if err != nil {
		t.Fatal(err)
	}
	v := view{toFrame: geometry.Homography{1, 0, 0, 0, 1, 0, 0, 0, 1}}
	l := textLine{start: geometry.Point{Y: stripHeight / 2}, end: geometry.Point{X: stripWidth, Y: stripHeight / 2}, height: stripHeight}
	defer r.engine.end(r)
	all := span{0, stripWidth, stripHeight}
	strip, _ := r.cut(&r.arena, &v, &cutting{l, all, all, in})
	return strip.Data[stripHeight/2*stripWidth:][:stripWidth]
}
