package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/server/internal/recognizer"
)

// The tests' own recognizer: small, exact and quick, so that tests of the gateway fail for the gateway's sake alone. It
// reads a darker rectangle on white, in which 16 vertical bars of equal width stand for 16 digits, by their luma:
// 16·digit + 8. It needs every pixel to be decoded rightly, whatever the format.
type bars struct{}

const barsNumber = "4111111111111111"

func (bars) Read(_ context.Context, f *frame.Frame) ([]recognizer.Reading, error) {
	box := image.Rectangle{}
	for y := range f.Y.Height {
		for x, v := range f.Y.Row(y) {
			if v < 200 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if box.Empty() {
		return nil, nil
	}
	var digits strings.Builder
	for i := range 16 {
		x := box.Min.X + box.Dx()*(2*i+1)/32
		sum := 0
		for y := box.Min.Y + box.Dy()/4; y < box.Max.Y-box.Dy()/4; y++ {
			sum += int(f.Y.Row(y)[x])
		}
		digits.WriteByte('0' + byte(sum/(box.Dy()-2*(box.Dy()/4))/16))
	}
	n, err := cardnumber.Parse(digits.String())
	x0, y0, x1, y1 := float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y)
	quad := geometry.Quad{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
	sure := make([]float64, 16)
	for i := range sure {
		sure[i] = 0.99
	}
	return []recognizer.Reading{{Quad: quad, Number: n, Confidence: 0.973, Digits: sure}}, err
}

// barsIn returns where the rectangle lies in a picture of this size.
func barsIn(width, height int) image.Rectangle {
	return image.Rect(width/8, height/4, width-width/8, height-height/4)
}

// drawBars draws a number for the recognizer above.
func drawBars(width, height int, number string) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	box := barsIn(width, height)
	for i := range 16 {
		bar := image.Rect(box.Min.X+box.Dx()*i/16, box.Min.Y, box.Min.X+box.Dx()*(i+1)/16, box.Max.Y)
		draw.Draw(m, bar, image.NewUniform(color.Gray{(number[i]-'0')*16 + 8}), image.Point{}, draw.Src)
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// holding is the same recognizer, but waits to be let go.
type holding struct{ until chan struct{} }

func (h holding) Read(ctx context.Context, f *frame.Frame) ([]recognizer.Reading, error) {
	<-h.until
	return bars{}.Read(ctx, f)
}
