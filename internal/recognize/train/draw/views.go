package main

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// margin is what a view shows around the card at each side, as a share of the card's size.
const margin = 0.125

// cardInView is where a corner-perfect card lies in a view.
var cardInView = geometry.Rect(
	viewWidth*margin/(1+2*margin), viewHeight*margin/(1+2*margin),
	viewWidth*(1+margin)/(1+2*margin), viewHeight*(1+margin)/(1+2*margin))

// views returns what the card net may be shown of the scene: each card with the errors that locating leaves, cards
// without their number, and quads that are no card.
func (s *shot) views(r *rand.Rand) []*viewRecord {
	var out []*viewRecord
	for i := range s.scene.Cards {
		c := &s.scene.Cards[i]
		if c.Visible < cardShowsInner {
			continue
		}
		for range 2 {
			if v, ok := s.view(jitter(r, roll(r, c.Quad))); ok {
				v.label(c)
				out = append(out, v.record)
			}
		}
	}
	quads := s.scene.Decoys
	if len(quads) == 0 && len(s.scene.Cards) == 0 {
		quads = append(quads, anyQuad(r, s.frame))
	}
	for _, q := range quads[:min(len(quads), 2)] {
		if v, ok := s.view(jitter(r, roll(r, q))); ok {
			out = append(out, v.record)
		}
	}
	return out
}

// roll renumbers the corners as the engine might: mostly so that a side that looks long is on top.
func roll(r *rand.Rand, q geometry.Quad) geometry.Quad {
	k := 2 * r.IntN(2)
	sides := q.Sides()
	if long := sides[0]+sides[2] > sides[1]+sides[3]; long != (r.Float64() < .85) {
		k++
	}
	return q.Roll(k)
}

// jitter moves the corners as errors of locating do, usually by a hundredth or three of the card's size, sometimes far.
func jitter(r *rand.Rand, q geometry.Quad) geometry.Quad {
	unit := geometry.Rect(0, 0, 1, 1)
	toQuad, ok := geometry.QuadToQuad(unit, q)
	if !ok {
		return q
	}
	size := .01
	switch x := r.Float64(); {
	case x < .12:
		size = .07
	case x < .5:
		size = .028
	}
	move := geometry.Point{X: r.NormFloat64(), Y: r.NormFloat64()}.Mul(size * .7)
	grow := 1 + size*r.NormFloat64()
	jittered := unit.Grow(grow).Translate(move)
	for i := range jittered {
		jittered[i] = jittered[i].Add(geometry.Point{X: clamp(r.NormFloat64(), 2), Y: clamp(r.NormFloat64(), 2)}.Mul(size))
	}
	return toQuad.ApplyQuad(jittered)
}

func clamp(v, limit float64) float64 { return math.Max(-limit, math.Min(limit, v)) }

// anyQuad returns a card-like quad somewhere in the frame.
func anyQuad(r *rand.Rand, f *frame.Frame) geometry.Quad {
	w, h := f.Size()
	width := float64(max(w, h)) * (.3 + .6*r.Float64())
	q := geometry.Rect(-width/2, -width/2/1.586, width/2, width/2/1.586)
	sin, cos := math.Sincos(r.Float64() * 2 * math.Pi)
	x, y := float64(w)*(.2+.6*r.Float64()), float64(h)*(.2+.6*r.Float64())
	for i, p := range q {
		q[i] = geometry.Point{X: x + p.X*cos - p.Y*sin, Y: y + p.X*sin + p.Y*cos}
	}
	return q
}

// view is a rectified quad and the map from the frame to its pixels.
type view struct {
	record *viewRecord
	toView geometry.Homography
}

// view warps the frame so that q becomes the view's card.
func (s *shot) view(q geometry.Quad) (*view, bool) {
	toFrame, ok := geometry.QuadToQuad(cardInView, q)
	toView, ok2 := toFrame.Inverse()
	if !ok || !ok2 || !q.Convex() || !inFront(toFrame) {
		return nil, false
	}
	const size = viewWidth * viewHeight
	v := &view{&viewRecord{planes: make([]byte, 3*size), inside: make([]byte, size/8)}, toView}
	f := s.frame
	w, h := f.Size()
	for i, p := range []frame.Plane{f.Y, f.Cb, f.Cr} {
		warp(v.record.planes[i*size:][:size], viewWidth, viewHeight, p, w, h, toFrame)
	}
	for y := range viewHeight {
		for x := range viewWidth {
			p := toFrame.Apply(geometry.Point{X: float64(x) + .5, Y: float64(y) + .5})
			if p.X >= 0 && p.Y >= 0 && p.X < float64(w) && p.Y < float64(h) {
				v.record.inside[(y*viewWidth+x)/8] |= 128 >> (x % 8)
			}
		}
	}
	return v, true
}

// inFront reports whether the whole view lies on one side of the horizon.
func inFront(toFrame geometry.Homography) bool {
	positive, negative := false, false
	for _, p := range geometry.Rect(0, 0, viewWidth, viewHeight) {
		w := toFrame[6]*p.X + toFrame[7]*p.Y + toFrame[8]
		positive, negative = positive || w > 0, negative || w <= 0
	}
	return positive != negative
}

// label writes down where card c and its number's lines lie in the view.
func (v *view) label(c *synth.Placed) {
	rec := v.record
	rec.card = true
	q := v.toView.ApplyQuad(c.Quad)
	rec.quad = q.Roll(topSide(q))
	rec.lines = v.lines(c)
}

// topSide returns which side of q looks up: the one whose outward normal points up most.
func topSide(q geometry.Quad) int {
	best, at := math.Inf(1), 0
	c := q.Center()
	for i := range q {
		m := q[i].Lerp(q[(i+1)%4], .5).Sub(c)
		if a := m.Y / math.Max(m.Norm(), 1e-9); a < best {
			best, at = a, i
		}
	}
	return at
}

// lines returns the number's lines in the view.
func (v *view) lines(c *synth.Placed) []viewLine {
	m := v.toView.Compose(c.Map)
	var out []viewLine
	for i, l := range c.Card.Lines {
		first, last := l.Glyphs[0], l.Glyphs[len(l.Glyphs)-1]
		from := m.Apply(first.Center.Sub(geometry.Point{X: first.Width / 2}))
		to := m.Apply(last.Center.Add(geometry.Point{X: last.Width / 2}))
		middle := first.Center.Lerp(last.Center, .5)
		half := geometry.Point{Y: glyphHeight(l) / 2}
		height := m.Apply(middle.Sub(half)).Dist(m.Apply(middle.Add(half)))
		d := to.Sub(from)
		turn := int(math.Round(math.Atan2(d.Y, d.X)/(math.Pi/2))+4) % 4
		out = append(out, viewLine{from: from, to: to, height: height, turn: uint8(turn), readable: shows(c.Clarity[i])})
	}
	return out
}

// shows reports whether most of a line's digits can be made out.
func shows(clarity []float64) bool {
	seen := 0
	for _, c := range clarity {
		if c >= leastReadable {
			seen++
		}
	}
	return 2*seen > len(clarity)
}

// glyphHeight is the mean height of the line's glyphs, in the card's pixels.
func glyphHeight(l synth.Line) float64 {
	var sum float64
	for _, g := range l.Glyphs {
		sum += g.Height
	}
	return sum / float64(len(l.Glyphs))
}
