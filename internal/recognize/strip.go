package recognize

// Strip: a line of digits is cut straight from the picture, so that the reader sees it at full detail.

import (
	"math"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

const (
	stripWidth, stripHeight = 352, 32
	columns                 = stripWidth / cellSize
)

// span is the part of a line that a strip shows, from…to along it in the view's pixels, and the height of the strip.
type span struct{ from, to, height float64 }

// spans returns the two cuts of a line that are read: one close around it, and one as wide as the card (or, for a short
// line, as the strip's natural shape), at different heights, so that their errors differ.
func (l textLine) spans() [2]span {
	length := l.length()
	tight := span{height: l.height / tightFill}
	wide := span{height: l.height / wideFill}
	pad := 0.07 * length
	if natural := 0.8 * tight.height * stripWidth / stripHeight; length+2*pad < natural {
		pad = (math.Min(natural, viewWidth+8) - length) / 2
	}
	tight.from, tight.to = -pad, length+pad
	if length > 0.42*viewWidth {
		dir := l.end.Sub(l.start).Mul(1 / length)
		wide.from = (-2 - l.start.X) / dir.X
		wide.to = (viewWidth + 2 - l.start.X) / dir.X
	} else {
		pad *= 1.5
		wide.from, wide.to = -pad, length+pad
	}
	return [2]span{tight, wide}
}

const (
	tightFill = 0.62 // share of the strip's height that its glyphs take
	wideFill  = 0.54
)

// cut returns the strip that shows s of line l, standardised for the reader, and its outline in the frame.
func (r *run) cut(v *view, l textLine, s span) (neural.Tensor, geometry.Quad) {
	dir := l.end.Sub(l.start).Mul(1 / l.length())
	down := geometry.Point{X: -dir.Y, Y: dir.X}.Mul(s.height / 2)
	a, b := l.start.Add(dir.Mul(s.from)), l.start.Add(dir.Mul(s.to))
	box := geometry.Quad{a.Sub(down), b.Sub(down), b.Add(down), a.Add(down)}
	r.arena.Reset()
	strip := r.arena.Tensor(1, stripHeight, stripWidth)
	toView, ok := geometry.QuadToQuad(geometry.Rect(0, 0, stripWidth, stripHeight), box)
	if !ok {
		clear(strip.Data)
		return strip, v.toFrame.ApplyQuad(box)
	}
	w, h := r.frame.Size()
	warp(strip.Data, nil, stripWidth, stripHeight, r.pyramid.luma, w, h, v.toFrame.Compose(toView))
	standardise(strip.Data, 0.02)
	return strip, v.toFrame.ApplyQuad(box)
}
