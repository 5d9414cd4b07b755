package synth

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// The strip's photograph: light, shadow and glare on the card, then lens, sensor and codec.

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
		c.motion, c.motionTurn = float32(between(r, .08, .35)), float32(between(r, 0, math.Pi))
	case 3:
		c.defocus = .03 + .09*absf(float32(r.NormFloat64()))
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
	s.light(p)
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

// light turns the card's tones into the sensor's.
func (s *shot) light(p *sheet) {
	for i, k := range s.gain.v {
		p.v[i] = p.v[i]*k*s.camera.gain + s.lift
	}
	if s.glare != nil {
		for i, v := range s.glare.v {
			p.v[i] += v
		}
	}
	var curve [257]float32
	for i := range curve {
		curve[i] = 255 * float32(math.Pow(float64(i)/255, float64(s.gamma)))
	}
	for i, v := range p.v {
		switch {
		case v <= 0:
			p.v[i] = 0
		case v >= 255:
			p.v[i] = 255
		case s.gamma != 1:
			k := int(v)
			p.v[i] = curve[k] + (curve[k+1]-curve[k])*(v-float32(k))
		}
	}
}

// uneven is smooth light around 1, deeper at one end than the other.
func uneven(r *rand.Rand, w, h int, depth float32) *sheet {
	small := cloud(r, 32, 8, 32/float32(between(r, .8, 3)), 2, .5)
	for i, v := range small.v {
		small.v[i] = 1 + depth*(2*v-1)
	}
	out := small.enlarge(w, h)
	small.free()
	return out
}

// shade lays a shadow with a straight edge across.
func (s *shot) shade(r *rand.Rand, digit float32) {
	edge := newSheet(s.w, s.h)
	w, h := float32(s.w), float32(s.h)
	x, lean := w*r.Float32(), 2*h*float32(r.NormFloat64())
	wide := w * float32(between(r, .1, 1))
	edge.ink(path{{{x, -1}, {x + wide, -1}, {x + wide + lean, h + 1}, {x + lean, h + 1}}}, placing{sx: 1, sy: 1})
	edge.blur(digit * float32(between(r, .02, .8)))
	k := float32(between(r, .2, .65))
	for i, e := range edge.v {
		s.gain.v[i] *= 1 - k*e
	}
	edge.free()
}

// flare adds a soft elliptic reflection that may burn out what lies under it: most are small or weak.
func (f *sheet) flare(r *rand.Rand, digit float32) {
	cx, cy := float32(f.w)*r.Float32(), float32(f.h)*float32(between(r, -.2, 1.2))
	long := float32(r.Float64() * r.Float64())
	rx, ry := digit*(.3+4.5*long), digit*(.15+1.2*r.Float32())
	t := between(r, 0, math.Pi)
	co, si := float32(math.Cos(t)), float32(math.Sin(t))
	power := 255 * float32(between(r, .15, 1.1))
	soft := float32(between(r, .5, 2.2))
	reach := int(max(rx, ry)) + 1
	for y := max(int(cy)-reach, 0); y < min(int(cy)+reach+1, f.h); y++ {
		dy := float32(y) - cy
		row := f.row(y)
		for x := max(int(cx)-reach, 0); x < min(int(cx)+reach+1, f.w); x++ {
			dx := float32(x) - cx
			u, v := (dx*co+dy*si)/rx, (dy*co-dx*si)/ry
			if d := u*u + v*v; d < 1 {
				t := min((1-d)*soft, 1)
				row[x] += power * t * t * (3 - 2*t)
			}
		}
	}
}

// smear averages along a straight line of the given length in pixels.
func (f *sheet) smear(length, turn float32) *sheet {
	g := newSheet(f.w, f.h)
	n := int(length*1.5) + 2
	dx, dy := float32(math.Cos(float64(turn)))*length, float32(math.Sin(float64(turn)))*length
	k := 1 / float32(n)
	for i := range n {
		t := (float32(i)+.5)/float32(n) - .5
		f.addShifted(g, dx*t, dy*t, k)
	}
	return g
}

// addShifted adds k times f, moved by a part of pixels, to g.
func (f *sheet) addShifted(g *sheet, dx, dy, k float32) {
	ix, iy := int(math.Floor(float64(dx))), int(math.Floor(float64(dy)))
	fx, fy := dx-float32(ix), dy-float32(iy)
	w00, w10, w01, w11 := k*(1-fx)*(1-fy), k*fx*(1-fy), k*(1-fx)*fy, k*fx*fy
	for y := range f.h {
		a := f.row(min(max(y+iy, 0), f.h-1))
		b := f.row(min(max(y+iy+1, 0), f.h-1))
		o := g.row(y)
		for x := range o {
			i, j := min(max(x+ix, 0), f.w-1), min(max(x+ix+1, 0), f.w-1)
			o[x] += w00*a[i] + w10*a[j] + w01*b[i] + w11*b[j]
		}
	}
}

// normals is a ring of standard normal samples; noise reads it from some place on.
var normals = func() (t [1 << 16]float32) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range t {
		t[i] = float32(r.NormFloat64())
	}
	return t
}()

func (f *sheet) addNoise(at uint32, sigma float32) {
	if sigma <= 0 {
		return
	}
	for i := range f.v {
		f.v[i] += sigma * normals[uint16(at+uint32(i))]
	}
}

// throughJPEG encodes and decodes the sheet as a gray picture.
func (f *sheet) throughJPEG(quality int) *sheet {
	g := &image.Gray{Pix: f.bytes(), Stride: f.w, Rect: image.Rect(0, 0, f.w, f.h)}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, g, &jpeg.Options{Quality: quality}); err != nil {
		panic("synth: encoding a strip to memory: " + err.Error())
	}
	m, err := jpeg.Decode(&buf)
	if err != nil {
		panic("synth: decoding our own JPEG: " + err.Error())
	}
	back := m.(*image.Gray)
	out := roughSheet(f.w, f.h)
	for y := range f.h {
		for x, v := range back.Pix[y*back.Stride:][:f.w] {
			out.v[y*f.w+x] = float32(v)
		}
	}
	return out
}

// blankStrip draws a strip in which a reader must find nothing: art, words, other things' lines.
func blankStrip(r *rand.Rand, o StripOptions) StripSample {
	c := newStripCard(r, o)
	win := c.window(r, c.row)
	scale := float32(between(r, 17, 27)) / c.height
	mx, my := .12*win.h+.4, .22*win.h+.02*win.w
	w, h := int((win.w+2*mx)*scale), int((win.h+2*my)*scale)
	a := newArtwork(1, w, h, scale, win.x-win.w/2-mx, win.y-win.h/2-my, c.cw, c.ch)
	a.paint(r, AnyArt)
	x := a.ox + float32(between(r, 0, 10))
	for x < a.ox+float32(w)/scale && likely(r, .8) {
		size := c.height * float32(between(r, .4, 1.1))
		b, _ := a.label(r, c.faces, anyWords(r), x, win.y-size/2+float32(r.NormFloat64())*.15*win.h, size, nil)
		x = b.x1 + float32(between(r, .5, 20))
	}
	a.offCard(r)
	a.scratch(r)
	cut := newCut(r, win, scale)
	shoot := newCamera(r, c.height)
	if o.Clean {
		shoot = camera{}
	}
	shot := shoot.expose(r, a)
	strip := cut.photograph(shot, a)
	shot.free()
	s := StripSample{Pix: strip.bytes(), Style: c.style}
	strip.free()
	return s
}
