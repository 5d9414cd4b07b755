package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
)

// Decode returns the pixels of an inspected file. A file that turns out to be damaged gives the contract's error, which
// names param.
func Decode(file []byte, h Header, param string) (*frame.Frame, error) {
	var img image.Image
	var err error
	switch h.Format {
	case JPEG:
		img, err = jpeg.Decode(bytes.NewReader(file))
	default:
		img, err = png.Decode(bytes.NewReader(file))
	}
	if err != nil || img.Bounds().Dx() != h.Width || img.Bounds().Dy() != h.Height {
		return nil, cardpp.NewError(cardpp.UnsupportedFormat, param)
	}
	return frame.FromImage(img), nil
}

// DecodeBytes estimates the memory that Decode takes, its result included.
func (h Header) DecodeBytes() int {
	pixels := float64(h.Width * h.Height)
	switch {
	case h.Format == PNG:
		return int(pixels * 12)
	case h.layout.progressive:
		return int(pixels * h.layout.samples * 5) // coefficients of 32 bits, and the samples
	case h.layout.components == 4:
		return int(pixels * 11)
	}
	return int(pixels * h.layout.samples)
}
