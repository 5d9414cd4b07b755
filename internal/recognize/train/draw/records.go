package main

import (
	"encoding/binary"
	"math"

	"ocrbankcard/internal/geometry"
)

// Sizes of the records; shards.py holds their Python twins, field by field in the same order, little-endian and packed.
const (
	maxDigits, maxCards, maxRows = 19, 3, 4

	stripWidth, stripHeight = 352, 32
	locateSide              = 200
	viewWidth, viewHeight   = 192, 128
)

// stripRecord is a line of digits for the reader.
type stripRecord struct {
	pixels []byte // stripHeight rows of luma
	digits []stripDigit
	style  uint8
	scene  bool // cut from a whole scene
}

type stripDigit struct {
	digit    int
	x        float64 // of the glyph's centre, in pixels
	readable bool
}

func (s *stripRecord) append(b []byte) []byte {
	b = append(b, s.pixels...)
	n := min(len(s.digits), maxDigits)
	for i := range maxDigits {
		v := int8(-1)
		if i < n {
			v = int8(s.digits[i].digit)
		}
		b = append(b, byte(v))
	}
	for i := range maxDigits {
		b = append(b, bit(i < n && s.digits[i].readable))
	}
	for i := range maxDigits {
		x := 0.0
		if i < n {
			x = s.digits[i].x
		}
		b = appendFloat(b, x)
	}
	return append(b, s.style, bit(s.scene))
}

// locateRecord is a letterboxed frame for the locator.
type locateRecord struct {
	planes  []byte    // Y, Cb, Cr, locateSide² each
	content [4]uint16 // x0, y0, x1, y1 of the frame in the square
	quads   []geometry.Quad
}

func (l *locateRecord) append(b []byte) []byte {
	b = append(b, l.planes...)
	for _, v := range l.content {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	n := min(len(l.quads), maxCards)
	b = append(b, byte(n))
	for i := range maxCards {
		q := geometry.Quad{}
		if i < n {
			q = l.quads[i]
		}
		b = appendQuad(b, q)
	}
	return b
}

// viewRecord is a rectified quad with its margin, for the card net.
type viewRecord struct {
	planes []byte // Y, Cb, Cr, viewWidth × viewHeight each
	inside []byte // bits, most significant first
	card   bool
	quad   geometry.Quad // the true corners in the view, the side on the view's top first
	lines  []viewLine
}

// viewLine is a line of the number in the view, from the first glyph's left end to the last one's right end.
type viewLine struct {
	from, to geometry.Point
	height   float64 // of the glyphs
	turn     uint8   // reading direction in quarter turns, 0 to the right, clockwise
	readable bool
}

func (v *viewRecord) append(b []byte) []byte {
	b = append(b, v.planes...)
	b = append(b, v.inside...)
	b = append(b, bit(v.card))
	b = appendQuad(b, v.quad)
	n := min(len(v.lines), maxRows)
	b = append(b, byte(n))
	at := func(i int) (l viewLine) {
		if i < n {
			l = v.lines[i]
		}
		return l
	}
	for i := range maxRows {
		l := at(i)
		for _, x := range []float64{l.from.X, l.from.Y, l.to.X, l.to.Y, l.height} {
			b = appendFloat(b, x)
		}
	}
	for i := range maxRows {
		b = append(b, at(i).turn)
	}
	for i := range maxRows {
		b = append(b, bit(at(i).readable))
	}
	return b
}

func appendQuad(b []byte, q geometry.Quad) []byte {
	for _, p := range q {
		b = appendFloat(appendFloat(b, p.X), p.Y)
	}
	return b
}

func appendFloat(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}
