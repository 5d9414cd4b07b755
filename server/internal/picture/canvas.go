package picture

import (
	"image/color"

	"ocrbankcard/internal/frame"
)

// canvas is a frame that pixels are put on in any order: luma for each, chroma for each two by two, as in a 4:2:0 JPEG,
// so that the largest colour picture takes 24 MiB.
type canvas struct {
	frame.Frame
	gray bool
}

func newCanvas(width, height int, gray bool) *canvas {
	c := &canvas{gray: gray}
	c.Y = frame.NewPlane(width, height)
	if !gray {
		c.Cb, c.Cr = frame.NewPlane((width+1)/2, (height+1)/2), frame.NewPlane((width+1)/2, (height+1)/2)
	}
	return c
}

// put stores a colour that is not multiplied by its alpha, laid on white. Each pixel is put once.
func (c *canvas) put(x, y int, p color.NRGBA) {
	if p.A != 255 {
		p = onWhite(p)
	}
	if c.gray { // all three are alike
		c.Y.Pix[y*c.Y.Stride+x] = p.R
		return
	}
	luma, cb, cr := color.RGBToYCbCr(p.R, p.G, p.B)
	c.Y.Pix[y*c.Y.Stride+x] = luma
	i := y/2*c.Cb.Stride + x/2
	for _, k := range c.quarters(x, y) {
		c.Cb.Pix[i] += quarter(cb, k)
		c.Cr.Pix[i] += quarter(cr, k)
	}
}

// quarters tells which of the four pixels of a chroma sample this one is. Where the picture ends within the four, the
// last ones count for those that are missing. As ⌊v/4⌋ + ⌊(v+1)/4⌋ + ⌊(v+2)/4⌋ + ⌊(v+3)/4⌋ = v (Hermite), four equal
// pixels give their own chroma, and any four their mean to within one step.
func (c *canvas) quarters(x, y int) []uint8 {
	k := y&1*2 + x&1
	lastX, lastY := x&1 == 0 && x == c.Y.Width-1, y&1 == 0 && y == c.Y.Height-1
	switch {
	case lastX && lastY:
		return quarters[0:4]
	case lastX:
		return quarters[k : k+2]
	case lastY:
		return lower[k]
	}
	return quarters[k : k+1]
}

var (
	quarters = []uint8{0, 1, 2, 3}
	lower    = [2][]uint8{{0, 2}, {1, 3}}
)

func onWhite(p color.NRGBA) color.NRGBA {
	over := func(v uint8) uint8 { return uint8((uint32(v)*uint32(p.A) + 255*uint32(255-p.A) + 127) / 255) }
	return color.NRGBA{over(p.R), over(p.G), over(p.B), 255}
}

func quarter(v, k uint8) uint8 { return uint8((uint32(v) + uint32(k)) >> 2) }
