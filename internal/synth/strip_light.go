// The strip's light: how the card's tones become the sensor's.

package synth

import (
	"math"
	"math/rand/v2"
)

// tilt returns the artwork's tilt at the camera's size, or nil where it does not matter.
func (s *shot) tilt(a *artwork) *sheet {
	if a.tilt == nil || s.glare == nil {
		return nil
	}
	if s.w < a.w {
		return a.tilt.shrink(s.w, s.h)
	}
	return a.tilt.clone()
}

// light turns the card's tones into the sensor's. Glare is the mirrored lamp: flanks of embossed digits, tilted away,
// do not show it. It frees tilt.
func (s *shot) light(p, tilt *sheet) {
	for i, k := range s.gain.v {
		p.v[i] = p.v[i]*k*s.camera.gain + s.lift
	}
	switch {
	case tilt != nil:
		for i, v := range s.glare.v {
			p.v[i] += v * (1 - .9*tilt.v[i])
		}
		tilt.free()
	case s.glare != nil:
		for i, v := range s.glare.v {
			p.v[i] += v
		}
	}
	var curve [257]float32
	for i := range curve {
		curve[i] = 255 * float32(math.Pow(float64(i)/255, float64(s.gamma)))
	}
	for i, v := range p.v {
		switch {
		case v <= 0:
			p.v[i] = 0
		case v >= 255:
			p.v[i] = 255
		case s.gamma != 1:
			k := int(v)
			p.v[i] = curve[k] + (curve[k+1]-curve[k])*(v-float32(k))
		}
	}
}

// uneven is smooth light around 1, deeper at one end than the other.
func uneven(r *rand.Rand, w, h int, depth float32) *sheet {
	small := cloud(r, 32, 8, 32/float32(between(r, .8, 3)), 2, .5)
	for i, v := range small.v {
		small.v[i] = 1 + depth*(2*v-1)
	}
	out := small.enlarge(w, h)
	small.free()
	return out
}

// shade lays a shadow with a straight edge across.
func (s *shot) shade(r *rand.Rand, digit float32) {
	edge := newSheet(s.w, s.h)
	w, h := float32(s.w), float32(s.h)
	x, lean := w*r.Float32(), 2*h*float32(r.NormFloat64())
	wide := w * float32(between(r, .1, 1))
	edge.ink(path{{{x, -1}, {x + wide, -1}, {x + wide + lean, h + 1}, {x + lean, h + 1}}}, placing{sx: 1, sy: 1})
	edge.blur(digit * float32(between(r, .02, .8)))
	k := float32(between(r, .2, .65))
	for i, e := range edge.v {
		s.gain.v[i] *= 1 - k*e
	}
	edge.free()
}

// flare adds a soft elliptic reflection that may burn out what lies under it: most are small or weak.
func (f *sheet) flare(r *rand.Rand, digit float32) {
	cx, cy := float32(f.w)*r.Float32(), float32(f.h)*float32(between(r, -.2, 1.2))
	long := float32(r.Float64() * r.Float64())
	rx, ry := digit*(.3+4.5*long), digit*(.15+1.2*r.Float32())
	t := between(r, 0, math.Pi)
	if likely(r, .35) { // a window or tube, mirrored along the line
		rx, ry = digit*float32(between(r, 5, 40)), digit*float32(between(r, .2, 1.6))
		t = .04 * r.NormFloat64()
	}
	co, si := float32(math.Cos(t)), float32(math.Sin(t))
	power := 255 * float32(between(r, .15, 1.1))
	soft := float32(between(r, .5, 2.2))
	reach := int(max(rx, ry)) + 1
	for y := max(int(cy)-reach, 0); y < min(int(cy)+reach+1, f.h); y++ {
		dy := float32(y) - cy
		row := f.row(y)
		for x := max(int(cx)-reach, 0); x < min(int(cx)+reach+1, f.w); x++ {
			dx := float32(x) - cx
			u, v := (dx*co+dy*si)/rx, (dy*co-dx*si)/ry
			if d := u*u + v*v; d < 1 {
				t := min((1-d)*soft, 1)
				row[x] += power * t * t * (3 - 2*t)
			}
		}
	}
}
