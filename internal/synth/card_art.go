// The art a card shows under its number. Every painter works in millimetres, so that strips and whole cards get the
// same patterns at the same size.

package synth

import (
	"math"
	"math/rand/v2"
)

// Art names a class of background.
type Art int

// The classes, from calm to loud. AnyArt draws one by chance.
const (
	AnyArt Art = iota
	Plain
	Gradient
	Cloudy
	Waves
	Stripes
	Guilloche
	Brushed
	Weave
	Bokeh
	Scenery
	Mosaic
	WorldMap
	Dots
	Brushwork
	Plaster
	Stones
	lastArt
)

var artNames = [...]string{"any", "plain", "gradient", "cloudy", "waves", "stripes", "guilloche", "brushed", "weave",
	"bokeh", "scenery", "mosaic", "world map", "dots", "brushwork", "plaster", "stones"}

func (a Art) String() string { return artNames[a] }

var painters = [lastArt]func(*artwork, *rand.Rand){
	Plain: (*artwork).plain, Gradient: (*artwork).gradient, Cloudy: (*artwork).cloudy, Waves: (*artwork).waves,
	Stripes: (*artwork).stripes, Guilloche: (*artwork).guilloche, Brushed: (*artwork).brushed, Weave: (*artwork).weave,
	Bokeh: (*artwork).bokeh, Scenery: (*artwork).scenery, Mosaic: (*artwork).mosaic, WorldMap: (*artwork).worldMap,
	Dots: (*artwork).halftone, Brushwork: (*artwork).brushwork, Plaster: (*artwork).plaster, Stones: (*artwork).stones,
}

// paint draws a background of the class, then often a tint and some large shapes over it.
func (a *artwork) paint(r *rand.Rand, class Art) {
	if class == AnyArt {
		class = Art(1 + pickWeighted(r, .14, .22, .08, .07, .06, .05, .05, .03, .05, .09, .05, .05, .03, .04, .04, .02))
	}
	painters[class](a, r)
	if likely(r, .25) {
		a.tint(r)
	}
	if class != Plain || likely(r, .5) {
		for range r.IntN(4) {
			a.shape(r)
		}
	}
	if likely(r, .12) {
		a.sheen(r)
	}
	a.clamp()
}

func (a *artwork) plain(r *rand.Rand) { a.fill(anyShade(r)) }

// ramp runs from 0 to 1 across the card in a random direction.
func (a *artwork) ramp(r *rand.Rand) *sheet {
	t := between(r, 0, 2*math.Pi)
	c, s := float32(math.Cos(t)), float32(math.Sin(t))
	span := absf(c)*a.cw + absf(s)*a.ch
	bend := float32(between(r, .5, 2))
	return a.field(func(x, y float32) float32 {
		v := ((x-a.cw/2)*c+(y-a.ch/2)*s)/span + .5
		v = min(max(v, 0), 1)
		return v + (bend-1)*v*(1-v)
	})
}

func absf(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}

func (a *artwork) gradient(r *rand.Rand) {
	c, d := anyShade(r), anyShade(r)
	if likely(r, .5) {
		d = c.towards(d, float32(between(r, .2, .6)))
	}
	a.mixShades(a.ramp(r), c, d, 1)
}

func (a *artwork) tint(r *rand.Rand) {
	a.mixShades(a.ramp(r), anyShade(r), anyShade(r), float32(between(r, .3, .85)))
}

func (a *artwork) cloudy(r *rand.Rand) {
	a.mixShades(a.cloud(r, float32(between(r, 3, 30)), 5), anyShade(r), anyShade(r), 1)
}

func (a *artwork) waves(r *rand.Rand) {
	bend := a.cloud(r, float32(between(r, 10, 40)), 3)
	k := float32(between(r, 5, 60))
	fx, fy := float32(between(r, -.6, .6)), float32(between(r, -.6, .6))
	w := a.field(func(x, y float32) float32 { return x*fx + y*fy })
	for i, b := range bend.v {
		w.v[i] = .5 + .5*sine(w.v[i]+b*k)
	}
	bend.free()
	if likely(r, .4) {
		sharp := float32(between(r, 2, 8))
		w.apply(func(v float32) float32 { return min(max((v-.5)*sharp+.5, 0), 1) })
	}
	c := anyShade(r)
	a.mixShades(w, c, c.towards(anyShade(r), float32(between(r, .15, 1))), 1)
}

func (a *artwork) stripes(r *rand.Rand) {
	c := anyShade(r)
	t := between(r, 0, math.Pi)
	for i := range 1 + r.IntN(2) {
		kx, ky := float32(math.Cos(t)), float32(math.Sin(t))
		f := 6.2832 / float32(between(r, 1, 14))
		sharp := float32(between(r, .5, 5))
		w := a.field(func(x, y float32) float32 { return min(max(sine((x*kx+y*ky)*f)*sharp, -1), 1)*.5 + .5 })
		d := c.towards(anyShade(r), float32(between(r, .1, .9)))
		if i == 0 {
			a.mixShades(w, c, d, 1)
		} else {
			a.blendOnce(w, d, .5)
		}
		t += math.Pi / 2
	}
}

// guilloche is the fine interlaced line pattern of bank notes.
func (a *artwork) guilloche(r *rand.Rand) {
	a.gradient(r)
	for range 1 + r.IntN(3) {
		cx, cy := a.cw*r.Float32(), a.ch*r.Float32()
		lobes := float32(3 + r.IntN(9))
		amp, f := float32(between(r, 1, 7)), 6.2832/float32(between(r, .8, 3))
		turn := float32(between(r, 0, 6.28))
		thin := float32(between(r, .3, .9))
		w := a.field(func(x, y float32) float32 {
			dx, dy := x-cx, y-cy
			d := float32(math.Sqrt(float64(dx*dx + dy*dy)))
			angle := angleOf(dx, dy)
			v := sine((d + amp*sine(angle*lobes+turn)) * f)
			return min(max((v-thin)*4, 0), 1)
		})
		a.blendOnce(w, anyShade(r), float32(between(r, .15, .6)))
	}
}

// angleOf is atan2 to about a hundredth, enough for patterns.
func angleOf(x, y float32) float32 {
	ax, ay := absf(x), absf(y)
	t := min(ax, ay) / max(max(ax, ay), 1e-6)
	v := t * (.9724 - .1919*t*t)
	if ay > ax {
		v = math.Pi/2 - v
	}
	if x < 0 {
		v = math.Pi - v
	}
	if y < 0 {
		v = -v
	}
	return v
}

// brushed is metal with fine lines, mostly along the card.
func (a *artwork) brushed(r *rand.Rand) {
	a.mixShades(a.ramp(r), gray(float32(between(r, 30, 230))), gray(float32(between(r, 30, 230))), 1)
	if likely(r, .4) {
		a.mixShades(a.ramp(r), anyShade(r), anyShade(r), .4)
	}
	n := newSheet(a.w, a.h)
	line := make([]float32, a.w)
	smooth := make([]float32, a.w)
	for y := range a.h {
		for x := range line {
			line[x] = r.Float32() - .5
		}
		boxLine(line, smooth, max(int(a.scale*3), 1))
		copy(n.row(y), smooth)
	}
	k := float32(between(r, 20, 140))
	if likely(r, .2) { // round brushing or across
		n = n.blur(.5)
	}
	a.add(n, k)
	n.free()
}

// weave imitates carbon fibre or cloth.
func (a *artwork) weave(r *rand.Rand) {
	step := float32(between(r, .8, 3.5))
	c := anyShade(r).mul(float32(between(r, .15, 1)))
	d := c.towards(gray(255), float32(between(r, .08, .35)))
	f := 3.14159 / step
	w := a.field(func(x, y float32) float32 {
		i, j := int(x/step+1000), int(y/step+1000)
		if (i+j)&2 == 0 {
			return .5 + .5*sine(2*f*x)
		}
		return .5 + .5*sine(2*f*y)
	})
	a.mixShades(w, c, d, 1)
}

// disc is a mask with soft or hard edge.
func (a *artwork) disc(cx, cy, radius, soft float32) *sheet {
	return a.field(func(x, y float32) float32 {
		dx, dy := x-cx, y-cy
		d := radius - float32(math.Sqrt(float64(dx*dx+dy*dy)))
		return min(max(d/soft+.5, 0), 1)
	})
}

func (a *artwork) bokeh(r *rand.Rand) {
	a.gradient(r)
	for range 4 + r.IntN(14) {
		radius, soft := float32(between(r, 1, 12)), float32(between(r, .2, 4))
		a.paintDisc(a.cw*r.Float32(), a.ch*r.Float32(), radius, soft, anyShade(r).towards(gray(255), .4), float32(between(r, .1, .7)))
	}
}

// scenery imitates photographs: layered noise with horizons, light and blobs.
func (a *artwork) scenery(r *rand.Rand) {
	a.mixShades(a.cloud(r, float32(between(r, 8, 40)), 6), anyShade(r), anyShade(r), 1)
	for range 1 + r.IntN(4) {
		edge := a.cloud(r, float32(between(r, 6, 30)), 5)
		level := float32(between(r, .3, .7))
		sharp := float32(between(r, 3, 30))
		slope := float32(between(r, -.02, .02))
		tilt := a.field(func(x, y float32) float32 { return (y - a.ch/2) * slope })
		for i, t := range tilt.v {
			edge.v[i] = min(max((edge.v[i]+t-level)*sharp, 0), 1)
		}
		tilt.free()
		a.blendOnce(edge, anyShade(r), float32(between(r, .3, 1)))
	}
	grain := a.cloud(r, float32(between(r, .4, 1.5)), 2)
	a.add(grain.apply(func(v float32) float32 { return v - .5 }), float32(between(r, 0, 70)))
	grain.free()
}

func (a *artwork) mosaic(r *rand.Rand) {
	a.gradient(r)
	for range 4 + r.IntN(12) {
		a.polygon(r)
	}
}

func (a *artwork) worldMap(r *rand.Rand) {
	a.gradient(r)
	land := a.cloud(r, float32(between(r, 8, 20)), 5)
	level := float32(between(r, .45, .6))
	land.apply(func(v float32) float32 { return min(max((v-level)*25, 0), 1) })
	if likely(r, .4) { // dotted
		f := 6.2832 / float32(between(r, .8, 2))
		dots := a.field(func(x, y float32) float32 { return min(max((sine(x*f)+sine(y*f))*2, 0), 1) })
		for i, d := range dots.v {
			land.v[i] *= d
		}
	}
	a.blendOnce(land, anyShade(r), float32(between(r, .1, .7)))
}

func (a *artwork) halftone(r *rand.Rand) {
	a.gradient(r)
	f := 6.2832 / float32(between(r, .7, 3))
	size := a.cloud(r, 25, 3)
	k := float32(between(r, 1, 3))
	dots := a.field(func(x, y float32) float32 { return sine(x*f) + sine(y*f) })
	for i, s := range size.v {
		dots.v[i] = min(max((dots.v[i]+2*s-1)*k, 0), 1)
	}
	a.blendOnce(dots, anyShade(r), float32(between(r, .1, .8)))
}
