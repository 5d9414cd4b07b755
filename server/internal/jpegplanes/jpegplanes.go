// Package jpegplanes decodes the JPEGs (ITU-T T.81) that image/jpeg decodes at great cost: progressive ones, whose
// coefficients it holds for all components at once in 32 bits, and those of four inks. Here progressive files are
// walked once for each component, so that the coefficients of one at a time are held, in 16 bits; chroma of full
// resolution is halved as it is decoded; inks become luma in place. The largest picture takes 60 to 85 MB instead of
// 250, and a file with an absurd number of scans is refused rather than worked on for minutes.
package jpegplanes

import (
	"errors"

	"ocrbankcard/internal/frame"
)

// ErrFormat is returned for files that are damaged, and for the few kinds that nobody writes: arithmetic coding,
// lossless, sampling in which luma isn't the finest, four inks without Adobe's marker.
var ErrFormat = errors.New("jpegplanes: malformed or unsupported JPEG")

// maxScans bounds the work that a small file can ask for. Encoders write about ten.
const maxScans = 50

// decoder holds one file's state. A walk goes through all of its segments.
type decoder struct {
	tables
	width, height int
	progressive   bool
	components    []*component
	hMax, vMax    int // largest sampling factors
	jfif          bool
	adobe         int // colour transform of the APP14 marker; -1 without it
	scans         int

	want  *component // of a progressive file: whose coefficients this walk collects
	coefs []int16    // of want: 64 to a block, in natural order
	there []uint64   // and which of a block's are not zero, the first in zigzag order left out

	bits   bitReader
	eobRun int // blocks that an end-of-band run still covers
}

// component is one channel.
type component struct {
	id             byte
	h, v           int // sampling factors
	selector       byte
	columns, rows  int // blocks that hold the picture
	stride         int // blocks in a row, those that fill up the last unit included
	blocks         int // all of them
	quant          *[64]uint16
	dc             int
	dcTable, acTab byte
	plane          frame.Plane
	halved         bool // both sides of plane are half of the component's
}

// Decode returns the picture as luma and chroma.
func Decode(file []byte) (*frame.Frame, error) {
	d := &decoder{adobe: -1}
	if err := d.walk(file); err != nil {
		return nil, err
	}
	if d.progressive {
		for _, c := range d.components {
			if err := d.collect(file, c); err != nil {
				return nil, err
			}
		}
		d.coefs, d.there = nil, nil
	}
	return d.assemble()
}

// collect walks a progressive file for one component, and turns its coefficients into samples.
func (d *decoder) collect(file []byte, c *component) error {
	if n := c.blocks; cap(d.there) >= n {
		d.coefs, d.there = d.coefs[:64*n], d.there[:n]
		clear(d.coefs)
		clear(d.there)
	} else {
		d.coefs, d.there = make([]int16, 64*n), make([]uint64, n)
	}
	d.want = c
	if err := d.walk(file); err != nil {
		return err
	}
	if c.quant == nil { // no scan was about it
		return ErrFormat
	}
	c.plane = d.newPlane(c)
	for i := range c.blocks {
		d.render(c, i, (*[64]int16)(d.coefs[64*i:]))
	}
	return nil
}

// newPlane makes room for whole blocks; the picture is cut out of it at the end.
func (d *decoder) newPlane(c *component) frame.Plane {
	side := 8
	if c.halved {
		side = 4
	}
	return frame.NewPlane(side*c.stride, side*c.blocks/c.stride)
}
