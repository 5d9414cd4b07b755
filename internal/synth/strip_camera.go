package synth

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// The strip's photograph: light, shadow and glare on the card, then lens, sensor and codec.

// camera holds the settings of one photograph; what it draws by chance comes from a seed, so that two artworks can be
// taken in exactly the same conditions. The zero camera changes nothing.
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
	switch pickWeighted(r, .25, .45, .15, .15) {
	case 1:
		c.defocus = .012 + .045*absf(float32(r.NormFloat64()))
	case 2:
		c.motion, c.motionTurn = float32(between(r, .08, .35)), float32(between(r, 0, math.Pi))
	case 3:
		c.defocus = .03 + .09*absf(float32(r.NormFloat64()))
	}
	if likely(r, .3) {
		c.sharpen = float32(between(r, .3, 1.6))
	}
	if likely(r, .7) {
		c.noise = float32(between(r, 0, 9) * r.Float64())
	}
	if likely(r, .08) {
		c.noise += float32(between(r, 3, 12))
	}
	if likely(r, .75) {
		c.quality = 35 + r.IntN(62)
	}
	c.gain, c.lift = float32(between(r, .45, 1.25)), 10*float32(r.NormFloat64())
	if likely(r, .12) {
		c.gain = float32(between(r, .12, .45))
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

// take photographs the artwork; the result has the camera's scale.
func (c camera) take(seed uint64, a *artwork) *artwork {
	if !c.on {
		return a
	}
	r := rand.New(rand.NewPCG(seed, 0x57121b))
	p := *a
	s := a.planes[0].clone()
	c.light(r, s, a.scale*c.height)
	if k := c.digit / (a.scale * c.height); k < 1 {
		s = s.shrink(max(int(float32(a.w)*k+.5), 8), max(int(float32(a.h)*k+.5), 4))
		p.scale = a.scale * float32(s.w) / float32(a.w)
	}
	digit := p.scale * c.height
	s.blur(c.defocus * digit)
	if c.motion*digit > .8 {
		s = s.smear(c.motion*digit, c.motionTurn)
	}
	if c.sharpen > 0 {
		soft := s.clone().blur(1.1)
		for i, v := range soft.v {
			s.v[i] += (s.v[i] - v) * c.sharpen
		}
	}
	s.addNoise(r, c.noise)
	if c.quality > 0 {
		s = s.throughJPEG(c.quality)
	}
	p.w, p.h, p.planes = s.w, s.h, []*sheet{s}
	return &p
}

// light applies uneven light, shadows, glare and tone; digit is the height of a digit in pixels.
func (c camera) light(r *rand.Rand, s *sheet, digit float32) {
	uneven := cloud(r, s.w, s.h, float32(s.w)/float32(between(r, .8, 3)), 2, .5)
	depth := float32(between(r, 0, .55))
	for i, u := range uneven.v {
		s.v[i] = s.v[i]*c.gain*(1+depth*(2*u-1)) + c.lift
	}
	for range c.shadows {
		edge := newSheet(s.w, s.h)
		w, h := float32(s.w), float32(s.h)
		x, lean := w*r.Float32(), 2*h*float32(r.NormFloat64())
		wide := w * float32(between(r, .1, 1))
		edge.ink(path{{{x, -1}, {x + wide, -1}, {x + wide + lean, h + 1}, {x + lean, h + 1}}}, placing{sx: 1, sy: 1})
		edge.blur(digit * float32(between(r, .02, .8)))
		k := float32(between(r, .2, .65))
		for i, e := range edge.v {
			s.v[i] *= 1 - k*e
		}
	}
	for range c.glare {
		c.flare(r, s, digit)
	}
	if c.gamma != 1 {
		for i, v := range s.v {
			s.v[i] = 255 * float32(math.Pow(float64(min(max(v, 0), 255)/255), float64(c.gamma)))
		}
		return
	}
	s.apply(func(v float32) float32 { return min(max(v, 0), 255) })
}

// flare adds a soft elliptic reflection that may burn out what lies under it.
func (c camera) flare(r *rand.Rand, s *sheet, digit float32) {
	cx, cy := float32(s.w)*r.Float32(), float32(s.h)*float32(between(r, -.2, 1.2))
	rx, ry := digit*float32(between(r, .3, 4)), digit*float32(between(r, .2, 1.6))
	turn := between(r, 0, math.Pi)
	co, si := float32(math.Cos(turn)), float32(math.Sin(turn))
	power := 255 * float32(between(r, .25, 1.2))
	soft := float32(between(r, 1, 5))
	for y := range s.h {
		dy := float32(y) - cy
		row := s.row(y)
		for x := range row {
			dx := float32(x) - cx
			u, v := (dx*co+dy*si)/rx, (dy*co-dx*si)/ry
			d := u*u + v*v
			if d > 9 {
				continue
			}
			t := min(max((1-d/9)*soft, 0), 1)
			row[x] += power * t * t * (3 - 2*t)
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

// normals is a ring of standard normal samples; noise reads it from a random place on.
var normals = func() (t [1 << 16]float32) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range t {
		t[i] = float32(r.NormFloat64())
	}
	return t
}()

func (f *sheet) addNoise(r *rand.Rand, sigma float32) {
	if sigma <= 0 {
		return
	}
	at := r.Uint32()
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
	out := newSheet(f.w, f.h)
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
		b, _ := a.label(r, c.faces, anyText(r), x, win.y-size/2+float32(r.NormFloat64())*.15*win.h, size, nil)
		x = b.x1 + float32(between(r, .5, 20))
	}
	a.offCard(r)
	a.scratch(r)
	cut := newCut(r, win, scale)
	shoot := newCamera(r, c.height)
	if o.Clean {
		shoot = camera{}
	}
	return StripSample{Pix: cut.strip(shoot.take(r.Uint64(), a)).bytes(), Style: c.style}
}
