package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// FuzzInspect: whatever the bytes, no panic; and what passes decodes to its stated size or is found to be damaged.
func FuzzInspect(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, colour := range []byte{pngGray, pngRGB, pngPalette, pngGrayAlpha, pngRGBA} {
		p := randomPNG(r, colour, 8)
		f.Add(p.bytes())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 100, 100), image.YCbCrSubsampleRatio420), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		h, _, ok := readHeader(file)
		if !ok || h.Width > 1<<10 || h.Height > 1<<10 {
			return // too large to decode thousands of times
		}
		if h, err := Inspect(file, "image_file"); err == nil {
			if p, err := Decode(file, h, "image_file"); err == nil && p.Check() != nil {
				t.Error("a frame that contradicts itself")
			}
		}
	})
}

// FuzzPNG: what image/png decodes, decodePNG decodes to the same luma.
func FuzzPNG(f *testing.F) {
	for _, colour := range []byte{pngGray, pngRGB, pngPalette, pngGrayAlpha, pngRGBA} {
		f.Add(uint64(7), colour, byte(8))
	}
	f.Add(uint64(8), byte(pngGray), byte(1))
	f.Fuzz(func(t *testing.T, seed uint64, colour, depth byte) {
		if !legalDepth(colour, depth) {
			return
		}
		file := randomPNG(rand.New(rand.NewPCG(seed, 5)), colour, depth).bytes()
		if _, err := png.Decode(bytes.NewReader(file)); err == nil {
			compare(t, file)
		}
	})
}
