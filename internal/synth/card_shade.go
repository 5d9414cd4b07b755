// Shades: the colours of cards.

package synth

import (
	"math"
	"math/rand/v2"
)

// shade is a colour as three sRGB values, 0 to 255.
type shade [3]float32

func gray(v float32) shade { return shade{v, v, v} }

// luma weighs the three as JPEG does (ITU-R BT.601).
func (c shade) luma() float32 { return .299*c[0] + .587*c[1] + .114*c[2] }

func (c shade) mul(k float32) shade { return shade{c[0] * k, c[1] * k, c[2] * k} }

func (c shade) towards(d shade, t float32) shade {
	return shade{c[0] + (d[0]-c[0])*t, c[1] + (d[1]-c[1])*t, c[2] + (d[2]-c[2])*t}
}

// anyShade draws a colour: half the time one of the tones that issuers like, else any, one in three nearly gray.
func anyShade(r *rand.Rand) shade {
	if likely(r, .45) {
		c := issuerShades[r.IntN(len(issuerShades))]
		k := float32(between(r, .75, 1.25))
		for i := range c {
			c[i] = min(max(c[i]*k+10*float32(r.NormFloat64()), 0), 255)
		}
		return c
	}
	g := between(r, .5, 2)
	var c shade
	for i := range c {
		c[i] = 255 * float32(math.Pow(r.Float64(), g))
	}
	if likely(r, .35) {
		m := (c[0] + c[1] + c[2]) / 3
		for i := range c {
			c[i] = min(max(m+8*float32(r.NormFloat64()), 0), 255)
		}
	}
	return c
}

var issuerShades = []shade{
	{12, 30, 80}, {20, 60, 140}, {35, 110, 190}, {60, 160, 215}, {10, 15, 30}, {18, 18, 20}, {45, 47, 52}, {90, 95, 100},
	{165, 168, 172}, {205, 207, 210}, {245, 245, 245}, {190, 155, 85}, {225, 195, 120}, {130, 100, 45}, {170, 15, 30},
	{215, 30, 40}, {95, 10, 35}, {15, 90, 60}, {30, 140, 90}, {70, 30, 110}, {235, 120, 30}, {225, 90, 140}, {20, 130, 140},
}
