// Flat digits: ink, foil, laser or thermal print, each with its own look.

package synth

import (
	"math/rand/v2"
)

// print puts the mask's digits, height px high, on the artwork in one of the ways that cards are printed.
func (a *artwork) print(r *rand.Rand, m *sheet, height float32) {
	base := a.under(m)
	ink := a.contrast(r, base)
	opacity := float32(between(r, .7, 1))
	if likely(r, .1) { // pale
		opacity = float32(between(r, .25, .6))
	}
	switch pickWeighted(r, .48, .12, .07, .05, .08, .06, .11, .03) {
	case 1:
		a.dropShadow(r, m, ink, height)
	case 2: // only the outline
		inner := m.clone().blur(max(height*.035, .5))
		edge := m.clone()
		for i, v := range inner.v {
			edge.v[i] = min(max(m.v[i]*(1.35-v)*1.8, 0), 1)
		}
		m = edge
	case 3:
		a.dots(r, m, height)
	case 4:
		a.etch(r, m, base)
		return
	case 5: // a second colour around the digits
		halo := m.clone().grow(height * float32(between(r, .03, .07)))
		a.blend(halo, gray(255-ink.luma()), float32(between(r, .3, 1)))
	case 7:
		a.boxed(m, ink, height)
		return
	case 6:
		a.gradientInk(r, m, ink, opacity)
		return
	}
	if likely(r, .25) {
		a.worn(r, m, height)
	}
	a.blend(m, ink, opacity)
}

// boxed prints each digit in a plate of the ink, left out of it.
func (a *artwork) boxed(m *sheet, ink shade, height float32) {
	edge := int(height*.16) + 1
	plate := newSheet(a.w, a.h)
	top, bottom := a.h, -1
	for y := range a.h {
		for _, v := range m.row(y) {
			if v > .5 {
				top, bottom = min(top, y), max(bottom, y)
			}
		}
	}
	covered := make([]bool, a.w)
	for x := range a.w {
		for y := range a.h {
			if m.v[y*a.w+x] > .1 {
				covered[x] = true
			}
		}
	}
	for x := range a.w {
		on := false
		for d := -edge; d <= edge; d++ {
			on = on || covered[min(max(x+d, 0), a.w-1)]
		}
		if !on {
			continue
		}
		for y := max(top-edge, 0); y <= min(bottom+edge, a.h-1); y++ {
			plate.v[y*a.w+x] = 1
		}
	}
	for i, v := range m.v {
		plate.v[i] *= 1 - v
	}
	a.blendOnce(plate, ink, 1)
}

// contrast draws an ink that stands out against the base's luma.
func (a *artwork) contrast(r *rand.Rand, base float32) shade {
	dark := base > float32(between(r, 90, 165))
	c := anyShade(r)
	switch {
	case likely(r, .45):
		c = gray(float32(between(r, 0, 60)))
		if !dark {
			c = gray(float32(between(r, 200, 255)))
		}
	case likely(r, .25):
		c = foilTones[r.IntN(len(foilTones))]
	case dark:
		c = c.mul(.35)
	default:
		c = c.towards(gray(255), .65)
	}
	least := float32(between(r, 40, 110))
	if d := c.luma() - base; d > -least && d < least {
		c = gray(float32(between(r, 215, 255)))
		if base > 128 {
			c = gray(float32(between(r, 0, 40)))
		}
	}
	return c
}

// dropShadow draws a blurred copy beside and below the digits.
func (a *artwork) dropShadow(r *rand.Rand, m *sheet, ink shade, height float32) {
	dx, dy := int(float32(between(r, -.1, .12))*height), max(int(float32(between(r, .02, .13))*height), 1)
	s := newSheet(a.w, a.h)
	for y := max(dy, 0); y < a.h; y++ {
		for x := max(dx, 0); x < min(a.w, a.w+dx); x++ {
			s.v[y*a.w+x] = m.v[(y-dy)*a.w+x-dx]
		}
	}
	s.blur(max(height*float32(between(r, .01, .08)), .3))
	tone := gray(0)
	if ink.luma() < 100 && likely(r, .6) {
		tone = gray(255)
	}
	a.blend(s, tone, float32(between(r, .3, .85)))
}

// dots breaks the digits into the dots of a matrix printer.
func (a *artwork) dots(r *rand.Rand, m *sheet, height float32) {
	step := max(height/float32(7+r.IntN(6)), 1.6)
	k := 6.2832 / step
	depth := float32(between(r, .5, 1))
	for y := range a.h {
		sy := sine(float32(y) * k)
		for x := range a.w {
			t := .5 + .25*(sine(float32(x)*k)+sy)
			m.v[y*a.w+x] *= 1 - depth + depth*min(t*1.6, 1)
		}
	}
}

// etch darkens or lightens the card slightly and unevenly, as a laser does.
func (a *artwork) etch(r *rand.Rand, m *sheet, base float32) {
	by := float32(between(r, 22, 90))
	if base > 128 || base > 60 && likely(r, .4) {
		by = -by
	}
	grain := cloud(r, a.w, a.h, 2.5, 1, .5)
	k := float32(between(r, 0, .6))
	for i, g := range grain.v {
		m.v[i] *= 1 - k*g
	}
	a.add(m, by)
	a.clamp()
}

// worn rubs ink off in patches.
func (a *artwork) worn(r *rand.Rand, m *sheet, height float32) {
	patches := cloud(r, a.w, a.h, max(height*float32(between(r, .1, 1.5)), 2), 3, .6)
	loss, from := float32(between(r, .1, .85)), float32(between(r, .45, .8))
	for i, p := range patches.v {
		if p > from {
			m.v[i] *= 1 - loss
		}
	}
}

// gradientInk fills the digits with a tone that changes from top to bottom, as artwork programs imitate metal.
func (a *artwork) gradientInk(r *rand.Rand, m *sheet, ink shade, opacity float32) {
	lo, hi := a.h, 0
	for i, v := range m.v {
		if v > 0 {
			lo, hi = min(lo, i/a.w), max(hi, i/a.w)
		}
	}
	other := ink.mul(float32(between(r, .4, .8)))
	if ink.luma() < 90 {
		other = ink.towards(gray(255), float32(between(r, .15, .4)))
	}
	bent := likely(r, .5)
	for y := lo; y <= hi; y++ {
		t := float32(y-lo) / float32(max(hi-lo, 1))
		if bent {
			t = 2*t - 1
			t = t * t
		}
		c := ink.towards(other, t)
		for i, p := range a.planes {
			v := a.part(c, i)
			for x, k := range m.row(y) {
				p.v[y*a.w+x] += (v - p.v[y*a.w+x]) * k * opacity
			}
		}
	}
}
