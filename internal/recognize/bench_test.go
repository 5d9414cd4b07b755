package recognize_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"golang.org/x/image/draw"

	"ocrbankcard/internal/frame"
)

// BenchmarkReadJPEG reads a specimen enlarged to 1280 × 960, from the JPEG's bytes to the number. With -cpu 1 it is one
// core's work.
func BenchmarkReadJPEG(b *testing.B) {
	file, err := os.ReadFile("../../testdata/embossed16.jpg")
	if err != nil {
		b.Fatal(err)
	}
	small, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	large := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	draw.ApproxBiLinear.Scale(large, large.Bounds(), small, small.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, large, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	e := engine(b)
	b.ReportAllocs()
	for b.Loop() {
		img, err := jpeg.Decode(bytes.NewReader(out.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		if cards, err := e.Read(frame.FromImage(img)); err != nil || len(cards) != 1 {
			b.Fatal(len(cards), err)
		}
	}
}

// BenchmarkLocate finds the outline in a frame as the live page's worker sees it, again and again: the preview's share.
func BenchmarkLocate(b *testing.B) {
	e, f := engine(b), specimen(b, "embossed16.jpg")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := e.Locate(f); !ok {
			b.Fatal("no card")
		}
	}
}
