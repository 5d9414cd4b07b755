package jpegplanes

import (
	"image/color"

	"ocrbankcard/internal/frame"
)

// planeOfSequential makes room for a component of a sequential file, whose samples come at once.
func (d *decoder) planeOfSequential(c *component) frame.Plane {
	if d.progressive {
		return frame.Plane{}
	}
	return d.newPlane(c)
}

// assemble makes a frame of the planes.
func (d *decoder) assemble() (*frame.Frame, error) {
	first := d.components[0]
	if first.h != d.hMax || first.v != d.vMax {
		return nil, ErrFormat
	}
	for _, c := range d.components {
		if c.quant == nil || c.halved && !d.ycc() { // a marker after the frame's header has changed its meaning
			return nil, ErrFormat
		}
	}
	switch {
	case len(d.components) == 1:
		return &frame.Frame{Y: d.cut(first)}, nil
	case len(d.components) == 3 && d.ycc():
		b, r := d.components[1], d.components[2]
		if b.h != r.h || b.v != r.v {
			return nil, ErrFormat
		}
		return &frame.Frame{Y: d.cut(first), Cb: d.cut(b), Cr: d.cut(r)}, nil
	case len(d.components) == 4 && d.adobe < 0:
		return nil, ErrFormat
	}
	return d.mix(), nil
}

// cut leaves away what fills up the last blocks.
func (d *decoder) cut(c *component) frame.Plane {
	p := c.plane
	p.Width, p.Height = ceil(d.width*c.h, d.hMax), ceil(d.height*c.v, d.vMax)
	if c.halved {
		p.Width, p.Height = ceil(p.Width, 2), ceil(p.Height, 2)
	}
	return p
}

// mix turns red, green and blue, or four inks, into luma and chroma of half the resolution. Luma takes the place of the
// first component: each sample is read before it is written.
func (d *decoder) mix() *frame.Frame {
	out := &frame.Frame{Y: d.cut(d.components[0])}
	out.Cb = frame.NewPlane(ceil(d.width, 2), ceil(d.height, 2))
	out.Cr = frame.NewPlane(ceil(d.width, 2), ceil(d.height, 2))
	for y := range d.height {
		row, cb, cr := out.Y.Row(y), out.Cb.Row(y/2), out.Cr.Row(y/2)
		for x := range row {
			luma, b, r := color.RGBToYCbCr(d.colour(x, y))
			row[x] = luma
			if x&1 == 0 && y&1 == 0 { // one of four stands for all: the card's colours are broad
				cb[x/2], cr[x/2] = b, r
			}
		}
	}
	return out
}

// colour returns the red, green and blue of a pixel. Adobe writes inks inverted: 255 is none. With its transform 2 the
// first three are Y, Cb and Cr of the inks that are not inverted.
func (d *decoder) colour(x, y int) (r, g, b uint8) {
	a0, a1, a2 := d.sample(0, x, y), d.sample(1, x, y), d.sample(2, x, y)
	if len(d.components) == 3 {
		return a0, a1, a2
	}
	if d.adobe != 0 {
		r, g, b := color.YCbCrToRGB(a0, a1, a2)
		a0, a1, a2 = 255-r, 255-g, 255-b
	}
	paper := uint32(d.sample(3, x, y))
	return uint8(uint32(a0) * paper / 255), uint8(uint32(a1) * paper / 255), uint8(uint32(a2) * paper / 255)
}

func (d *decoder) sample(i, x, y int) uint8 {
	c := d.components[i]
	return c.plane.Pix[y*c.v/d.vMax*c.plane.Stride+x*c.h/d.hMax]
}
