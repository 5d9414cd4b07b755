// Decoys: things of a card's size and shape that are no bank cards. Identity and business cards, loyalty cards with bar
// codes, playing cards, telephones full of figures.

package synth

import (
	"math"
	"math/rand/v2"
	"strconv"
)

// poster is a face at work: a canvas on which millimetres are painted on.
type poster struct {
	c     *canvas
	scale float32 // pixels a millimetre
}

// newPoster returns a face of w × h millimetres at scale pixels a millimetre, covered by the ground.
func newPoster(r *rand.Rand, w, h, scale float64, ground texture) *poster {
	p := &poster{c: &canvas{w: int(w*scale + 0.5), h: int(h*scale + 0.5)}, scale: float32(scale)}
	p.c.pix = make([]float32, 3*p.c.w*p.c.h)
	xs, ys := make([]float32, p.c.w), make([]float32, p.c.w)
	for y := range p.c.h {
		for x := range xs {
			xs[x], ys[x] = (float32(x)+0.5)/p.scale-float32(w/2), (float32(y)+0.5)/p.scale-float32(h/2)
		}
		ground.shade(p.c.row(y), xs, ys, 1/p.scale)
	}
	return p
}

func (p *poster) raster() *raster { return &raster{p.c.pix, p.c.w, p.c.h} }

// ink fills a path given in millimetres.
func (p *poster) ink(q path, colour tint) {
	lo, hi := q.bounds()
	x0, y0 := max(int(lo.x*p.scale)-1, 0), max(int(lo.y*p.scale)-1, 0)
	x1, y1 := min(int(hi.x*p.scale)+2, p.c.w), min(int(hi.y*p.scale)+2, p.c.h)
	if x1 <= x0 || y1 <= y0 {
		return
	}
	m := newSheet(x1-x0, y1-y0)
	m.ink(q, placing{sx: p.scale, sy: p.scale, ox: -float32(x0), oy: -float32(y0)})
	for y := range m.h {
		out := p.c.row(y0 + y)[3*x0:]
		for x, a := range m.row(y) {
			for ch := range 3 {
				out[3*x+ch] += a * (colour[ch] - out[3*x+ch])
			}
		}
	}
}

func (p *poster) rect(x, y, w, h float32, colour tint) {
	p.ink(path{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}}, colour)
}

func (p *poster) ellipse(x, y, rx, ry float32, colour tint) {
	p.ink(path{ring(x, y, rx, ry, 0, 2*math.Pi)}, colour)
}

// ring is the arc of an ellipse.
func ring(x, y, rx, ry float32, from, to float64) []nib {
	const n = 40
	c := make([]nib, n)
	for i := range c {
		s, co := math.Sincos(from + (to-from)*float64(i)/(n-1))
		c[i] = nib{x + rx*float32(co), y + ry*float32(s)}
	}
	return c
}

func (p *poster) text(f *glyphFace, words string, x, y, height float32, colour tint) float32 {
	q, w := textLine(f, words, x, y, height)
	if len(q) > 0 {
		p.ink(q, colour)
	}
	return w
}

// decoy is a finished face with its shape.
type decoy struct {
	skin    *raster
	w, h, r float64
}

// drawDecoy draws a face, scale pixels a millimetre.
func drawDecoy(r *rand.Rand, faces *Faces, scale float64) decoy {
	switch pickWeighted(r, 30, 18, 20, 20, 12) {
	case 0:
		return identityCard(r, faces, scale)
	case 1:
		return businessCard(r, faces, scale)
	case 2:
		return loyaltyCard(r, faces, scale)
	case 3:
		return playingCard(r, faces, scale)
	}
	return phoneFace(r, faces, scale)
}

// inkOn returns a colour that stands out on the ground.
func inkOn(r *rand.Rand, ground tint) tint {
	if ground.luma() > 0.25 {
		return anyTint(r).times(float32(between(r, 0.02, 0.25)))
	}
	return anyTint(r).mix(tint{1, 1, 1}, float32(between(r, 0.5, 1)))
}

// identityCard is a licence or a pass: a portrait, captions with values, sometimes lines for a machine.
func identityCard(r *rand.Rand, faces *Faces, scale float64) decoy {
	ground := anyTint(r).mix(tint{1, 1, 1}, float32(between(r, 0.2, 0.8)))
	p := newPoster(r, CardWidth, CardHeight, scale, gradientTexture(r, ground, near(r, ground, 0.3)))
	ink := inkOn(r, ground)
	f := faces.all[r.IntN(len(faces.all))]
	p.rect(0, 0, CardWidth, float32(between(r, 5, 11)), anyTint(r))
	p.text(f, someName(r)+" "+someName(r), 4, 2.5, float32(between(r, 2.2, 4)), inkOn(r, anyTint(r)))
	px := float32(4)
	tx := float32(33)
	if likely(r, 0.3) {
		px, tx = 56, 4
	}
	p.portrait(r, px, 14, 25, float32(between(r, 27, 33)))
	y := float32(14)
	small := float32(between(r, 1.2, 1.8))
	for y < 45 {
		p.text(f, captions[r.IntN(len(captions))], tx, y, small, ink)
		value := someName(r)
		switch r.IntN(4) {
		case 0:
			value = someDate(r) + "/" + someDigits(r, 4)
		case 1:
			value = letters(r, 2) + someDigits(r, 5+r.IntN(5))
		}
		p.text(f, value, tx, y+small*1.5, small*1.6, ink)
		y += small * 4.4
	}
	if likely(r, 0.25) {
		m := faces.pickMachine(r)
		for k := range 2 {
			p.text(m, letters(r, 2)+someDigits(r, 9)+letters(r, 3)+someDigits(r, 7)+letters(r, 8), 3, 44+float32(k)*4, 2.2, ink)
		}
	}
	return decoy{p.raster(), CardWidth, CardHeight, CornerRadius}
}

// portrait is a head and shoulders before a plain ground.
func (p *poster) portrait(r *rand.Rand, x, y, w, h float32) {
	back := anyTint(r).mix(tint{1, 1, 1}, 0.6)
	p.rect(x, y, w, h, back)
	skin := hsvTint(between(r, 0.03, 0.075), between(r, 0.25, 0.62), between(r, 0.25, 0.95))
	hair := hsvTint(between(r, 0.02, 0.12), between(r, 0, 0.7), between(r, 0.03, 0.6))
	coat := anyTint(r).times(0.6)
	cx := x + w/2
	shoulders := append(ring(cx, y+h, w*0.44, h*0.26, math.Pi, 2*math.Pi), nib{cx + w*0.44, y + h}, nib{cx - w*0.44, y + h})
	p.ink(path{shoulders}, coat)
	p.ellipse(cx, y+h*0.36, w*0.25, h*0.25, hair)
	p.rect(cx-w*0.08, y+h*0.5, w*0.16, h*0.27, skin.times(0.8))
	p.ellipse(cx, y+h*0.42, w*0.2, h*0.22, skin)
	for _, s := range []float32{-1, 1} {
		p.ellipse(cx+s*w*0.08, y+h*0.39, w*0.025, h*0.012, hair.times(0.3))
	}
	p.rect(cx-w*0.06, y+h*0.52, w*0.12, h*0.012, skin.times(0.5))
}

func businessCard(r *rand.Rand, faces *Faces, scale float64) decoy {
	w := between(r, 80, 90)
	h := between(r, 48, 56)
	ground := anyTint(r)
	if likely(r, 0.6) {
		ground = tint{0.9, 0.9, 0.88}
	}
	p := newPoster(r, w, h, scale, paperTexture(r, ground))
	ink := inkOn(r, ground)
	f := faces.all[r.IntN(len(faces.all))]
	x := float32(between(r, 5, 30))
	p.text(f, someName(r), x, float32(between(r, 6, 14)), float32(between(r, 3, 5.5)), ink)
	small := float32(between(r, 1.6, 2.4))
	for k := range 3 + r.IntN(4) {
		p.text(f, anyText(r), x, 22+float32(k)*small*1.9, small, ink)
	}
	if likely(r, 0.6) {
		p.ellipse(float32(w)-14, 12, 7, 7, anyTint(r))
	}
	if likely(r, 0.4) {
		p.rect(0, float32(h)-5, float32(w), 5, anyTint(r))
	}
	return decoy{p.raster(), w, h, between(r, 0, 1)}
}

// loyaltyCard has a bar code and a shop's name.
func loyaltyCard(r *rand.Rand, faces *Faces, scale float64) decoy {
	ground := anyTint(r)
	p := newPoster(r, CardWidth, CardHeight, scale, gradientTexture(r, ground, near(r, ground, 0.5)))
	f := faces.all[r.IntN(len(faces.all))]
	p.text(f, []string{"CLUB", "BONUS CARD", "Member", "LIBRARY", "Fitness", "Rewards", "MEDIA", "Bus Pass"}[r.IntN(8)],
		float32(between(r, 4, 30)), float32(between(r, 4, 10)), float32(between(r, 4, 8)), inkOn(r, ground))
	x, y := float32(between(r, 3, 14)), float32(between(r, 24, 31))
	w, h := float32(between(r, 50, 68)), float32(between(r, 9, 15))
	p.rect(x-3, y-2, w+6, h+8, tint{0.95, 0.95, 0.95})
	for at := x; at < x+w-1; {
		bar := float32(1+r.IntN(3)) * 0.35
		p.rect(at, y, bar, h, tint{0.02, 0.02, 0.02})
		at += bar + float32(1+r.IntN(3))*0.35
	}
	p.text(f, someDigits(r, 8+r.IntN(5)), x+6, y+h+1.4, 2.4, tint{0.03, 0.03, 0.03})
	return decoy{p.raster(), CardWidth, CardHeight, CornerRadius}
}

// playingCard is a poker card, number cards with their pips and court cards with a picture.
func playingCard(r *rand.Rand, faces *Faces, scale float64) decoy {
	const w, h = 63, 88
	p := newPoster(r, w, h, scale, paperTexture(r, tint{0.93, 0.93, 0.9}))
	suit := r.IntN(4)
	colour := tint{0.02, 0.02, 0.025}
	if suit < 2 {
		colour = tint{0.65, 0.01, 0.02}
	}
	rank := 1 + r.IntN(13)
	name := strconv.Itoa(rank)
	if rank == 1 || rank > 10 {
		name = map[int]string{1: "A", 11: "J", 12: "Q", 13: "K"}[rank]
	}
	f := faces.all[r.IntN(len(faces.all))]
	p.text(f, name, 3, 4, 7, colour)
	p.suit(suit, 6, 16, 5, colour)
	p.suit(suit, w-6, h-16, 5, colour)
	p.text(f, name, w-9, h-11, 7, colour)
	switch {
	case rank == 1:
		p.suit(suit, w/2, h/2, 20, colour)
	case rank <= 10:
		for i := range rank {
			col, row := i%2, i/2
			x := float32(w)*0.36 + float32(col)*float32(w)*0.28
			p.suit(suit, x, 16+float32(row)*float32(h-32)/float32(max((rank-1)/2, 1)), 9, colour)
		}
	default:
		p.rect(13, 12, w-26, h-24, anyTint(r).mix(tint{1, 1, 1}, 0.5))
		p.portrait(r, 16, 15, w-32, h-30)
	}
	return decoy{p.raster(), w, h, 3}
}

// suit paints a heart, a diamond, a spade or a club, size millimetres high, around (x, y).
func (p *poster) suit(kind int, x, y, size float32, colour tint) {
	s := size / 2
	switch kind {
	case 0, 2:
		d := float32(1)
		if kind == 2 {
			d = -1
			p.rect(x-s*0.12, y, s*0.24, s, colour)
		}
		p.ellipse(x-s*0.42, y-d*s*0.35, s*0.47, s*0.47, colour)
		p.ellipse(x+s*0.42, y-d*s*0.35, s*0.47, s*0.47, colour)
		p.ink(path{{{x - s*0.82, y - d*s*0.12}, {x, y - d*s*0.4}, {x + s*0.82, y - d*s*0.12}, {x, y + d*s}}}, colour)
	case 1:
		p.ink(path{{{x, y - s}, {x + s*0.75, y}, {x, y + s}, {x - s*0.75, y}}}, colour)
	default:
		for _, o := range []nib{{0, -0.45}, {-0.5, 0.2}, {0.5, 0.2}} {
			p.ellipse(x+o.x*s, y+o.y*s, s*0.45, s*0.45, colour)
		}
		p.rect(x-s*0.12, y-s*0.1, s*0.24, s*1.1, colour)
	}
}

// phoneFace is a telephone with figures on its screen: a keypad, a clock, a list of calls.
func phoneFace(r *rand.Rand, faces *Faces, scale float64) decoy {
	w := between(r, 62, 78)
	h := w * between(r, 1.9, 2.2)
	ground := anyTint(r)
	p := newPoster(r, w, h, math.Min(scale, 6), flat(tint{0.01, 0.01, 0.012}))
	m := float32(between(r, 1.5, 4))
	p.rect(m, m*3, float32(w)-2*m, float32(h)-6*m, ground)
	ink := inkOn(r, ground)
	f := faces.all[r.IntN(len(faces.all))]
	switch r.IntN(3) {
	case 0:
		p.text(f, someDigits(r, 3)+" "+someDigits(r, 3)+" "+someDigits(r, 4), m*3, 22, 5, ink)
		step := float32(w) / 3.6
		for i := range 12 {
			x, y := m*2+step*float32(i%3)+step*0.4, 42+step*float32(i/3)
			p.ellipse(x+1.6, y+2.5, step*0.36, step*0.36, ground.mix(ink, 0.15))
			p.text(f, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"}[i], x, y, 5, ink)
		}
	case 1:
		p.text(f, someDigits(r, 2)+":"+someDigits(r, 2), float32(w)*0.15, float32(h)*0.2, 13, ink)
		p.text(f, someName(r), float32(w)*0.2, float32(h)*0.33, 3.5, ink)
	default:
		for y := m*3 + 6; y < float32(h)-4*m; y += float32(between(r, 9, 12)) {
			p.text(f, groupedDigits(r), m*2+4, y, 3, ink)
			p.rect(m, y+6, float32(w)-2*m, 0.3, ground.mix(ink, 0.3))
		}
	}
	return decoy{p.raster(), w, h, between(r, 5, 11)}
}
