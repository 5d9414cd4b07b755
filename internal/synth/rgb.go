// Package synth draws bank cards, number strips and camera frames with exact
// truth, so that the recogniser can be trained and tested without a single
// photograph of anybody's card.
//
// The same seed and options draw the same picture on processors of one kind.
// Where the compiler rounds a product and a sum together (arm64, or amd64 with
// GOAMD64=v3) pixels differ by a few levels, and so may whether a number that
// can just be read counts as one. Strips pass through Go's JPEG codec, which
// another release of Go may round otherwise.
package synth

import "image"

// RGB is an 8-bit colour picture, three interleaved channels (sRGB values),
// rows top to bottom without padding: pixel (x, y) starts at
// Pix[3*(y*Width+x)].
type RGB struct {
	Pix           []uint8
	Width, Height int
}

// NewRGB returns a black picture of the given size in pixels.
func NewRGB(width, height int) *RGB {
	return &RGB{Pix: make([]uint8, 3*width*height), Width: width, Height: height}
}

// Image returns a copy as a standard library image, for encoders and viewers.
func (p *RGB) Image() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	for i, j := 0, 0; i < len(p.Pix); i, j = i+3, j+4 {
		m.Pix[j], m.Pix[j+1], m.Pix[j+2], m.Pix[j+3] = p.Pix[i], p.Pix[i+1], p.Pix[i+2], 0xff
	}
	return m
}
