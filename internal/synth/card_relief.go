// Embossed digits: a height map, lit. What a camera sees of a raised stroke is mostly the room mirrored in its two
// slopes, so the light is a picture of the room ("sky") looked up by the slope of the surface, and it drifts along the
// number as the view and the bend of the card change.

package synth

import (
	"math"
	"math/rand/v2"
)

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

// pressing is one mask as pressed into an artwork.
type pressing struct {
	relief
	height       *sheet // 0 on the card's plane, 1 on top of a stroke
	foil         *foil  // nil: none
	slope        float32
	shadow       float32 // how dark the shadow is that strokes cast
	castX, castY int     // its reach in pixels
	moat         float32 // how dark the foot of a stroke is
	spanX, spanY float32 // 1 over the artwork's size
}

// emboss presses the mask's digits, height px high, into the artwork.
func (a *artwork) emboss(r *rand.Rand, m *sheet, height float32) {
	p := newPressing(r, a, m, height)
	if a.tilt == nil {
		a.tilt = newSheet(a.w, a.h)
	}
	for y := range a.h {
		p.light(a, y)
	}
	p.height.free()
	if p.foil != nil {
		p.foil.cover.free()
	}
}

func newPressing(r *rand.Rand, a *artwork, m *sheet, height float32) *pressing {
	p := &pressing{relief: newRelief(r), height: m.clone(), spanX: 1 / float32(a.w), spanY: 1 / float32(a.h)}
	drawn := likely(r, .3) // by an artwork program: crisp bevels, full foil
	if likely(r, .35) && !drawn {
		p.height.grow(height * float32(between(r, .01, .03)))
	}
	if drawn {
		p.height.blur(max(height*float32(between(r, .012, .03)), .35))
		p.gloss *= .5
	} else {
		p.height.blur(max(height*float32(between(r, .028, .075)), .45))
	}
	p.foil = newFoil(r, a, p.height, height, drawn)
	if likely(r, .5) {
		p.shadow = float32(between(r, .1, .55))
	}
	if likely(r, .4) {
		p.moat = float32(between(r, .1, .5))
	}
	reach := max(int(height*.07+.5), 1)
	p.castX = int(math.Round(float64(-p.lx) * float64(reach)))
	p.castY = int(math.Round(float64(-p.ly) * float64(reach)))
	p.slope = p.steep * height * .11
	return p
}

// light computes what one row of the artwork shows.
func (p *pressing) light(a *artwork, y int) {
	h := p.height
	up, here, down := h.row(max(y-1, 0)), h.row(y), h.row(min(y+1, a.h-1))
	cast := h.row(min(max(y-p.castY, 0), a.h-1))
	fy := float32(y)*p.spanY - .5
	for x, z := range here {
		left, right := here[max(x-1, 0)], here[min(x+1, a.w-1)]
		shade := cast[min(max(x-p.castX, 0), a.w-1)]
		if z == 0 && left == 0 && right == 0 && up[x] == 0 && down[x] == 0 && shade == 0 {
			continue
		}
		nx, ny := (left-right)*p.slope, (up[x]-down[x])*p.slope
		fx := float32(x)*p.spanX - .5
		bx, by := p.driftX*fx, p.driftY*fx+.1*fy
		flat, mirrored := p.sky.at(bx, by), p.sky.at(nx+bx, ny+by)
		shading := 1 + p.matte*(nx*p.lx+ny*p.ly)
		dim := shading * (1 - p.shadow*max(shade-z, 0))
		if z < .5 {
			dim *= 1 - p.moat*4*z*(1-z)
		}
		i := y*a.w + x
		a.tilt.v[i] = min(1.4*float32(math.Sqrt(float64(nx*nx+ny*ny))), 1)
		for c, plane := range a.planes {
			value := plane.v[i]*max(dim, .15) + p.gloss*(mirrored-flat)
			if f := p.foil; f != nil {
				metal := a.part(f.tone, c) * (f.dull + f.mirror*mirrored) * (1 + .5*(shading-1))
				value += (metal - value) * f.cover.v[i]
			}
			plane.v[i] = min(max(value, 0), 255)
		}
	}
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
func newFoil(r *rand.Rand, a *artwork, h *sheet, height float32, whole bool) *foil {
	if !whole && likely(r, .34) {
		return nil
	}
	f := &foil{dull: float32(between(r, .4, 1)), cover: h.clone()}
	f.mirror = (1.1 - f.dull) * float32(between(r, .5, 1.4))
	if i := pickWeighted(r, .36, .2, .14, .1, .06, .08, .06); i < len(foilTones) {
		f.tone = foilTones[i].mul(float32(between(r, .8, 1.22)))
	} else {
		f.tone = anyShade(r)
	}
	low, gain := float32(between(r, .3, .62)), float32(between(r, 3, 9))
	f.cover.apply(func(v float32) float32 { return min(max((v-low)*gain, 0), 1) })
	if whole {
		return f
	}
	if likely(r, .55) {
		f.wear(r, a, h, height)
	}
	return f
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
