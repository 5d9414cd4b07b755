package synth

import (
	"math"
	"math/rand/v2"
)

// Embossed digits: a height map, lit. What a camera sees of a raised stroke is mostly the room mirrored in its two
// slopes, so the light is a picture of the room ("sky") looked up by the slope of the surface, and it drifts along the
// number as the view and the bend of the card change.

// sky tabulates the room's brightness by surface slope, −skyReach to skyReach both ways; 0 is what the flat card
// mirrors.
type sky [skySize * skySize]float32

const (
	skySize  = 48
	skyReach = 1.6
)

// newSky lights the room with a main light, mostly from above, and up to three more.
func newSky(r *rand.Rand) *sky {
	type lamp struct{ x, y, size, power float32 }
	lamps := make([]lamp, 1+r.IntN(4))
	for i := range lamps {
		a := between(r, 0, 2*math.Pi)
		if likely(r, .5) {
			a = -math.Pi/2 + .7*r.NormFloat64()
		}
		d := float32(between(r, .25, 1.3))
		lamps[i] = lamp{float32(math.Cos(a)) * d, float32(math.Sin(a)) * d,
			float32(between(r, .15, .6)), float32(between(r, .4, 1.2))}
		if i > 0 && likely(r, .3) {
			lamps[i].power *= -.7 // something dark in the room
		}
	}
	gx, gy := float32(r.NormFloat64())*.2, float32(r.NormFloat64())*.3-.1
	var s sky
	var across, down [skySize]float32
	slope := func(i int) float32 { return skyReach * (2*float32(i)/(skySize-1) - 1) }
	for j := range skySize {
		for i := range skySize {
			s[j*skySize+i] = gx*slope(i) + gy*slope(j)
		}
	}
	for _, l := range lamps { // a Gaussian is the product of its two profiles
		for i := range skySize {
			u, v := (slope(i)-l.x)/l.size, (slope(i)-l.y)/l.size
			across[i], down[i] = l.power*float32(math.Exp(-float64(u*u/2))), float32(math.Exp(-float64(v*v/2)))
		}
		for j, d := range down {
			for i, a := range across {
				s[j*skySize+i] += a * d
			}
		}
	}
	return &s
}

// at is the brightness that a surface of the given slope mirrors.
func (s *sky) at(x, y float32) float32 {
	const k = (skySize - 1) / (2 * skyReach)
	x = min(max((x+skyReach)*k, 0), skySize-1.001)
	y = min(max((y+skyReach)*k, 0), skySize-1.001)
	i, j := int(x), int(y)
	fx, fy := x-float32(i), y-float32(j)
	a, b := s[j*skySize+i:][:2], s[(j+1)*skySize+i:][:2]
	t := a[0] + (a[1]-a[0])*fx
	return t + (b[0]+(b[1]-b[0])*fx-t)*fy
}

// relief is how one card's digits were pressed and how they catch light.
type relief struct {
	sky            *sky
	steep          float32 // slope of the digits' flanks, negative for pressed-in digits
	gloss          float32 // how much of the room the card mirrors
	matte          float32 // how much plain shading the flanks show
	lx, ly         float32 // direction of that shading
	driftX, driftY float32 // change of the mirrored direction across the picture
}

func newRelief(r *rand.Rand) relief {
	a := -math.Pi/2 + .9*r.NormFloat64()
	v := relief{
		sky: newSky(r), steep: float32(between(r, .5, 1.6)),
		gloss: float32(between(r, 20, 160)), matte: float32(between(r, 0, .7)),
		lx: float32(math.Cos(a)), ly: float32(math.Sin(a)),
		driftX: float32(r.NormFloat64()) * .35, driftY: float32(r.NormFloat64()) * .25,
	}
	if likely(r, .06) {
		v.steep = -v.steep * .8
	}
	return v
}

// emboss presses the mask's digits, height px high, into the artwork.
func (a *artwork) emboss(r *rand.Rand, m *sheet, height float32) {
	v := newRelief(r)
	h := m.clone()
	drawn := likely(r, .3) // by an artwork program: crisp bevels, full foil
	if likely(r, .35) && !drawn {
		h.grow(height * float32(between(r, .01, .03)))
	}
	if drawn {
		h.blur(max(height*float32(between(r, .012, .03)), .35))
		v.gloss *= .5
	} else {
		h.blur(max(height*float32(between(r, .028, .075)), .45))
	}
	foil, hasFoil := newFoil(r, a, h, height, drawn)
	shadow := float32(0)
	if likely(r, .5) {
		shadow = float32(between(r, .1, .55))
	}
	moat := float32(0)
	if likely(r, .4) {
		moat = float32(between(r, .1, .5))
	}
	reach := max(int(height*.07+.5), 1)
	sx, sy := int(math.Round(float64(-v.lx)*float64(reach))), int(math.Round(float64(-v.ly)*float64(reach)))
	k := v.steep * height * .11
	if a.tilt == nil {
		a.tilt = newSheet(a.w, a.h)
	}
	for y := range a.h {
		up, down := h.row(max(y-1, 0)), h.row(min(y+1, a.h-1))
		here := h.row(y)
		cast := h.row(min(max(y-sy, 0), a.h-1))
		fy := float32(y)/float32(a.h) - .5
		for x, z := range here {
			l, rt := here[max(x-1, 0)], here[min(x+1, a.w-1)]
			if z == 0 && l == 0 && rt == 0 && up[x] == 0 && down[x] == 0 && cast[min(max(x-sx, 0), a.w-1)] == 0 {
				continue
			}
			nx, ny := (l-rt)*k, (up[x]-down[x])*k
			fx := float32(x)/float32(a.w) - .5
			bx, by := v.driftX*fx, v.driftY*fx+.1*fy
			flat := v.sky.at(bx, by)
			mirrored := v.sky.at(nx+bx, ny+by)
			shading := 1 + v.matte*(nx*v.lx+ny*v.ly)
			dim := shading * (1 - shadow*max(cast[min(max(x-sx, 0), a.w-1)]-z, 0)) * (1 - moat*4*z*(1-z)*b2f(z < .5))
			i := y*a.w + x
			a.tilt.v[i] = min(1.4*float32(math.Sqrt(float64(nx*nx+ny*ny))), 1)
			for c, p := range a.planes {
				value := p.v[i]*max(dim, .15) + v.gloss*(mirrored-flat)
				if hasFoil {
					f := foil.cover.v[i]
					metal := a.part(foil.tone, c) * (foil.dull + foil.mirror*mirrored) * (1 + .5*(shading-1))
					value += (metal - value) * f
				}
				p.v[i] = min(max(value, 0), 255)
			}
		}
	}
	h.free()
	if hasFoil {
		foil.cover.free()
	}
}

func b2f(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// foil is the hot-stamped metal on the crests of embossed digits: its colour, its coverage, and how much of its
// brightness is its own and how much the room's.
type foil struct {
	tone         shade
	cover        *sheet
	dull, mirror float32
}

var foilTones = []shade{{205, 205, 210}, {215, 180, 110}, {238, 238, 240}, {40, 40, 42}, {190, 150, 90}, {150, 155, 165}}

// newFoil draws the foil of one card; one card in three has none, so that only the relief shows.
func newFoil(r *rand.Rand, a *artwork, h *sheet, height float32, whole bool) (foil, bool) {
	if !whole && likely(r, .34) {
		return foil{}, false
	}
	f := foil{dull: float32(between(r, .4, 1)), cover: h.clone()}
	f.mirror = (1.1 - f.dull) * float32(between(r, .5, 1.4))
	if i := pickWeighted(r, .36, .2, .14, .1, .06, .08, .06); i < len(foilTones) {
		f.tone = foilTones[i].mul(float32(between(r, .8, 1.22)))
	} else {
		f.tone = anyShade(r)
	}
	low, gain := float32(between(r, .3, .62)), float32(between(r, 3, 9))
	f.cover.apply(func(v float32) float32 { return min(max((v-low)*gain, 0), 1) })
	if whole {
		return f, true
	}
	if likely(r, .55) {
		f.wear(r, a, h, height)
	}
	return f, true
}

// wear rubs foil off: in patches, all over, or along the crest.
func (f *foil) wear(r *rand.Rand, a *artwork, h *sheet, height float32) {
	cell := height * []float32{.12, .3, 1.2, 4}[r.IntN(4)]
	patches := cloud(r, a.w, a.h, max(cell, 2), 3, .6)
	low, left := float32(between(r, 0, .55)), float32(between(r, 0, .5))
	for i, p := range patches.v {
		f.cover.v[i] *= min(max((p-low)*8, left), 1)
	}
	patches.free()
	if likely(r, .3) {
		k := float32(between(r, .3, .9))
		f.cover.apply(func(v float32) float32 { return v * k })
	}
	if likely(r, .25) { // left on the flanks only
		from, gain, rest := float32(between(r, .55, .8)), float32(between(r, 3, 8)), float32(between(r, 0, .4))
		for i, z := range h.v {
			f.cover.v[i] *= min(max(1-(z-from)*gain, rest), 1)
		}
	}
}

// grow widens a mask by about px pixels.
func (f *sheet) grow(px float32) *sheet {
	f.blur(max(px, .4))
	return f.apply(func(v float32) float32 { return min(v*2.2, 1) })
}
