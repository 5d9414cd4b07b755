// Light: what falls on the whole scene (gradients, hard shadows, vignetting) and what a card mirrors (lamps, windows).

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// lightStep is the distance in pixels between the nodes at which slowly varying light is computed.
const lightStep = 8

// illumination multiplies a scene's colours, pixel by pixel.
type illumination struct {
	level    tint    // exposure and colour of the light at the frame's centre
	gx, gy   float64 // change towards the right and the bottom edge, as a share
	lamp     geometry.Point
	lampGain float64 // a near lamp: how much brighter the place under it is
	lampSize float64 // in frame diagonals
	vignette float64 // darkening in the corners, as a share
	clouds   float64 // strength of large soft blotches
	shift    [2]float32
	shadows  []castShadow
}

// castShadow is the hard-edged shadow of something outside the picture: a half plane or a band.
type castShadow struct {
	normal      geometry.Point // unit, across the edge
	from, width float64        // pixels along the normal; everything between lies in shadow
	soft, depth float64        // width of the penumbra in pixels; share of the light it takes
}

// drawIllumination draws a light for a frame of w × h pixels. Harsh light has gradients, shadows and casts of colour.
func drawIllumination(r *rand.Rand, w, h int, harsh bool) *illumination {
	l := &illumination{level: tint{1, 1, 1}}
	if !harsh {
		k := float32(between(r, 0.85, 1.1))
		l.level = tint{k, k, k}
		l.gx, l.gy = r.NormFloat64()*0.08, r.NormFloat64()*0.08
		return l
	}
	warm := r.NormFloat64() * 0.13 // the camera's white balance removes most of a cast
	green := r.NormFloat64() * 0.04
	k := math.Exp(r.NormFloat64() * 0.28)
	if likely(r, 0.1) { // a dark room
		k *= between(r, 0.12, 0.45)
	}
	l.level = tint{float32(k * math.Exp(warm)), float32(k * math.Exp(green)), float32(k * math.Exp(-warm))}
	l.gx, l.gy = r.NormFloat64()*0.22, r.NormFloat64()*0.22
	if likely(r, 0.4) {
		l.lamp = geometry.Point{X: between(r, -0.2, 1.2) * float64(w), Y: between(r, -0.2, 1.2) * float64(h)}
		l.lampGain, l.lampSize = between(r, 0.2, 1.5), between(r, 0.15, 0.6)
	}
	if likely(r, 0.5) {
		l.vignette = between(r, 0, 0.5)
	}
	l.clouds = between(r, 0, 0.35) * r.Float64()
	l.shift = [2]float32{float32(between(r, 0, tileSize)), float32(between(r, 0, tileSize))}
	if likely(r, 0.28) {
		for range 1 + r.IntN(2) {
			l.shadows = append(l.shadows, drawCastShadow(r, w, h))
		}
	}
	return l
}

func drawCastShadow(r *rand.Rand, w, h int) castShadow {
	s, c := math.Sincos(between(r, 0, 2*math.Pi))
	n := geometry.Point{X: c, Y: s}
	through := geometry.Point{X: between(r, 0.1, 0.9) * float64(w), Y: between(r, 0.1, 0.9) * float64(h)}
	width := math.Inf(1)
	if likely(r, 0.4) {
		width = between(r, 0.05, 0.4) * float64(w)
	}
	return castShadow{n, n.Dot(through), width, math.Exp(between(r, 0, math.Log(60))), between(r, 0.2, 0.7)}
}

// at returns the share of the light at pixel (x, y), of a frame w × h.
func (l *illumination) at(x, y float64, w, h int) float64 {
	u, v := x/float64(w)*2-1, y/float64(h)*2-1
	k := math.Max(1+l.gx*u+l.gy*v, 0.15)
	diag := math.Hypot(float64(w), float64(h))
	if l.lampGain > 0 {
		d := l.lamp.Dist(geometry.Point{X: x, Y: y}) / (diag * l.lampSize)
		k *= (1 + l.lampGain/(1+d*d)) / (1 + l.lampGain/2)
	}
	r2 := (u*u + v*v) / 2
	k *= 1 - l.vignette*r2*r2
	if l.clouds > 0 {
		n := cloudTile().at(float32(x/diag)*90+l.shift[0], float32(y/diag)*90+l.shift[1])
		k *= 1 + l.clouds*float64(n-0.5)
	}
	return k
}

// apply multiplies the canvas by the light.
func (l *illumination) apply(c *canvas) {
	grid := newNodes(c.w, c.h)
	for j := range grid.rows {
		for i := range grid.cols {
			k := float32(l.at(float64(i*lightStep), float64(j*lightStep), c.w, c.h))
			grid.set(i, j, l.level.times(k))
		}
	}
	grid.multiply(c)
	for _, s := range l.shadows {
		s.apply(c)
	}
}

func (s *castShadow) apply(c *canvas) {
	for y := range c.h {
		row := c.row(y)
		d := s.normal.X*0.5 + s.normal.Y*(float64(y)+0.5) - s.from
		for x := range c.w {
			in := math.Min(d, s.width-d)/s.soft + 0.5
			d += s.normal.X
			if in <= 0 {
				continue
			}
			t := math.Min(in, 1)
			k := float32(1 - s.depth*t*t*(3-2*t))
			row[3*x] *= k
			row[3*x+1] *= k
			row[3*x+2] *= k * (1 + 0.08*float32(s.depth*t)) // skylight fills shadows with blue
		}
	}
}

// nodes is a coarse grid of colours, lightStep pixels apart, interpolated bilinearly.
type nodes struct {
	cols, rows int
	rgb        []tint
}

func newNodes(w, h int) *nodes {
	n := &nodes{cols: (w+lightStep-1)/lightStep + 1, rows: (h+lightStep-1)/lightStep + 1}
	n.rgb = make([]tint, n.cols*n.rows)
	return n
}

func (n *nodes) set(i, j int, c tint) { n.rgb[j*n.cols+i] = c }

// multiply scales every pixel by the grid's colour there.
func (n *nodes) multiply(c *canvas) {
	line := make([]tint, n.cols)
	for y := range c.h {
		j, f := y/lightStep, float32(y%lightStep)/lightStep
		a, b := n.rgb[j*n.cols:], n.rgb[(j+1)*n.cols:]
		for i := range line {
			line[i] = a[i].mix(b[i], f)
		}
		row := c.row(y)
		for i := 0; i*lightStep < c.w; i++ {
			g, next := &line[i], &line[i+1]
			r0, g0, b0 := g[0], g[1], g[2]
			dr, dg, db := (next[0]-r0)/lightStep, (next[1]-g0)/lightStep, (next[2]-b0)/lightStep
			part := row[3*i*lightStep : 3*min((i+1)*lightStep, c.w)]
			for ; len(part) >= 3; part = part[3:] {
				part[0] *= r0
				part[1] *= g0
				part[2] *= b0
				r0, g0, b0 = r0+dr, g0+dg, b0+db
			}
		}
	}
}

// ease takes out hard shadows and the dark.
func (l *illumination) ease() {
	l.shadows = nil
	y := l.level.luma()
	l.level = l.level.times(max(min(y, 1.2), 0.7) / y)
	l.gx, l.gy = l.gx/2, l.gy/2
}
