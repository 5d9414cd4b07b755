package picture

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"strings"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
	"ocrbankcard/server/internal/jpegplanes"
)

// Decode returns the pixels of an inspected file. A file that turns out to be damaged gives the contract's error, which
// names param.
func Decode(file []byte, h Header, param string) (*frame.Frame, error) {
	f, err := decode(file, h)
	if err != nil || f.Y.Width != h.Width || f.Y.Height != h.Height {
		return nil, cardpp.NewError(cardpp.UnsupportedFormat, param)
	}
	return f, nil
}

// jfif begins a file whose components are luma and chroma, whatever a marker later in it says: image/jpeg would else make red,
// green and blue of them at the end, in three times the memory that the header announced.
const jfif = "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

// errScans: in a sequential file each component is coded by one scan. image/jpeg decodes however many there are.
var errScans = errors.New("picture: a JPEG with more scans than components")

// decode chooses the decoder that needs little memory for this kind of file.
func decode(file []byte, h Header) (*frame.Frame, error) {
	switch {
	case h.Format == PNG:
		return decodePNG(file, h)
	case h.layout.progressive || h.layout.components == 4 || h.layout.rgb:
		return jpegplanes.Decode(file)
	case scansOver(file, h.layout.components):
		return nil, errScans
	}
	m, err := jpeg.Decode(io.MultiReader(strings.NewReader(jfif), bytes.NewReader(file[2:])))
	var unsupported jpeg.UnsupportedError
	if errors.As(err, &unsupported) {
		return jpegplanes.Decode(file) // which knows chroma of a third, too
	}
	if err != nil {
		return nil, err
	}
	return frame.FromImage(m), nil
}

// DecodeBytes estimates the memory that Decode takes, its result included.
func (h Header) DecodeBytes() int {
	pixels, samples := float64(h.Width*h.Height), h.layout.samples
	switch {
	case h.Format == PNG:
		return int(pixels * 1.5)
	case h.layout.components == 4 || h.layout.rgb:
		samples += 0.5 // chroma, beside the planes that luma is made of
	}
	if h.layout.progressive {
		samples += 2 + 1./8 // coefficients of one component, in 16 bits, and a bit for each
	}
	return int(pixels * samples)
}
