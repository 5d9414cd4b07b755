// Textures: what the things in a scene are made of, as functions of a place on their surface.

package synth

import (
	"math"
	"math/rand/v2"
)

// texture colours places on a plane. shade writes three values for each place (xs[i], ys[i]), in millimetres of that
// plane; foot is how many millimetres one pixel of the frame covers there, finer detail than that must fade.
type texture interface {
	shade(out, xs, ys []float32, foot float32)
}

// toneMap maps a scalar in [0, 1] to a colour through 256 steps.
type toneMap [256]tint

// newToneMap spreads the colours evenly from 0 to 1.
func newToneMap(colours ...tint) *toneMap {
	p := new(toneMap)
	n := len(colours) - 1
	for i := range p {
		t := float32(i) / 255 * float32(n)
		k := min(int(t), max(n-1, 0))
		p[i] = colours[k].mix(colours[min(k+1, n)], t-float32(k))
	}
	return p
}

// tonal is a texture whose colour follows a scalar: value fills v for the places xs, ys.
type tonal struct {
	colours *toneMap
	value   func(v, xs, ys []float32, foot float32)
}

func (f *tonal) shade(out, xs, ys []float32, foot float32) {
	v := out[2*len(xs) : 3*len(xs)] // the last third holds the scalars until they are overwritten, in order
	f.value(v, xs, ys, foot)
	for i, t := range v {
		c := &f.colours[int(max(min(t, 1), 0)*255)]
		out[3*i], out[3*i+1], out[3*i+2] = c[0], c[1], c[2]
	}
}

// flat is one colour all over.
type flat tint

func (f flat) shade(out, xs, _ []float32, _ float32) {
	for i := range xs {
		out[3*i], out[3*i+1], out[3*i+2] = f[0], f[1], f[2]
	}
}

// picture lays a raster on the plane: texel (u, v) = (x-x0, y-y0)·scale.
type picture struct {
	raster *raster
	x0, y0 float32
	scale  float32
	gain   tint
}

func (p *picture) shade(out, xs, ys []float32, _ float32) {
	for i := range xs {
		u, v := (xs[i]-p.x0)*p.scale, (ys[i]-p.y0)*p.scale
		r, g, b := p.raster.at(u, v)
		out[3*i], out[3*i+1], out[3*i+2] = r*p.gain[0], g*p.gain[1], b*p.gain[2]
	}
}

// floorInt rounds down; it is exact within ±2³¹.
func floorInt(v float32) int {
	i := int(v)
	if float32(i) > v {
		i--
	}
	return i
}

func floor32(v float32) float32 { return float32(floorInt(v)) }

// fade is 1 for detail much larger than a pixel and 0 for detail that a pixel cannot hold.
func fade(detail, foot float32) float32 { return max(min(detail/(2*foot)-0.5, 1), 0) }

// near returns a colour a little lighter or darker and slightly shifted, as within one material.
func near(r *rand.Rand, c tint, spread float64) tint {
	k := math.Exp(r.NormFloat64() * spread)
	for i := range c {
		c[i] *= float32(k * math.Exp(r.NormFloat64()*spread/3))
	}
	return c
}

// paper is a smooth surface: a sheet, a table top, a wall; faint fibres and clouds.
func paperTexture(r *rand.Rand, base tint) texture {
	cloud, grain := cloudTile(), grainTile()
	a, b := float32(between(r, 0, 0.3)), float32(between(r, 0, 0.25)*r.Float64())
	su, sg := float32(between(r, 0.15, 1.5)), float32(between(r, 2, 8))
	ou, ov := float32(between(r, 0, 500)), float32(between(r, 0, 500))
	return &tonal{newToneMap(near(r, base, 0.25), base, near(r, base, 0.15)), func(v, xs, ys []float32, foot float32) {
		g := b * fade(2/sg, foot)
		for i := range v {
			v[i] = 0.5 + a*(cloud.at(xs[i]*su+ou, ys[i]*su+ov)-0.5) + g*(grain.at(xs[i]*sg, ys[i]*sg)-0.5)
		}
	}}
}

// woodTexture is boards with grain along x, with seams between them.
func woodTexture(r *rand.Rand) texture {
	hue, sat := between(r, 0.045, 0.11), between(r, 0.2, 0.75)
	val := between(r, 0.15, 0.9)
	dark := hsvTint(hue-0.01, math.Min(sat*1.2, 1), val*between(r, 0.4, 0.85))
	light := hsvTint(hue, sat, val)
	cloud, grain := cloudTile(), grainTile()
	rings, along := float32(between(r, 1, 14)), float32(between(r, 0.02, 0.12))
	across := float32(between(r, 0.6, 2.5))
	rough := float32(between(r, 0.05, 0.5))
	board := float32(between(r, 40, 220))
	seam := float32(0)
	if likely(r, 0.5) {
		seam = float32(between(r, 0.3, 1.5))
	}
	return &tonal{newToneMap(dark.times(0.5), dark, light, near(r, light, 0.1)), func(v, xs, ys []float32, foot float32) {
		f := rough * fade(0.6, foot)
		for i := range v {
			x, y := xs[i], ys[i]
			k := floor32(y / board)
			x += k * 173
			n := cloud.at(x*along, y*across)
			t := n * rings
			t -= floor32(t)
			t = 4 * t * (1 - t)
			t = 0.35 + 0.3*n + 0.3*t*t + f*(grain.at(x*0.4, y*6)-0.5)
			if d := y - k*board; d < seam {
				t *= 0.25 + 0.5*d/seam
			}
			v[i] = t
		}
	}}
}

// clothTexture is a plain or twill weave with creases.
func clothTexture(r *rand.Rand, base tint) texture {
	pitch := float32(between(r, 0.4, 3))
	deep, crease := float32(between(r, 0.1, 0.5)), float32(between(r, 0, 0.5))
	twill := float32(r.IntN(3) - 1)
	cloud, grain, white := cloudTile(), grainTile(), whiteTile()
	return &tonal{newToneMap(base.times(0.35), base, near(r, base, 0.2)), func(v, xs, ys []float32, foot float32) {
		d := deep * fade(pitch, foot)
		k := 1 / pitch
		for i := range v {
			x, y := xs[i], ys[i]
			u, w := x*k+twill*floor32(y*k)*0.5, y*k
			fu, fw := u-floor32(u), w-floor32(w)
			weave := 8*fu*(1-fu)*fw*(1-fw)*2 - 0.5
			v[i] = 0.5 + d*weave + d*(white.at(u, w)-0.5) + crease*(cloud.at(x*0.25, y*0.25)-0.5) + 0.1*(grain.at(x, y)-0.5)
		}
	}}
}

// carpetTexture is a pile of fibres, or asphalt, or gravel: strong fine noise.
func carpetTexture(r *rand.Rand, base tint) texture {
	s, mottle := float32(between(r, 1.5, 8)), float32(between(r, 0.1, 0.8))
	deep := float32(between(r, 0.3, 1.2))
	cloud, grain := cloudTile(), grainTile()
	return &tonal{newToneMap(base.times(0.25), base, near(r, base, 0.4)), func(v, xs, ys []float32, foot float32) {
		d := deep * max(fade(6/s, foot), 0.15)
		for i := range v {
			v[i] = 0.5 + d*(grain.at(xs[i]*s, ys[i]*s)-0.5) + mottle*(cloud.at(xs[i]*0.4, ys[i]*0.4)-0.5)
		}
	}}
}

// marbleTexture is stone: clouds crossed by warped veins.
func marbleTexture(r *rand.Rand) texture {
	base, vein := anyTint(r), anyTint(r)
	cloud, ridges := cloudTile(), veinTile()
	warp, s := float32(between(r, 5, 60)), float32(between(r, 0.2, 1.6))
	sharp := float32(between(r, 1, 5))
	return &tonal{newToneMap(base.times(0.7), base, near(r, base, 0.2), vein), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			x, y := xs[i]*s, ys[i]*s
			n := cloud.at(x, y)
			t := ridges.at(x*0.7+warp*n, y*0.7-warp*n)
			t = t * t
			v[i] = 0.15 + 0.4*n + max(0, (t-0.45)*sharp)*0.5
		}
	}}
}

// foliageTexture is out-of-doors: leaves, grass, pebbles, bokeh.
func foliageTexture(r *rand.Rand) texture {
	base := anyTint(r)
	if likely(r, 0.5) {
		base = hsvTint(between(r, 0.15, 0.42), between(r, 0.3, 0.9), between(r, 0.2, 0.7))
	}
	cells, cloud := cellTile(), cloudTile()
	s, t := float32(between(r, 1, 9)), float32(between(r, 1, 4))
	return &tonal{newToneMap(near(r, base, 0.8), base.times(0.3), base, base.times(0.1)), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			n := cloud.at(xs[i]*0.6, ys[i]*0.6)
			v[i] = 0.6*cells.at(xs[i]*s+30*n, ys[i]*t+20*n) + 0.5*n
		}
	}}
}
