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

// The purest colours lie at the ends of chroma's range, and luma alone is the same luma.
func TestPureColours(t *testing.T) {
	for i := range 1 << 9 {
		at := func(k int) uint8 { return [8]uint8{0, 255, 1, 254, 127, 128, 64, 200}[i>>(3*k)&7] }
		r, g, b := at(0), at(1), at(2)
		f := newColour(1, 1)
		f.set(0, 0, r, g, b)
		y0, cb, cr := color.RGBToYCbCr(r, g, b)
		luma := []byte{0}
		lumaRow(luma, [3][]byte{{r}, {g}, {b}})
		if f.Y.Pix[0] != y0 || f.Cb.Pix[0] != cb || f.Cr.Pix[0] != cr || luma[0] != y0 {
			t.Errorf("%d, %d, %d: %d %d %d, luma alone %d, want %d %d %d", r, g, b, f.Y.Pix[0], f.Cb.Pix[0], f.Cr.Pix[0], luma[0], y0, cb, cr)
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
		if last := (f.Cb.Height-1)*f.Cb.Stride + f.Cb.Width - 1; last != m.COffset(16, 12)-m.COffset(5, 3) || f.Cr.Width != f.Cb.Width || f.Cr.Height != f.Cb.Height {
			t.Errorf("%v: chroma of %d×%d doesn't end with the picture", ratio, f.Cb.Width, f.Cb.Height)
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
