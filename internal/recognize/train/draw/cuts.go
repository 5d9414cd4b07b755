package main

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// leastGlyph is the height in pixels of the frame below which digits are no use to the reader.
const leastGlyph = 7

// cuts returns strips of the card's lines, framed with the errors of the stages before: some close around the line,
// some as wide as the card.
func (s *shot) cuts(r *rand.Rand) []*stripRecord {
	if s.plain == nil {
		return nil
	}
	c := &s.scene.Cards[0]
	var out []*stripRecord
	for i := range c.Card.Lines {
		for _, wide := range []bool{false, true} {
			if rec := s.cut(r, c, i, wide); rec != nil {
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
	toFrame := c.Map.Compose(back)
	rec := &stripRecord{pixels: make([]byte, stripWidth*stripHeight), style: uint8(c.Card.Style), scene: true}
	plain := make([]byte, stripWidth*stripHeight)
	w, h := s.frame.Size()
	warp(rec.pixels, stripWidth, stripHeight, s.frame.Y, w, h, toFrame)
	warp(plain, stripWidth, stripHeight, s.plain.Y, w, h, toFrame)
	var at []geometry.Point
	for _, g := range l.Glyphs {
		at = append(at, toStrip.Apply(g.Center))
	}
	height := glyphHeight(l) * stripHeight / (box[3].Sub(box[0])).Norm()
	readable := synth.Readable(rec.pixels, plain, height, at)
	for j, g := range l.Glyphs {
		if at[j].X > -2 && at[j].X < stripWidth+2 {
			rec.digits = append(rec.digits, stripDigit{g.Digit, at[j].X, readable[j]})
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

// shows reports whether line i of the card can be made out in the frame: by comparison where the scene was drawn
// without the number too, else by how much of the card shows.
func (s *shot) shows(c *synth.Placed, i int) bool {
	if s.plain == nil {
		return c.Visible > .8
	}
	l := c.Card.Lines[i]
	first, last := l.Glyphs[0], l.Glyphs[len(l.Glyphs)-1]
	high := glyphHeight(l) / .6
	box := geometry.Rect(first.Center.X-high, first.Center.Y-high/2, last.Center.X+high, last.Center.Y+high/2)
	toStrip, ok := geometry.QuadToQuad(box, geometry.Rect(0, 0, stripWidth, stripHeight))
	back, ok2 := toStrip.Inverse()
	if !ok || !ok2 {
		return false
	}
	with, without := cutPlain(s.frame, c.Map.Compose(back)), cutPlain(s.plain, c.Map.Compose(back))
	var at []geometry.Point
	for _, g := range l.Glyphs {
		at = append(at, toStrip.Apply(g.Center))
	}
	seen := 0
	for _, ok := range synth.Readable(with, without, .6*stripHeight, at) {
		if ok {
			seen++
		}
	}
	return 2*seen > len(at)
}

func cutPlain(f *frame.Frame, toFrame geometry.Homography) []byte {
	out := make([]byte, stripWidth*stripHeight)
	w, h := f.Size()
	warp(out, stripWidth, stripHeight, f.Y, w, h, toFrame)
	return out
}
