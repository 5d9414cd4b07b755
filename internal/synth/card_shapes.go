// Large figures that art lays over its background, across the number if it so happens.

package synth

import (
	"math/rand/v2"
)

// shape lays a large figure over the art.
func (a *artwork) shape(r *rand.Rand) {
	c, k := anyShade(r), float32(between(r, .08, .9))
	switch r.IntN(8) {
	case 0:
		a.paintDisc(a.cw*r.Float32(), a.ch*r.Float32(), float32(between(r, 3, 45)), .15, c, k)
	case 1:
		cx, cy, radius := a.cw*r.Float32(), a.ch*r.Float32(), float32(between(r, 3, 45))
		wide := float32(between(r, .2, 5))
		a.within(box{cx - radius, cy - radius, cx + radius, cy + radius}, func(part *artwork) {
			ring, inner := part.disc(cx, cy, radius, .15), part.disc(cx, cy, radius-wide, .15)
			for i, v := range inner.v {
				ring.v[i] -= v
			}
			inner.free()
			part.blendOnce(ring, c, k)
		})
	case 2:
		y, h := a.ch*r.Float32(), float32(between(r, 1, 16))
		lean := float32(between(r, -8, 8))
		a.paintPath(path{{{0, y}, {a.cw, y + lean}, {a.cw, y + lean + h}, {0, y + h}}}, c, k)
	case 3:
		a.polygon(r)
	case 4:
		a.lettering(r, c, k*.6)
	case 5:
		a.figure(r)
	case 6:
		a.grooves(r, c, k)
	default:
		lean, wide := float32(between(r, -20, 20)), float32(between(r, .1, 1.5))
		step := float32(between(r, 2, 12))
		var p path
		for x := -a.cw; x < 2*a.cw; x += step {
			p = append(p, []nib{{x, 0}, {x + wide, 0}, {x + wide + lean, a.ch}, {x + lean, a.ch}})
		}
		a.paintPath(p, c, k*.7)
	}
}

// sheen is a soft diagonal reflection, as artwork programs like to add.
func (a *artwork) sheen(r *rand.Rand) {
	x := a.cw * r.Float32()
	lean := float32(between(r, -30, 30))
	wide := float32(between(r, 5, 40))
	a.paintPath(path{{{x, 0}, {x + wide, 0}, {x + wide + lean, a.ch}, {x + lean, a.ch}}}, gray(255), float32(between(r, .05, .25)))
}

func (a *artwork) polygon(r *rand.Rand) {
	n := 3 + r.IntN(3)
	pts := make([]nib, n)
	cx, cy := a.cw*r.Float32(), a.ch*r.Float32()
	size := float32(between(r, 5, 60))
	for i := range pts {
		pts[i] = nib{cx + (r.Float32()*2-1)*size, cy + (r.Float32()*2-1)*size}
	}
	a.paintPath(path{pts}, anyShade(r), float32(between(r, .1, .8)))
}

// lettering is a word in huge letters, as banks lay their name under everything.
func (a *artwork) lettering(r *rand.Rand, c shade, opacity float32) {
	faces := BuiltinFaces().all
	word := bankWords[r.IntN(len(bankWords))]
	p, _ := textLine(faces[r.IntN(len(faces))], word, a.cw*float32(between(r, -.2, .5)), a.ch*float32(between(r, -.1, .8)), float32(between(r, 8, 30)))
	a.paintPath(p, c, opacity)
}

// figure is a cartoon's: a few round parts in one tone with a dark outline, and spots on them.
func (a *artwork) figure(r *rand.Rand) {
	cx, cy, size := a.cw*r.Float32(), a.ch*r.Float32(), float32(between(r, 5, 20))
	body, line := anyShade(r), anyShade(r).mul(.3)
	if likely(r, .4) {
		body = gray(float32(between(r, 225, 255)))
	}
	var inner, outer path
	edge := size * float32(between(r, .02, .06))
	for range 3 + r.IntN(4) {
		x, y := cx+size*(r.Float32()-.5), cy+size*(1.4*r.Float32()-.7)
		rx, ry := size*float32(between(r, .15, .6)), size*float32(between(r, .15, .6))
		inner = append(inner, oval(x, y, rx, ry))
		outer = append(outer, oval(x, y, rx+edge, ry+edge))
	}
	a.paintPath(outer, line, .95)
	a.paintPath(inner, body, 1)
	for range 2 + r.IntN(6) {
		s := size * float32(between(r, .02, .2))
		a.paintPath(path{oval(cx+size*(r.Float32()-.5), cy+size*(r.Float32()-.5), s, s*float32(between(r, .5, 1.5)))}, anyShade(r), .95)
	}
}

// oval is an ellipse's outline.
func oval(x, y, rx, ry float32) []nib {
	return chain(turn(x, y, rx, ry, 0, 90), turn(x, y, rx, ry, 90, 180), turn(x, y, rx, ry, 180, 270), turn(x, y, rx, ry, 270, 360))
}

// grooves are fine rings around one middle, as on records.
func (a *artwork) grooves(r *rand.Rand, c shade, opacity float32) {
	x, y := a.cw*r.Float32(), a.ch*r.Float32()
	step, wide := float32(between(r, .5, 3)), float32(between(r, .08, .5))
	var lines [][]nib
	for radius := float32(between(r, 1, 10)); radius < 45 && len(lines) < 40; radius += step {
		o := oval(x, y, radius, radius)
		lines = append(lines, append(o, o[0]))
	}
	a.paintPath(stroke(lines, wide), c, opacity*.6)
}
