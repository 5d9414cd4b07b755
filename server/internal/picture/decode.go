package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
)

// Decode returns the pixels of an inspected file. A file that turns out to be damaged gives the contract's error, which
// names param.
func Decode(file []byte, h Header, param string) (*frame.Frame, error) {
	var f *frame.Frame
	var err error
	switch h.Format {
	case PNG:
		f, err = decodePNG(file, h)
	default:
		f, err = decodeJPEG(file)
	}
	if err != nil || f.Y.Width != h.Width || f.Y.Height != h.Height {
		return nil, cardpp.NewError(cardpp.UnsupportedFormat, param)
	}
	return f, nil
}

func decodeJPEG(file []byte) (*frame.Frame, error) {
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *image.CMYK:
		return fromCMYK(m), nil
	default:
		return frame.FromImage(m), nil
	}
}

// fromCMYK converts printing inks to colours as image/color does: each ink takes away its complement.
func fromCMYK(m *image.CMYK) *frame.Frame {
	c := newCanvas(m.Rect.Dx(), m.Rect.Dy(), false)
	for y := range c.Y.Height {
		row := m.Pix[y*m.Stride:]
		for x := range c.Y.Width {
			p := row[4*x:][:4]
			white := uint32(255 - p[3])
			ink := func(v uint8) uint8 { return uint8(uint32(255-v) * white / 255) }
			c.put(x, y, color.NRGBA{R: ink(p[0]), G: ink(p[1]), B: ink(p[2]), A: 255})
		}
	}
	return &c.Frame
}

// DecodeBytes estimates the memory that Decode takes, its result included.
func (h Header) DecodeBytes() int {
	pixels := float64(h.Width * h.Height)
	switch {
	case h.Format == PNG:
		return int(pixels * 1.5)
	case h.layout.progressive:
		return int(pixels * h.layout.samples * 5) // coefficients of 32 bits, and the samples
	case h.layout.components == 4:
		return int(pixels * (h.layout.samples + 4 + 1.5))
	}
	return int(pixels * h.layout.samples)
}
