// Regular textures: tiles, checks, stripes, gradients and brushed metal, whose straight edges a locator must not take
// for a card's.

package synth

import (
	"math"
	"math/rand/v2"
)

// tileTexture is floor or wall tiles with grout, or squared paper when the tiles are small.
func tileTexture(r *rand.Rand) texture {
	base, grout := anyTint(r), anyTint(r)
	size := float32(math.Exp(between(r, math.Log(4), math.Log(160))))
	aspect := float32(1)
	if likely(r, 0.4) {
		aspect = float32(between(r, 1, 4))
	}
	gap := size * float32(between(r, 0.01, 0.08))
	brick := float32(r.IntN(2)) * 0.5
	uneven := float32(between(r, 0, 0.4))
	cloud, white := cloudTile(), whiteTile()
	return &tonal{newToneMap(grout, base.times(0.6), base, near(r, base, 0.2)), func(v, xs, ys []float32, foot float32) {
		soft := max(foot, gap*0.2)
		for i := range v {
			row := floor32(ys[i] / size)
			x := xs[i]/(size*aspect) + row*brick
			col := floor32(x)
			dx, dy := (x-col)*size*aspect, ys[i]-row*size
			d := min(dx, size*aspect-dx, dy, size-dy) - gap/2
			t := max(min(d/soft+0.5, 1), 0)
			v[i] = t * (0.66 + uneven*(white.at(col*7, row*7)-0.5) + 0.25*(cloud.at(xs[i]*0.3, ys[i]*0.3)-0.5))
		}
	}}
}

// checkTexture is two colours in squares: a table cloth, or the gray checks that stand for transparency.
func checkTexture(r *rand.Rand) texture {
	a, b := anyTint(r), anyTint(r)
	if likely(r, 0.5) {
		g := float32(between(r, 0.55, 0.95))
		a, b = tint{1, 1, 1}, tint{g, g, g}
	}
	k := float32(1 / math.Exp(between(r, math.Log(2), math.Log(20))))
	return &tonal{newToneMap(a, b), func(v, xs, ys []float32, foot float32) {
		soft := max(foot*k, 1e-3)
		edge := func(u float32) float32 { // a square wave of period 2, -1 to 1, with soft steps
			u -= 2 * floor32(u/2)
			return max(min((0.5-float32(math.Abs(float64(u-1))))/soft*2, 1), -1)
		}
		for i := range v {
			v[i] = 0.5 + 0.5*edge(xs[i]*k)*edge(ys[i]*k)
		}
	}}
}

// stripeTexture is parallel bands, soft or hard: corrugated card, shirts, blinds.
func stripeTexture(r *rand.Rand) texture {
	k := float32(2 * math.Pi / math.Exp(between(r, math.Log(1.2), math.Log(60))))
	hard := float32(between(r, 0.5, 6))
	wave := float32(between(r, 0, 8) * r.Float64())
	second := float32(0)
	if likely(r, 0.3) {
		second = float32(between(r, 0.2, 0.6))
	}
	cloud := cloudTile()
	return &tonal{newToneMap(anyTint(r), anyTint(r)), func(v, xs, ys []float32, foot float32) {
		f := 0.5 * fade(2*math.Pi/k, foot)
		for i := range v {
			n := wave * cloud.at(xs[i]*0.4, ys[i]*0.4)
			t := max(min(hard*quickSin(xs[i]*k+n), 1), -1)
			if second > 0 {
				t = t*(1-second) + second*max(min(hard*quickSin(ys[i]*k+n), 1), -1)
			}
			v[i] = 0.5 + f*t
		}
	}}
}

// quickSin is the sine to about 1e-3, by the parabola of each half turn and one correction.
func quickSin(x float32) float32 {
	x *= 1 / (2 * math.Pi)
	x -= floor32(x + 0.5) // turns, -0.5 to 0.5
	y := 8*x - 16*x*float32(math.Abs(float64(x)))
	return 0.775*y + 0.225*y*float32(math.Abs(float64(y)))
}

// gradientTexture runs smoothly between two or three colours, as a studio backdrop or a rendering does.
func gradientTexture(r *rand.Rand, colours ...tint) texture {
	s, c := math.Sincos(between(r, 0, 2*math.Pi))
	span := between(r, 120, 500)
	kx, ky := float32(c/span), float32(s/span)
	round := float32(0)
	if likely(r, 0.4) {
		round = float32(between(r, 0.2, 1) / (span * span))
	}
	return &tonal{newToneMap(colours...), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			v[i] = 0.5 + kx*xs[i] + ky*ys[i] + round*(xs[i]*xs[i]+ys[i]*ys[i])
		}
	}}
}

// metalTexture is brushed: streaks along x under a broad sheen.
func metalTexture(r *rand.Rand) texture {
	base := anyTint(r)
	if likely(r, 0.6) {
		base = hsvTint(r.Float64(), between(r, 0, 0.12), between(r, 0.25, 0.9))
	}
	cloud, grain := cloudTile(), grainTile()
	deep, sheen := float32(between(r, 0.1, 0.6)), float32(between(r, 0, 0.6))
	return &tonal{newToneMap(base.times(0.5), base, near(r, base, 0.5)), func(v, xs, ys []float32, foot float32) {
		for i := range v {
			v[i] = 0.5 + deep*(grain.at(xs[i]*0.05, ys[i]*3)-0.5) + sheen*(cloud.at(xs[i]*0.15, ys[i]*0.15)-0.5)
		}
	}}
}

// anyTexture draws one of all, in the colours of things.
func anyTexture(r *rand.Rand) texture { return textureOf(r, anyTint(r)) }

// textureOf draws a texture, of the given base colour where its kind has a free choice.
func textureOf(r *rand.Rand, base tint) texture {
	switch pickWeighted(r, 20, 16, 12, 8, 7, 6, 6, 3, 5, 8, 5, 3, 7) {
	case 0:
		return paperTexture(r, base)
	case 1:
		return woodTexture(r)
	case 2:
		return clothTexture(r, base)
	case 3:
		return carpetTexture(r, base)
	case 4:
		return marbleTexture(r)
	case 5:
		return foliageTexture(r)
	case 6:
		return tileTexture(r)
	case 7:
		return checkTexture(r)
	case 8:
		return stripeTexture(r)
	case 9:
		return gradientTexture(r, base, near(r, base, 0.6))
	case 10:
		return metalTexture(r)
	case 11:
		return flat(base)
	}
	return printedTexture(r, base, between(r, 0, pageWidth), between(r, 0, pageHeight))
}
