// Everything on a card that is not its number: chip, marks, names, dates, small print, and the back's furniture.

package synth

import (
	"math"
	"math/rand/v2"
)

func (d *draft) furnish() {
	if d.back {
		d.stripe()
	}
	if likely(d.r, .7) {
		d.chip()
	}
	if likely(d.r, .35) {
		d.contactless()
	}
	if likely(d.r, .6) {
		d.mark()
	}
	if likely(d.r, .12) {
		d.hologram()
	}
	if likely(d.r, .08) {
		d.barcode()
	}
	if likely(d.r, .05) {
		d.matrix()
	}
	d.words()
}

// claim reserves a box for a thing if nothing is there yet and it lies on the card.
func (d *draft) claim(b box) bool {
	if b.x0 < .5 || b.y0 < .5 || b.x1 > d.width-.5 || b.y1 > d.height-.5 || !b.free(d.taken) {
		return false
	}
	d.taken = append(d.taken, b)
	return true
}

// stripe draws the magnetic stripe near the top (ISO/IEC 7811-2 puts it 15.8 mm down at most) and often a signature
// panel.
func (d *draft) stripe() {
	y := float32(between(d.r, 3, 5.5))
	b := box{0, y, d.width, y + float32(between(d.r, 9, 13))}
	if !b.free(d.taken) {
		return
	}
	d.taken = append(d.taken, b)
	d.art.paintPath(b.rect(), gray(float32(between(d.r, 8, 45))), .97)
	if likely(d.r, .6) {
		x, top := float32(between(d.r, 3, 15)), b.y1+float32(between(d.r, 2, 6))
		p := box{x, top, x + float32(between(d.r, 30, 60)), top + float32(between(d.r, 6, 9))}
		if d.claim(p) {
			d.art.paintPath(p.rect(), gray(float32(between(d.r, 215, 250))), .95)
		}
	}
}

// chip draws the contact plate where ISO/IEC 7816-2 has it, give or take.
func (d *draft) chip() {
	w, h := float32(11.8*between(d.r, .92, 1.1)), float32(9.6*between(d.r, .92, 1.2))
	x, y := float32(9.5+1.2*d.r.NormFloat64()), float32(18+1.2*d.r.NormFloat64())
	switch {
	case d.height > d.width:
		x, y, w, h = d.width/2-h/2, float32(between(d.r, 6, 22)), h, w
	case d.sideways:
		x, y = float32(between(d.r, 6, 22)), d.height/2-h/2
	}
	b := box{x, y, x + w, y + h}
	if !d.claim(b) {
		return
	}
	tone := shade{215, 185, 110}
	if likely(d.r, .5) {
		tone = shade{205, 205, 202}
	}
	tone = tone.mul(float32(between(d.r, .65, 1.12)))
	groove := tone.mul(float32(between(d.r, .35, .7)))
	d.art.within(b.grown(.3), func(a *artwork) {
		plate := a.mask(b.rounded(1.3))
		a.blend(plate, tone, 1)
		shine := a.ramp(d.r)
		k := float32(between(d.r, 0, .45))
		for i, v := range plate.v {
			shine.v[i] = 1 + k*v*(2*shine.v[i]-1)
		}
		a.multiply(shine)
		a.blend(a.mask(stroke(chipGrooves(b, d.r), .25)), groove, .9)
	})
}

// chipGrooves are the lines between the contacts.
func chipGrooves(b box, r *rand.Rand) [][]nib {
	w, h := b.x1-b.x0, b.y1-b.y0
	at := func(u, v float32) nib { return nib{b.x0 + u*w, b.y0 + v*h} }
	in := float32(between(r, .28, .38))
	l := [][]nib{{at(in, .22), at(1-in, .22), at(1-in, .78), at(in, .78), at(in, .22)}}
	for i := range 3 {
		v := .25 + .25*float32(i)
		l = append(l, []nib{at(0, v), at(in, v)}, []nib{at(1-in, v), at(1, v)})
	}
	if likely(r, .6) {
		l = append(l, []nib{at(.5, 0), at(.5, .22)}, []nib{at(.5, .78), at(.5, 1)})
	}
	return l
}

// contactless draws the four arcs.
func (d *draft) contactless() {
	size := float32(between(d.r, 3, 5.5))
	x, y := float32(between(d.r, 1, float64(d.width-8))), float32(between(d.r, 1, float64(d.height-8)))
	b := box{x, y, x + size, y + size}
	if !d.claim(b) {
		return
	}
	var lines [][]nib
	for i := range 4 {
		k := size * (.25 + .22*float32(i))
		lines = append(lines, turn(x, y+size/2, k, k*.85, -38, 38))
	}
	d.art.letter(d.r, stroke(lines, size*.1), 1)
}

// mark draws a network's kind of sign: two discs, a banded plate, or a word in a frame.
func (d *draft) mark() {
	w, h := float32(between(d.r, 11, 19)), float32(between(d.r, 7, 11))
	x, y := d.width-w-float32(between(d.r, 2, 6)), d.height-h-float32(between(d.r, 2, 6))
	if likely(d.r, .3) {
		y = float32(between(d.r, 2, 6))
	}
	b := box{x, y, x + w, y + h}
	if !d.claim(b) {
		return
	}
	switch d.r.IntN(4) {
	case 0:
		radius := min(h*.5, w*.3)
		d.art.paintDisc(x+w/2-radius*.6, y+h/2, radius, .1, anyShade(d.r), .95)
		d.art.paintDisc(x+w/2+radius*.6, y+h/2, radius, .1, anyShade(d.r), float32(between(d.r, .6, .95)))
	case 1:
		lean := h * .3
		for i := range 3 {
			u := x + w*float32(i)*.3
			d.art.paintPath(path{{{u + lean, y}, {u + w*.35 + lean, y}, {u + w*.35, y + h}, {u, y + h}}}, anyShade(d.r), .95)
		}
		d.sign(bankWords[d.r.IntN(len(bankWords))], b, .3)
	case 2:
		d.art.paintPath(b.rounded(1), anyShade(d.r), .95)
		d.sign(letters(d.r, 4), b, .45)
	default:
		d.sign(letters(d.r, 4), b, .6)
	}
}

// sign sets a word in the middle of a box, at most the given share of its height high.
func (d *draft) sign(word string, b box, share float32) {
	f := d.someFace(d.r)
	size := (b.y1 - b.y0) * share
	_, w := textLine(f, word, 0, 0, size)
	if room := (b.x1 - b.x0) * .9; w > room {
		size, w = size*room/w, room
	}
	p, _ := textLine(f, word, (b.x0+b.x1-w)/2, (b.y0+b.y1-size)/2, size)
	if len(p) > 0 {
		d.art.letter(d.r, p, size)
	}
}

// hologram is a small plate of many tones.
func (d *draft) hologram() {
	w, h := float32(between(d.r, 12, 20)), float32(between(d.r, 8, 14))
	x, y := float32(between(d.r, 2, float64(d.width-w-2))), float32(between(d.r, 2, float64(d.height-h-2)))
	b := box{x, y, x + w, y + h}
	if !d.claim(b) {
		return
	}
	d.art.within(b, func(a *artwork) {
		m := a.mask(b.rounded(1))
		a.blend(m, gray(float32(between(d.r, 150, 220))), .9)
		for range 3 {
			t := a.cloud(d.r, float32(between(d.r, 2, 8)), 3)
			for i, v := range m.v {
				t.v[i] *= v
			}
			a.blend(t, anyShade(d.r), float32(between(d.r, .2, .7)))
		}
	})
}

func (d *draft) barcode() {
	w, h := float32(between(d.r, 25, 60)), float32(between(d.r, 4, 9))
	x, y := float32(between(d.r, 1, max(float64(d.width-w-1), 1.1))), float32(between(d.r, 1, float64(d.height-h-1)))
	b := box{x, y, x + w, y + h}
	if !d.claim(b) {
		return
	}
	d.art.paintPath(b.rect(), gray(245), 1)
	var bars path
	for u := x + 1; u < x+w-1; {
		k := .3 * float32(1+d.r.IntN(3))
		bars = append(bars, box{u, y + .6, u + k, y + h - .6}.rect()...)
		u += k + .3*float32(1+d.r.IntN(3))
	}
	d.art.paintPath(bars, gray(15), 1)
}

// matrix draws a square of modules like a QR code.
func (d *draft) matrix() {
	const n = 21
	s := float32(between(d.r, 8, 15))
	x, y := float32(between(d.r, 1, float64(d.width-s-1))), float32(between(d.r, 1, float64(d.height-s-1)))
	b := box{x, y, x + s, y + s}
	if !d.claim(b) {
		return
	}
	d.art.paintPath(b.rect(), gray(250), 1)
	k := s / (n + 2)
	var p path
	for j := range n {
		for i := range n {
			corner := min(i, n-1-i) < 7 && j < 7 || i < 7 && j >= n-7
			on := d.r.IntN(2) == 0
			if corner {
				u, v := min(i, n-1-i), min(j, n-1-j)
				ring := max(int(math.Abs(float64(u)-3)), int(math.Abs(float64(v)-3)))
				on = ring == 3 || ring < 2
			}
			if on {
				u, v := x+k*float32(i+1), y+k*float32(j+1)
				p = append(p, box{u, v, u + k, v + k}.rect()...)
			}
		}
	}
	d.art.paintPath(p, gray(10), 1)
}
