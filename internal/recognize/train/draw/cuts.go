package main

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// leastGlyph is the height in pixels of the frame below which digits are no use to the reader.
const leastGlyph = 7

// cuts returns strips of the card's lines, framed with the errors of the stages before: of each line, times close around it
// and as often as wide as the card.
func (s *shot) cuts(r *rand.Rand, times int) []*stripRecord {
	if len(s.scene.Cards) == 0 {
		return nil
	}
	c := &s.scene.Cards[0]
	var out []*stripRecord
	for i := range c.Card.Lines {
		for k := range 2 * times {
			if rec := s.cut(r, c, i, k%2 == 1); rec != nil {
				out = append(out, rec)
			}
		}
	}
	return out
}

// cut returns a strip around line i of card c, or nil when it is too small to be read. Positions before the map to the
// frame are the card's own pixels.
func (s *shot) cut(r *rand.Rand, c *synth.Placed, i int, wide bool) *stripRecord {
	l := c.Card.Lines[i]
	box := frameLine(r, c.Card, l, wide)
	toStrip, ok := geometry.QuadToQuad(box, geometry.Rect(0, 0, stripWidth, stripHeight))
	back, ok2 := toStrip.Inverse()
	if !ok || !ok2 || lineHeight(c, l) < leastGlyph {
		return nil
	}
	rec := &stripRecord{pixels: make([]byte, stripWidth*stripHeight), style: uint8(c.Card.Style), scene: true}
	w, h := s.frame.Size()
	warp(rec.pixels, stripWidth, stripHeight, s.frame.Y, w, h, c.Map.Compose(back))
	for j, g := range l.Glyphs {
		if at := toStrip.Apply(g.Center); at.X > -2 && at.X < stripWidth+2 {
			rec.digits = append(rec.digits, stripDigit{g.Digit, at.X, c.Clarity[i][j] >= leastReadable})
		}
	}
	return rec
}

// lineHeight is the height of a line's glyphs in the frame.
func lineHeight(c *synth.Placed, l synth.Line) float64 {
	middle := l.Glyphs[len(l.Glyphs)/2].Center
	half := geometry.Point{Y: glyphHeight(l) / 2}
	return c.Map.Apply(middle.Sub(half)).Dist(c.Map.Apply(middle.Add(half)))
}

// frameLine returns the part of the card that a strip of the line shows.
func frameLine(r *rand.Rand, card *synth.Card, l synth.Line, wide bool) geometry.Quad {
	first, last := l.Glyphs[0], l.Glyphs[len(l.Glyphs)-1]
	x0, x1 := first.Center.X-first.Width/2, last.Center.X+last.Width/2
	y, long := (first.Center.Y+last.Center.Y)/2, x1-x0
	width := float64(card.Picture.Width)
	high := glyphHeight(l) / (.46 + .26*r.Float64())
	pad := long * (.03 + .12*r.Float64())
	switch natural := high * stripWidth / stripHeight * (.75 + .4*r.Float64()); {
	case long < .45*width:
		pad = math.Max(pad, (math.Min(natural, 1.1*width)-long)/2)
		if wide {
			pad *= 1.4
		}
		x0, x1 = x0-pad*2*r.Float64(), x1+pad*2*r.Float64()
	case wide:
		x0, x1 = width*.04*r.NormFloat64(), width*(1+.04*r.NormFloat64())
	default:
		x0, x1 = x0-pad*(1+.3*r.NormFloat64()), x1+pad*(1+.3*r.NormFloat64())
	}
	y += .06 * high * r.NormFloat64()
	tilt := .05 * high * r.NormFloat64() // of either end
	q := geometry.Rect(x0, y-high/2, x1, y+high/2)
	for i := range q {
		q[i].Y += []float64{-tilt, tilt, tilt, -tilt}[i] + .025*high*r.NormFloat64()
		q[i].X += .04 * high * r.NormFloat64()
	}
	return q
}
