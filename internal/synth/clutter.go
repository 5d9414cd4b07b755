// Clutter: what lies around a card. Sheets, books, phones, other cards' backs, pens, coins and cups, whose straight
// edges compete with the card's own.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// thing is a slab somewhere on the table.
type thing struct {
	slab
	place  geometry.Homography // its plane to the table's, millimetres
	height float64             // thickness in millimetres; it sets its shadow
}

// onTable returns the map that turns a thing by angle and sets its centre at (x, y).
func onTable(x, y, angle float64) geometry.Homography {
	s, c := math.Sincos(angle)
	return geometry.Homography{c, -s, x, s, c, y, 0, 0, 1}
}

// drawThings scatters n things over the part of the table that the frame shows. Most are turned like the card or at
// right angles to the frame, as people lay things down.
func drawThings(r *rand.Rand, n int, reach geometry.Quad) []thing {
	things := make([]thing, n)
	lo, hi := reach.Bounds()
	for i := range things {
		t := drawThing(r)
		angle := between(r, 0, 2*math.Pi)
		if likely(r, 0.4) {
			angle = float64(r.IntN(4))*math.Pi/2 + r.NormFloat64()*0.05
		}
		x, y := between(r, lo.X, hi.X), between(r, lo.Y, hi.Y)
		t.place = onTable(x, y, angle)
		things[i] = t
	}
	return things
}

func drawThing(r *rand.Rand) thing {
	switch pickWeighted(r, 22, 16, 14, 14, 8, 8, 10, 8) {
	case 0:
		return drawSheet(r)
	case 1:
		return drawBook(r)
	case 2:
		return drawPhone(r)
	case 3:
		return drawPen(r)
	case 4:
		return drawCoin(r)
	case 5:
		return drawCup(r)
	case 6: // a purse, a mouse mat, a box
		w := between(r, 40, 160)
		return thing{slab: slab{w: w, h: w * between(r, 0.4, 1), r: between(r, 0, 12), skin: anyTexture(r)}, height: between(r, 1, 20)}
	}
	return drawPlainCard(r)
}

// drawSheet is paper with something written on it, or without.
func drawSheet(r *rand.Rand) thing {
	w := between(r, 50, 230)
	h := w * between(r, 0.5, 1.5)
	if likely(r, 0.4) { // DIN A
		h = w * math.Sqrt2
	}
	base := hsvTint(r.Float64(), between(r, 0, 0.12), between(r, 0.75, 1))
	t := thing{slab: slab{w: w, h: h, skin: paperTexture(r, base)}, height: 0.3}
	if likely(r, 0.6) {
		t.skin = printedTexture(r, base, w, h)
	}
	return t
}

func drawBook(r *rand.Rand) thing {
	w := between(r, 80, 200)
	h := w * between(r, 1.2, 1.6)
	cover := anyTint(r)
	t := thing{slab: slab{w: w, h: h, r: between(r, 0, 6), skin: textureOf(r, cover)}, height: between(r, 3, 30)}
	if likely(r, 0.4) {
		t.skin = printedTexture(r, cover, w, h)
	}
	return t
}

func drawPhone(r *rand.Rand) thing {
	w := between(r, 62, 78)
	body := slab{w: w, h: w * between(r, 1.9, 2.2), r: between(r, 5, 12), rim: float32(between(r, -0.5, 1.5))}
	dark := anyTint(r).times(0.15)
	body.skin = flat(dark)
	if likely(r, 0.5) {
		body.skin = printedTexture(r, anyTint(r), body.w, body.h)
	}
	return thing{slab: body, height: 8}
}

func drawPen(r *rand.Rand) thing {
	w := between(r, 5, 13)
	c := anyTint(r)
	round := &tonal{newToneMap(c.times(0.25), c, near(r, c, 0.3), c.times(0.3)), func(v, xs, ys []float32, foot float32) {
		k := float32(1 / w)
		for i := range v {
			v[i] = 0.5 + ys[i]*k
		}
	}}
	return thing{slab: slab{w: between(r, 90, 160), h: w, r: w * between(r, 0.2, 0.5), skin: round}, height: w}
}

func drawCoin(r *rand.Rand) thing {
	d := between(r, 16, 28)
	base := hsvTint(between(r, 0.05, 0.13), between(r, 0, 0.6), between(r, 0.4, 0.9))
	grain := cloudTile()
	ring := float32(between(r, 0.75, 0.92))
	face := &tonal{newToneMap(base.times(0.4), base, near(r, base, 0.3), base.times(1.5)), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			rho := float32(math.Sqrt(float64(xs[i]*xs[i]+ys[i]*ys[i]))) * 2 / float32(d)
			v[i] = 0.3 + 0.5*grain.at(xs[i]*9, ys[i]*9)
			if rho > ring {
				v[i] = 0.75
			}
		}
	}}
	return thing{slab: slab{w: d, h: d, r: d / 2, skin: face}, height: 2}
}

func drawCup(r *rand.Rand) thing {
	d := between(r, 60, 100)
	wall, drink := anyTint(r), anyTint(r).times(0.5)
	fill := between(r, 0.6, 0.9)
	top := &tonal{newToneMap(drink, drink.times(1.4), wall.times(0.6), wall), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			rho := math.Sqrt(float64(xs[i]*xs[i]+ys[i]*ys[i])) * 2 / d
			v[i] = float32(0.2 * rho)
			if rho > fill {
				v[i] = float32(0.5 + 0.5*(rho-fill)/(1-fill))
			}
		}
	}}
	return thing{slab: slab{w: d, h: d, r: d / 2, skin: top}, height: 60}
}

// drawPlainCard is a sheet or plate of about a card's size that is no card: a note, a ticket, a sleeve.
func drawPlainCard(r *rand.Rand) thing {
	w := between(r, 60, 110)
	c := anyTint(r)
	return thing{slab: slab{w: w, h: w / between(r, 1.2, 2.2), r: between(r, 0, 4), skin: textureOf(r, c)}, height: 1}
}

// paint draws the thing and its shadow. toPixels maps the table; (lx, ly) is the direction in which shadows fall, as
// millimetres of shadow for each millimetre of height.
func (t *thing) paint(c *canvas, toPixels geometry.Homography, lx, ly, depth float64) {
	m := toPixels.Compose(t.place)
	a, b := t.place[0], t.place[3] // cosine and sine of its turn
	reach := math.Min(t.height, 15)
	dx, dy := (lx*a+ly*b)*reach, (ly*a-lx*b)*reach
	t.shadow(c, m, dx, dy, 0.6+0.35*reach, depth)
	t.slab.paint(c, m)
}
