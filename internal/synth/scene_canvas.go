// The canvas: a frame under construction, in linear light, and the colour curve between it and sRGB.

package synth

import (
	"math"
	"sync"
)

// canvas is a picture in linear light, three interleaved channels, rows top to bottom: 0 is black, 1 is the white that
// a correctly exposed sheet of paper gives; highlights may exceed 1.
type canvas struct {
	pix   []float32
	owner []uint8 // who covers most of each pixel: 0 the background, else the id of a slab; nil when nobody asks
	w, h  int
}

// tint is a colour in linear light.
type tint [3]float32

func (c tint) times(k float32) tint { return tint{c[0] * k, c[1] * k, c[2] * k} }

func (c tint) mix(d tint, t float32) tint {
	return tint{c[0] + (d[0]-c[0])*t, c[1] + (d[1]-c[1])*t, c[2] + (d[2]-c[2])*t}
}

// luma is the relative luminance (ITU-R BT.709).
func (c tint) luma() float32 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

var canvasPool sync.Pool

// newCanvas returns a canvas whose pixels are undefined; release gives it back for reuse.
func newCanvas(w, h int) *canvas {
	c, _ := canvasPool.Get().(*canvas)
	if c == nil || cap(c.pix) < 3*w*h {
		c = &canvas{pix: make([]float32, 3*w*h)}
	}
	c.pix, c.owner, c.w, c.h = c.pix[:3*w*h], nil, w, h
	return c
}

func (c *canvas) release() { canvasPool.Put(c) }

func (c *canvas) row(y int) []float32 { return c.pix[3*y*c.w:][:3*c.w] }

// own notes that id covers most of pixel (x, y).
func (c *canvas) own(id uint8, x, y int) {
	if c.owner != nil {
		c.owner[y*c.w+x] = id
	}
}

// linearOf holds the linear value of each 8-bit sRGB value (IEC 61966-2-1).
var linearOf = func() (t [256]float32) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = float32(v / 12.92)
		} else {
			t[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return t
}()

// srgbSteps is how many steps srgbOf has between linear 0 and 1; the curve is steepest at 0, where one step is 0.8 of
// an 8-bit level.
const srgbSteps = 4096

// srgbOf holds the sRGB value, 0 to 255, of linear i/srgbSteps.
var srgbOf = func() (t [srgbSteps + 2]float32) {
	for i := range t {
		v := math.Min(float64(i)/srgbSteps, 1)
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		t[i] = float32(255 * v)
	}
	return t
}()

// encodeLinear returns the sRGB value, 0 to 255, of a linear one.
func encodeLinear(v float32) float32 {
	if v <= 0 {
		return 0
	}
	if v >= 1 {
		return 255
	}
	v *= srgbSteps
	i := int(v)
	return srgbOf[i] + (srgbOf[i+1]-srgbOf[i])*(v-float32(i))
}

// hsvTint returns the colour of hue (turns), saturation and value (0 to 1, sRGB scale).
func hsvTint(hue, sat, val float64) tint {
	var c tint
	for i, shift := range [3]float64{0, 1.0 / 3, 2.0 / 3} {
		h := math.Abs(math.Mod(hue-shift+2, 1)*6 - 3) // distance from the opposite of this primary, 0..3
		t := math.Min(math.Max(h-1, 0), 1)
		v := val * (1 - sat*(1-t))
		c[i] = linearOf[uint8(math.Min(math.Max(v, 0), 1)*255+0.5)]
	}
	return c
}

// raster is a texture in linear light sampled bilinearly, prefiltered to about the size at which it appears.
type raster struct {
	pix  []float32
	w, h int
}

// newRaster converts a picture and box-filters it down by the factor shrink (values near 1 and below keep its size).
func newRaster(p *RGB, shrink float64) *raster {
	if shrink < 1.25 {
		t := &raster{make([]float32, 3*p.Width*p.Height), p.Width, p.Height}
		for i, v := range p.Pix {
			t.pix[i] = linearOf[v]
		}
		return t
	}
	w, h := max(2, int(float64(p.Width)/shrink+0.5)), max(2, int(float64(p.Height)/shrink+0.5))
	t := &raster{make([]float32, 3*w*h), w, h}
	cols := boxTaps(p.Width, w)
	line := make([]float32, 3*w)
	for y, tap := range boxTaps(p.Height, h) {
		out := t.pix[3*y*w:][:3*w]
		for k, wt := range tap.weight {
			src := p.Pix[3*(tap.first+k)*p.Width:][:3*p.Width]
			for x, ct := range cols {
				var r, g, b float32
				for j, cw := range ct.weight {
					q := src[3*(ct.first+j):][:3]
					r += cw * linearOf[q[0]]
					g += cw * linearOf[q[1]]
					b += cw * linearOf[q[2]]
				}
				line[3*x], line[3*x+1], line[3*x+2] = r, g, b
			}
			for i, v := range line {
				out[i] += wt * v
			}
		}
	}
	return t
}

type boxTap struct {
	first  int
	weight []float32
}

// boxTaps returns, for each of n cells laid over from samples, which samples a cell covers and by how much.
func boxTaps(from, n int) []boxTap {
	taps := make([]boxTap, n)
	scale := float64(from) / float64(n)
	for i := range taps {
		a, b := float64(i)*scale, float64(i+1)*scale
		first, last := int(a), min(int(math.Ceil(b)), from)
		t := boxTap{first, make([]float32, last-first)}
		for k := range t.weight {
			lo, hi := math.Max(a, float64(first+k)), math.Min(b, float64(first+k+1))
			t.weight[k] = float32((hi - lo) / (b - a))
		}
		taps[i] = t
	}
	return taps
}

// at returns the colour at (u, v) in texels; the edge texel goes on outside.
func (t *raster) at(u, v float32) (r, g, b float32) {
	u, v = u-0.5, v-0.5
	u, v = max(min(u, float32(t.w-1)), 0), max(min(v, float32(t.h-1)), 0)
	x, y := min(int(u), t.w-2), min(int(v), t.h-2)
	fx, fy := u-float32(x), v-float32(y)
	p := t.pix[3*(y*t.w+x):][:6]
	q := t.pix[3*((y+1)*t.w+x):][:6]
	a, c, d, e := (1-fx)*(1-fy), fx*(1-fy), (1-fx)*fy, fx*fy
	return a*p[0] + c*p[3] + d*q[0] + e*q[3], a*p[1] + c*p[4] + d*q[1] + e*q[4], a*p[2] + c*p[5] + d*q[2] + e*q[5]
}
