package recognize

import (
	"image"
	"image/color"
	"math"
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
		r, err := newEngine().begin(frame.FromImage(img))
		if err != nil {
			t.Fatal(err)
		}
		v := view{toFrame: geometry.Homography{1, 0, 0, 0, 1, 0, 0, 0, 1}}
		l := textLine{start: geometry.Point{Y: stripHeight / 2}, end: geometry.Point{X: stripWidth, Y: stripHeight / 2}, height: stripHeight}
		whole := span{0, stripWidth, stripHeight}
		for in, want := range map[tint]bool{luma: false, ink.tint: true} {
			strip, _ := r.cut(&v, l, whole, in)
			row := strip.Data[stripHeight/2*stripWidth:][:stripWidth]
			if contrast := row[150] - row[50]; contrast > 1 != want {
				t.Errorf("%s ink in %+v: it differs from paper by %.2f", name, in, contrast)
			}
		}
	}
}

// A pattern whose contrast fades along the strip, on a ground that brightens, has the same contrast everywhere after.
func TestEvenOut(t *testing.T) {
	v := make([]float32, stripWidth*stripHeight)
	for i := range v {
		x, y := i%stripWidth, i/stripWidth
		v[i] = float32(20+x/2) + float32(60-x/8)*float32((x/4+y/4)%2)
	}
	evenOut(v)
	contrast := func(from int) float64 {
		part := v[stripHeight/2*stripWidth+from:][:16]
		return float64(slices.Max(part) - slices.Min(part))
	}
	if left, right := contrast(40), contrast(stripWidth-56); math.Abs(left-right) > 0.2*left || left < evenTo {
		t.Errorf("contrast is %.0f at the left and %.0f at the right", left, right)
	}
}
