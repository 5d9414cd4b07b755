// The camera's faults: from the light on the sensor to the decoded JPEG that the engine is given.

package synth

import (
	"math"
	"math/rand/v2"
	"sync"
)

// sensor says how a camera takes the picture. The zero value takes a perfect one.
type sensor struct {
	defocus     float64 // standard deviation, pixels
	motion      float64 // length, pixels
	direction   float64 // of the motion, radians
	resolution  float64 // share of the frame's pixels a side that the sensor really has; 0 means all
	contrast    float64 // how far the tone curve bends into an S, 0 to 1
	haze        float64 // veil of stray light, linear
	moire       float64 // strength of a screen's pixel grid
	noise       float64 // standard deviation at middle gray, 8-bit levels
	colourNoise bool
	sharpen     float64 // unsharp masking, as a factor
	quality     int     // JPEG, 1 to 100; 0 stores the pixels as they are
	seed        uint64
}

// drawSensor draws a camera. Renders (mock-ups and scans) are nearly perfect.
func drawSensor(r *rand.Rand, rendered bool) *sensor {
	s := &sensor{seed: r.Uint64()}
	if rendered {
		if likely(r, 0.35) {
			s.resolution = between(r, 0.35, 1)
		}
		if likely(r, 0.25) {
			s.sharpen = between(r, 0.2, 1)
		}
		if likely(r, 0.8) {
			s.quality = 50 + r.IntN(48)
		}
		s.noise = between(r, 0, 1.5) * r.Float64()
		return s
	}
	switch pickWeighted(r, 50, 14, 36) {
	case 0:
		s.defocus = math.Abs(r.NormFloat64())*0.9 + 0.2
	case 1:
		s.motion, s.direction = between(r, 2, 9), between(r, 0, math.Pi)
	}
	if likely(r, 0.25) {
		s.resolution = between(r, 0.4, 0.95)
	}
	s.contrast = between(r, 0, 0.7)
	s.haze = between(r, 0, 0.06) * r.Float64()
	if likely(r, 0.03) {
		s.moire = between(r, 0.05, 0.4)
	}
	s.noise = 0.4 + between(r, 0, 8)*r.Float64()
	if likely(r, 0.06) {
		s.noise += between(r, 4, 14)
	}
	s.colourNoise = likely(r, 0.5)
	if likely(r, 0.45) {
		s.sharpen = between(r, 0.2, 1.5)
	}
	if likely(r, 0.93) {
		s.quality = 35 + r.IntN(63)
	}
	return s
}

// take returns the picture that the sensor makes of the canvas, which it uses up.
func (s *sensor) take(c *canvas) *RGB {
	if s.resolution > 0 {
		resampleDown(c, s.resolution)
	}
	gaussianBlur(c, s.defocus)
	motionBlur(c, s.motion, s.direction)
	if s.moire > 0 {
		s.screen(c)
	}
	p := s.develop(c)
	c.release()
	if s.sharpen > 0 {
		sharpen(p, s.sharpen)
	}
	if s.quality > 0 {
		compress(p, s.quality)
	}
	return p
}

// screen multiplies by the grid of a display's red, green and blue stripes beating with the sensor's pixels.
func (s *sensor) screen(c *canvas) {
	r := rand.New(rand.NewPCG(s.seed, 2))
	kx, ky := float32(between(r, 0.3, 3)), float32(between(r, 0.3, 3))
	turn := float32(between(r, -0.15, 0.15))
	m := float32(s.moire)
	for y := range c.h {
		row := c.row(y)
		for x := range c.w {
			u, v := float32(x)*kx+float32(y)*turn*kx, float32(y)*ky-float32(x)*turn*ky
			g := 1 + m*0.5*quickSin(v)
			for ch := range 3 {
				row[3*x+ch] *= g + m*quickSin(u+float32(ch)*2.094)
			}
		}
	}
}

// bell holds a fixed sequence of standard normal values, so that noise costs a look-up.
var bell = sync.OnceValue(func() *[1 << 16]float32 {
	r := rand.New(rand.NewPCG(6, 0x5eed))
	t := new([1 << 16]float32)
	for i := range t {
		t[i] = float32(r.NormFloat64())
	}
	return t
})

// develop turns linear light into 8-bit sRGB by the tone curve, with noise: shot noise grows with the root of the light
// and the curve amplifies what lies in the dark.
func (s *sensor) develop(c *canvas) *RGB {
	p := NewRGB(c.w, c.h)
	curve, gain := s.tone()
	r := rand.New(rand.NewPCG(s.seed, 1))
	n := bell()
	for y := range c.h {
		in, out := c.row(y), p.Pix[3*y*c.w:][:3*c.w]
		at := r.Uint32()
		for x := 0; x < len(in); x += 3 {
			shared := n[at&0xffff]
			for ch := range 3 {
				k := int(max(min(in[x+ch], 1), 0) * srgbSteps)
				e := shared
				if s.colourNoise {
					e = n[(at+uint32(ch)*7919)&0xffff]
				}
				v := curve[k] + gain[k]*e
				out[x+ch] = uint8(max(min(v, 254.5), 0) + 0.5)
			}
			at++
		}
	}
	return p
}

// tone returns the tone curve and the noise's standard deviation, both in 8-bit levels over linear light in srgbSteps.
func (s *sensor) tone() (curve, gain *[srgbSteps + 1]float32) {
	curve, gain = new([srgbSteps + 1]float32), new([srgbSteps + 1]float32)
	for i := range curve {
		lin := (float32(i)/srgbSteps + float32(s.haze)) / (1 + float32(s.haze))
		v := encodeLinear(lin) / 255
		v += float32(s.contrast) * (v*v*(3-2*v) - v)
		curve[i] = 255 * v
		gain[i] = float32(s.noise) * (0.55 + 0.9*float32(math.Sqrt(float64(lin)))*(1-v) + 0.35*(1-v))
	}
	return curve, gain
}

// sharpen adds k times the difference from a 3×3 average, as phones do; the outermost pixels stay.
func sharpen(p *RGB, k float64) {
	amount := int32(k * 256 / 16)
	stride := 3 * p.Width
	prev, cur := make([]uint8, stride), make([]uint8, stride)
	copy(prev, p.Pix[:stride])
	for y := 1; y < p.Height-1; y++ {
		row := p.Pix[y*stride:][:stride]
		next := p.Pix[(y+1)*stride:][:stride]
		copy(cur, row)
		for i := 3; i < stride-3; i++ {
			mid := int32(cur[i])
			around := int32(prev[i-3]) + int32(prev[i+3]) + int32(next[i-3]) + int32(next[i+3]) +
				2*(int32(prev[i])+int32(next[i])+int32(cur[i-3])+int32(cur[i+3]))
			v := mid + (amount*(12*mid-around))>>8
			row[i] = uint8(max(min(v, 255), 0))
		}
		prev, cur = cur, prev
	}
}

// ease keeps the sensor's faults below what hides a digit.
func (s *sensor) ease() {
	s.defocus, s.motion = math.Min(s.defocus, 0.7), 0
	s.moire, s.haze = 0, 0
	s.noise = math.Min(s.noise, 4)
	if s.resolution > 0 {
		s.resolution = math.Max(s.resolution, 0.85)
	}
	if s.quality > 0 {
		s.quality = max(s.quality, 80)
	}
}
