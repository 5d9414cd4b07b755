package picture

import (
	"bytes"
	"encoding/binary"

	"ocrbankcard/server/internal/jpegplanes"
)

// The markers of ITU-T T.81, table B.1, that matter here.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF   = 0xcf // last of the frame headers
	markerAPP0  = 0xe0 // JFIF's
	markerAPP14 = 0xee // Adobe's
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
)

// layout is what decides the memory that decoding takes.
type layout struct {
	progressive bool
	samples     float64 // samples over all components, a pixel: 1.5 for 4:2:0
	components  int
	rgb         bool // three components are red, green and blue, not luma and chroma
}

func isJPEG(file []byte) bool {
	return len(file) > 3 && file[0] == 0xff && file[1] == markerSOI && file[2] == 0xff
}

// readJPEGHeader walks the marker segments up to the frame header (T.81, B.2.2).
func readJPEGHeader(file []byte) (h Header, rest []byte, ok bool) {
	rest = file[2:]
	jfif, adobe := false, -1 // transform of Adobe's marker
	for {
		marker, segment, next, ok := jpegplanes.NextSegment(rest)
		if !ok {
			return Header{}, nil, false
		}
		rest = next
		switch {
		case marker == markerAPP0:
			jfif = jfif || bytes.HasPrefix(segment, []byte("JFIF\x00"))
		case marker == markerAPP14 && len(segment) >= 12 && bytes.HasPrefix(segment, []byte("Adobe")):
			adobe = int(segment[11])
		case marker == markerSOF0 || marker == markerSOF1 || marker == markerSOF2:
			h, ok = frameHeader(segment)
			h.layout.progressive = marker == markerSOF2
			h.layout.rgb = ok && h.layout.components == 3 && !jfif && (adobe == 0 || adobe < 0 && namedRGB(segment))
			return h, rest, ok
		case marker > markerSOF2 && marker <= markerSOF && marker != markerDHT && marker != markerJPG && marker != markerDAC:
			return Header{}, nil, false // lossless, hierarchical, arithmetic
		case marker == markerSOS || marker == markerEOI:
			return Header{}, nil, false
		}
	}
}

// frameHeader reads a SOF segment: precision, lines, samples a line, and each component's sampling factors.
func frameHeader(b []byte) (Header, bool) {
	if len(b) < 6 || b[0] != 8 {
		return Header{}, false
	}
	components := int(b[5])
	if components == 0 || components > 4 || len(b) < 6+3*components {
		return Header{}, false
	}
	var blocks, most int
	for i := range components {
		factors := b[6+3*i+1]
		n := int(factors>>4) * int(factors&15)
		blocks, most = blocks+n, max(most, n)
	}
	h := Header{
		Format: JPEG,
		Height: int(binary.BigEndian.Uint16(b[1:])),
		Width:  int(binary.BigEndian.Uint16(b[3:])),
		layout: layout{components: components, samples: float64(blocks) / float64(max(most, 1))},
	}
	return h, most > 0 && h.Width > 0 && h.Height > 0
}

// namedRGB reports whether the three components of a frame header bear the letters of red, green and blue.
func namedRGB(b []byte) bool { return b[6] == 'R' && b[9] == 'G' && b[12] == 'B' }

// wholeJPEG reports whether an end marker follows the first scan header. Within entropy-coded data 0xff is always
// followed by 0x00 or a restart marker (F.1.2.3), so the two bytes cannot appear there by chance.
func wholeJPEG(rest []byte) bool {
	for {
		marker, _, next, ok := jpegplanes.NextSegment(rest)
		if !ok || marker == markerEOI {
			return false
		}
		if rest = next; marker == markerSOS {
			const near = 1 << 10 // of the end, where the marker nearly always is
			end := []byte{0xff, markerEOI}
			return bytes.Contains(rest[max(0, len(rest)-near):], end) || bytes.Contains(rest, end)
		}
	}
}

// scansOver reports whether a JPEG has more scans than most before its end marker.
func scansOver(file []byte, most int) bool {
	rest := file[2:]
	for n := 0; n <= most; {
		marker, _, next, ok := jpegplanes.NextSegment(rest)
		if !ok || marker == markerEOI {
			return false
		}
		if rest = next; marker == markerSOS {
			n++
		}
	}
	return true
}
