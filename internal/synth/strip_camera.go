// The strip's photograph: light, shadow and glare on the card, then lens, sensor and codec.

package synth

import (
	"math"
	"math/rand/v2"
)

// camera holds the settings of one photograph. The zero camera changes nothing.
type camera struct {
	on         bool
	digit      float32 // height of a digit in camera pixels
	height     float32 // of a digit in mm
	defocus    float32 // of the digit's height
	motion     float32 // length of the smear over the digit's height
	motionTurn float32
	sharpen    float32
	noise      float32
	quality    int // of the JPEG; 0 for none
	gain, lift float32
	gamma      float32
	glare      int
	shadows    int
}

func newCamera(r *rand.Rand, height float32) camera {
	c := camera{on: true, height: height, gamma: 1}
	c.digit = float32(math.Exp(between(r, math.Log(8.5), math.Log(30))))
	c.gain, c.lift = float32(between(r, .7, 1.2)), 8*float32(r.NormFloat64())
	if likely(r, .3) { // a scan or a rendered picture
		c.digit = float32(between(r, 12, 30))
		c.gain, c.lift = 1, 0
		if likely(r, .5) {
			c.quality = 50 + r.IntN(48)
		}
		if likely(r, .3) {
			c.defocus = .012 + .02*absf(float32(r.NormFloat64()))
		}
		return c
	}
	switch pickWeighted(r, .3, .45, .13, .12) {
	case 1:
		c.defocus = .012 + .045*absf(float32(r.NormFloat64()))
	case 2:
		c.motion, c.motionTurn = float32(between(r, .08, .3)), float32(between(r, 0, math.Pi))
	case 3:
		c.defocus = min(.03+.08*absf(float32(r.NormFloat64())), .2)
	}
	if likely(r, .4) {
		c.sharpen = float32(between(r, .3, 1.8))
	}
	if likely(r, .7) {
		c.noise = float32(between(r, 0, 9) * r.Float64())
	}
	if likely(r, .08) {
		c.noise += float32(between(r, 3, 12))
	}
	if likely(r, .8) {
		c.quality = 35 + r.IntN(62)
	}
	switch pickWeighted(r, .75, .2, .05) {
	case 1:
		c.gain = float32(between(r, .4, .7))
	case 2:
		c.gain = float32(between(r, .15, .4))
	}
	if likely(r, .3) {
		c.gamma = float32(between(r, .6, 1.6))
	}
	if likely(r, .3) {
		c.glare = 1 + r.IntN(3)
	}
	if likely(r, .2) {
		c.shadows = 1 + r.IntN(2)
	}
	return c
}

// smudges reports whether the lens or the hand alone makes digits unreadable: strokes half a digit apart run together.
func (c camera) smudges() bool { return c.defocus > .145 || c.motion > .25 }

// shot is one photograph's chance: the light that falls on the card and the sensor's noise, the same for every artwork
// taken with it.
type shot struct {
	camera
	w, h   int // camera pixels
	scale  float32
	gain   *sheet // factor of the card's tone
	glare  *sheet // added light; nil for none
	noiseA uint32 // where in the ring the noise starts
}

// expose draws the light for photographs of artworks like a.
func (c camera) expose(r *rand.Rand, a *artwork) *shot {
	s := &shot{camera: c, w: a.w, h: a.h, scale: a.scale, noiseA: r.Uint32()}
	if !c.on {
		return s
	}
	if k := c.digit / (a.scale * c.height); k < 1 {
		s.w, s.h = max(int(float32(a.w)*k+.5), 8), max(int(float32(a.h)*k+.5), 4)
		s.scale = a.scale * float32(s.w) / float32(a.w)
	}
	digit := s.scale * c.height
	s.gain = uneven(r, s.w, s.h, float32(between(r, 0, .55)))
	for range c.shadows {
		s.shade(r, digit)
	}
	if c.glare > 0 {
		s.glare = newSheet(s.w, s.h)
		for range c.glare {
			s.glare.flare(r, digit)
		}
	}
	return s
}

// take photographs the artwork; the result has the camera's scale.
func (s *shot) take(a *artwork) *artwork {
	if !s.on {
		return a
	}
	p := a.planes[0]
	if s.w < a.w {
		p = p.shrink(s.w, s.h)
	} else {
		p = p.clone()
	}
	s.light(p, s.tilt(a))
	digit := s.scale * s.height
	p.blur(s.defocus * digit)
	if s.motion*digit > .8 {
		moved := p.smear(s.motion*digit, s.motionTurn)
		p.free()
		p = moved
	}
	if s.sharpen > 0 {
		soft := p.clone().blur(1.1)
		for i, v := range soft.v {
			p.v[i] += (p.v[i] - v) * s.sharpen
		}
		soft.free()
	}
	p.addNoise(s.noiseA, s.noise)
	if s.quality > 0 {
		coded := p.throughJPEG(s.quality)
		p.free()
		p = coded
	}
	out := *a
	out.tilt = nil
	out.scale, out.w, out.h, out.planes = s.scale, s.w, s.h, []*sheet{p}
	return &out
}

func (s *shot) free() {
	if s.gain != nil {
		s.gain.free()
	}
	if s.glare != nil {
		s.glare.free()
	}
}
