package frame

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// Each kind of image must give what color.YCbCrModel says of its pixels on white.
func TestFromImageAgreesWithTheColourModel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rgba, nrgba, deep := image.NewRGBA(image.Rect(2, 3, 13, 10)), image.NewNRGBA(image.Rect(-2, 3, 9, 10)), image.NewNRGBA64(image.Rect(0, 0, 11, 7))
	for y := range 7 {
		for x := range 11 {
			c := color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255}
			rgba.Set(2+x, 3+y, c)
			c.A = uint8(r.Uint32())
			nrgba.SetNRGBA(-2+x, 3+y, c)
			deep.Set(x, y, c)
		}
	}
	for _, img := range []image.Image{rgba, nrgba, deep} {
		f := FromImage(img)
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		for y := range 7 {
			for x := range 11 {
				cr, cg, cb, ca := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				w := 0xffff - ca
				y0, b0, r0 := color.RGBToYCbCr(uint8((cr+w)>>8), uint8((cg+w)>>8), uint8((cb+w)>>8))
				i := y*f.Y.Stride + x
				for k, d := range [3]int{int(f.Y.Pix[i]) - int(y0), int(f.Cb.Pix[i]) - int(b0), int(f.Cr.Pix[i]) - int(r0)} {
					if d < -2 || d > 2 {
						t.Fatalf("%T (%d,%d) channel %d off by %d", img, x, y, k, d)
					}
				}
			}
		}
	}
}

func TestSubimagesOfYCbCrKeepTheirPlace(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		m := image.NewYCbCr(image.Rect(0, 0, 17, 13), ratio)
		for i := range m.Y {
			m.Y[i] = uint8(i)
		}
		s := m.SubImage(image.Rect(5, 3, 17, 13)).(*image.YCbCr)
		f := FromImage(s)
		if err := f.Check(); err != nil {
			t.Errorf("%v: %v", ratio, err)
		}
		if w, h := f.Size(); w != 12 || h != 10 || f.Y.Pix[0] != m.Y[m.YOffset(5, 3)] {
			t.Errorf("%v: %d×%d", ratio, w, h)
		}
	}
}

func TestCheckRefusesWhatDoesNotFit(t *testing.T) {
	for _, p := range []Plane{{nil, 1, 1, 1}, {make([]byte, 9), 3, 3, 2}, {make([]byte, 8), 3, 3, 3}, {make([]byte, 9), -3, 3, 3}, {make([]byte, 9), 1, math.MaxInt, math.MaxInt}} {
		if (&Frame{Y: p}).Check() == nil {
			t.Errorf("%d×%d stride %d of %d bytes passes", p.Width, p.Height, p.Stride, len(p.Pix))
		}
	}
	if err := (&Frame{Y: Plane{make([]byte, 8), 2, 2, 6}}).Check(); err != nil {
		t.Error("the last row needs no stride to its end:", err)
	}
}
