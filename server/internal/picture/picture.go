// Package picture checks a picture against the contract before a recognizer is asked, and decodes it in bounded memory.
//
// What the contract leaves open is decided here: baseline, extended and progressive JPEG are read, in gray, YCbCr, RGB,
// CMYK and YCCK; PNG of every colour type, depth and interlacing; transparency lies on white. EXIF orientation is not
// honoured: bounds are in pixels as stored.
package picture

import "ocrbankcard/internal/cardpp"

// Format is a picture's file format, told by its content.
type Format string

// The contract's formats.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
)

// Header is what a file says of itself before a pixel is decoded.
type Header struct {
	Format        Format
	Width, Height int // pixels as stored, each within the contract's limits

	layout layout // of a JPEG
}

// Inspect checks a file's size, format, pixel size and wholeness, in this order, without decoding it. Its errors are
// the contract's, and name param.
func Inspect(file []byte, param string) (Header, error) {
	if len(file) > cardpp.MaxFileBytes {
		return Header{}, cardpp.NewError(cardpp.FileTooLarge, param)
	}
	h, rest, ok := readHeader(file)
	if !ok {
		return Header{}, cardpp.NewError(cardpp.UnsupportedFormat, param)
	}
	if min(h.Width, h.Height) < cardpp.MinSide || max(h.Width, h.Height) > cardpp.MaxSide {
		return Header{}, cardpp.NewError(cardpp.InvalidImageSize, param)
	}
	if !h.whole(rest) {
		return Header{}, cardpp.NewError(cardpp.UnsupportedFormat, param)
	}
	return h, nil
}

// readHeader tells the format by the content and reads the header; rest is what follows it.
func readHeader(file []byte) (h Header, rest []byte, ok bool) {
	switch {
	case isJPEG(file):
		return readJPEGHeader(file)
	case isPNG(file):
		return readPNGHeader(file)
	}
	return Header{}, nil, false
}

// whole reports whether the file reaches its end marker, so that a truncated upload costs no call.
func (h Header) whole(rest []byte) bool {
	if h.Format == JPEG {
		return wholeJPEG(rest)
	}
	return wholePNG(rest)
}
