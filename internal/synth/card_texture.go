// Art with strong texture: what photographs of fields, paint, stone and plaster put behind a number.

package synth

import (
	"math"
	"math/rand/v2"
)

// brushwork is a thicket of strokes that lie about one way, as ears of grain or brushes leave them.
func (a *artwork) brushwork(r *rand.Rand) {
	a.gradient(r)
	way, spread := between(r, 0, math.Pi), between(r, .05, .8)
	long, wide := between(r, 2, 22), between(r, .1, 1.4)
	tones := [3]shade{anyShade(r), anyShade(r), anyShade(r)}
	light := float32(between(r, .2, .7))
	for range 120 + r.IntN(300) {
		t := way + spread*r.NormFloat64()
		n := float32(long * between(r, .4, 1.2))
		p := nib{a.cw * r.Float32(), a.ch * r.Float32()}
		bend := float32(.15 * r.NormFloat64())
		dx, dy := n*float32(math.Cos(t)), n*float32(math.Sin(t))
		mid := nib{p.x + dx/2 - bend*dy, p.y + dy/2 + bend*dx}
		tone := tones[r.IntN(3)].towards(gray(255*r.Float32()), light*r.Float32())
		line := []nib{p, mid, {p.x + dx, p.y + dy}}
		a.paintPath(stroke([][]nib{line}, float32(wide*between(r, .5, 1.5))), tone, float32(between(r, .5, 1)))
	}
}

// plaster is a rough surface under slanting light.
func (a *artwork) plaster(r *rand.Rand) {
	h := a.cloud(r, float32(between(r, 2, 12)), 5)
	if likely(r, .5) { // ridges, as a trowel leaves them
		k := float32(between(r, 6, 20))
		h.apply(func(v float32) float32 { return absf(sine(v * k)) })
	}
	a.gradient(r)
	t := between(r, 0, 2*math.Pi)
	lx, ly := float32(math.Cos(t)), float32(math.Sin(t))
	depth := a.scale * float32(between(r, .3, 1.6))
	lit := newSheet(a.w, a.h)
	for y := range a.h {
		here, below := h.row(y), h.row(min(y+1, a.h-1))
		out := lit.row(y)
		for x, v := range here {
			out[x] = min(max(1+depth*((here[min(x+1, a.w-1)]-v)*lx+(below[x]-v)*ly), .2), 1.9)
		}
	}
	a.multiply(lit)
	lit.free()
	h.free()
}

// stones are grains of several sizes, each with a lit and a dark side.
func (a *artwork) stones(r *rand.Rand) {
	a.gradient(r)
	tone := anyShade(r)
	size := between(r, .4, 2.5)
	for range 200 + r.IntN(400) {
		s := float32(size * between(r, .3, 1.3))
		x, y := a.cw*r.Float32(), a.ch*r.Float32()
		c := tone.mul(float32(between(r, .4, 1.4)))
		a.paintPath(path{oval(x, y, s, s*float32(between(r, .6, 1.2)))}, c.mul(.5), .9)
		a.paintPath(path{oval(x-s*.15, y-s*.2, s*.75, s*.6)}, c, .9)
	}
}
