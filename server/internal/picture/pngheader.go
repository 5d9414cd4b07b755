package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
)

// pngSignature opens every PNG (ISO/IEC 15948, 5.2).
var pngSignature = []byte("\x89PNG\r\n\x1a\n")

func isPNG(file []byte) bool { return bytes.HasPrefix(file, pngSignature) }

// Colour types of ISO/IEC 15948, table 11.1.
const (
	pngGray      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGrayAlpha = 4
	pngRGBA      = 6
)

// pngChannels gives the samples a pixel of each colour type.
var pngChannels = map[byte]int{pngGray: 1, pngRGB: 3, pngPalette: 1, pngGrayAlpha: 2, pngRGBA: 4}

// readPNGHeader reads the IHDR chunk, which stands first (11.2.2).
func readPNGHeader(file []byte) (h Header, rest []byte, ok bool) {
	kind, b, rest, ok := nextChunk(file[len(pngSignature):])
	if !ok || kind != "IHDR" || len(b) != 13 {
		return Header{}, nil, false
	}
	width, height := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	depth, colour, compression, filter, interlace := b[8], b[9], b[10], b[11], b[12]
	if width == 0 || height == 0 || width > math.MaxInt32 || height > math.MaxInt32 {
		return Header{}, nil, false
	}
	if !legalDepth(colour, depth) || compression != 0 || filter != 0 || interlace > 1 {
		return Header{}, nil, false
	}
	return Header{Format: PNG, Width: int(width), Height: int(height)}, rest, true
}

// legalDepth reports whether a bit depth is allowed for a colour type (table 11.1).
func legalDepth(colour, depth byte) bool {
	switch colour {
	case pngGray:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16
	case pngPalette:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8
	case pngRGB, pngGrayAlpha, pngRGBA:
		return depth == 8 || depth == 16
	}
	return false
}

// nextChunk reads one chunk: length, type, data and the CRC over type and data (5.3).
func nextChunk(b []byte) (kind string, data, rest []byte, ok bool) {
	if len(b) < 12 {
		return "", nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-12) {
		return "", nil, nil, false
	}
	body, sum := b[4:8+n], binary.BigEndian.Uint32(b[8+n:])
	if crc32.ChecksumIEEE(body) != sum {
		return "", nil, nil, false
	}
	return string(body[:4]), body[4:], b[12+n:], true
}

// wholePNG reports whether sound chunks lead to pixel data and to the end chunk, without a second header (5.6) between.
func wholePNG(rest []byte) bool {
	data := false
	for {
		kind, _, next, ok := nextChunk(rest)
		switch {
		case !ok, kind == "IHDR":
			return false
		case kind == "IDAT":
			data = true
		case kind == "IEND":
			return data
		}
		rest = next
	}
}
