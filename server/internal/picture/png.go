package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image/color"
	"io"

	"ocrbankcard/internal/frame"
)

var errPNG = errors.New("picture: malformed PNG")

// pngDecoder decodes one file (ISO/IEC 15948) row by row onto a canvas. image/png decodes the same, but holds a whole
// picture in its own depth: 128 MiB for the largest of 16 bits.
type pngDecoder struct {
	width, height int
	depth, colour byte
	interlaced    bool
	palette       []color.NRGBA
	clear         []uint16 // samples of the one colour that tRNS makes transparent, in the file's depth; nil for none

	data       io.Reader // filtered rows, out of zlib
	row, above []byte    // the row being read and the one above it
	canvas     *canvas
}

// decodePNG decodes a file whose chunks are sound: see wholePNG.
func decodePNG(file []byte, h Header) (*frame.Frame, error) {
	d := &pngDecoder{width: h.Width, height: h.Height}
	if err := d.readChunks(file[len(pngSignature):]); err != nil {
		return nil, err
	}
	d.canvas = newCanvas(d.width, d.height, d.colour == pngGray || d.colour == pngGrayAlpha)
	for _, p := range d.passes() {
		if err := d.readPass(p); err != nil {
			return nil, err
		}
	}
	return &d.canvas.Frame, nil
}

// readChunks reads what stands before the pixels, and opens the stream of all IDAT chunks together (10.1).
func (d *pngDecoder) readChunks(rest []byte) (err error) {
	var parts []io.Reader
	for {
		kind, b, next, ok := nextChunk(rest)
		if !ok {
			return errPNG
		}
		rest = next
		switch kind {
		case "IHDR":
			d.depth, d.colour, d.interlaced = b[8], b[9], b[12] == 1
		case "PLTE":
			err = d.readPalette(b)
		case "tRNS":
			err = d.readTransparency(b)
		case "IDAT":
			parts = append(parts, bytes.NewReader(b))
		case "IEND":
			if d.colour == pngPalette && d.palette == nil {
				return errPNG
			}
			d.data, err = zlib.NewReader(io.MultiReader(parts...))
			return err
		}
		if err != nil {
			return err
		}
	}
}

// readPalette reads up to 256 colours (11.2.3).
func (d *pngDecoder) readPalette(b []byte) error {
	if len(b)%3 != 0 || len(b) > 3*256 || len(b) == 0 {
		return errPNG
	}
	d.palette = make([]color.NRGBA, len(b)/3)
	for i := range d.palette {
		d.palette[i] = color.NRGBA{b[3*i], b[3*i+1], b[3*i+2], 255}
	}
	return nil
}

// readTransparency reads an alpha for each colour of the palette, or one colour that is transparent (11.3.2.1).
func (d *pngDecoder) readTransparency(b []byte) error {
	switch d.colour {
	case pngPalette:
		if len(b) > len(d.palette) {
			return errPNG
		}
		for i, a := range b {
			d.palette[i].A = a
		}
	case pngGray, pngRGB:
		if len(b) != 2*pngChannels[d.colour] {
			return errPNG
		}
		for i := 0; i < len(b); i += 2 {
			d.clear = append(d.clear, binary.BigEndian.Uint16(b[i:]))
		}
	}
	return nil
}

// pass is a picture within the picture: every dx-th pixel from x on, of every dy-th row from y on.
type pass struct{ x, y, dx, dy int }

// adam7 are the passes of an interlaced picture (8.2).
var adam7 = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}

func (d *pngDecoder) passes() []pass {
	if d.interlaced {
		return adam7
	}
	return []pass{{0, 0, 1, 1}}
}

// readPass decodes the rows of one pass.
func (d *pngDecoder) readPass(p pass) error {
	columns, rows := (d.width-p.x+p.dx-1)/p.dx, (d.height-p.y+p.dy-1)/p.dy
	if columns == 0 || rows == 0 { // of a picture smaller than 5 pixels
		return nil
	}
	bits := pngChannels[d.colour] * int(d.depth)
	step := max(1, bits/8) // bytes between a sample and the one to its left that filters refer to
	size := (columns*bits + 7) / 8
	d.row, d.above = make([]byte, 1+size), make([]byte, 1+size)
	for j := range rows {
		if _, err := io.ReadFull(d.data, d.row); err != nil {
			return err
		}
		if err := unfilter(d.row[0], d.row[1:], d.above[1:], step); err != nil {
			return err
		}
		if err := d.putRow(p, j, columns); err != nil {
			return err
		}
		d.row, d.above = d.above, d.row
	}
	return nil
}

// putRow puts row j of a pass onto the canvas.
func (d *pngDecoder) putRow(p pass, j, columns int) error {
	y := p.y + j*p.dy
	for i := range columns {
		c, ok := d.pixel(d.row[1:], i)
		if !ok {
			return errPNG
		}
		d.canvas.put(p.x+i*p.dx, y, c)
	}
	return nil
}
