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

// spans returns the two cuts of a line that are read: one close around it, and one as wide as the card (or, for a line or
// glyphs that are small, about as the strip's natural shape), at different heights, so that their errors differ.
func (l textLine) spans() (tight, wide span) {
	length := l.length()
	from, to := l.acrossCard()
	tight.height, wide.height = l.height/tightFill, l.height/wideFill
	if length > shortLine*(to-from) {
		pad := 0.08 * length
		tight.from, tight.to = -pad, length+pad
		slack := 0.01 * (to - from)
		widest := math.Max(mostSqueezed*wide.height*stripWidth/stripHeight, 1.24*length)
		wide.from = math.Max(math.Min(from-slack, -pad), (length-widest)/2)
		wide.to = math.Min(math.Max(to+slack, length+pad), (length+widest)/2)
		return tight, wide
	}
	natural := math.Min(0.85*tight.height*stripWidth/stripHeight, 1.1*(to-from))
	pad := math.Max(0.08*length, (natural-length)/2)
	tight.from, tight.to = -pad, length+pad
	wide.from, wide.to = -1.4*pad, length+1.4*pad
	return tight, wide
}

const (
	shortLine    = 0.45 // share of the card's width below which a line is short
	mostSqueezed = 1.2  // of a strip's natural width may be squeezed into it: small digits would touch each other
)

// acrossCard returns where the line, prolonged, enters and leaves the card, as distances from its start.
func (l textLine) acrossCard() (from, to float64) {
	dir, _ := l.axes()
	start, low, high, step := l.start.X, inView[0].X, inView[2].X, dir.X
	if math.Abs(dir.Y) > math.Abs(dir.X) {
		start, low, high, step = l.start.Y, inView[0].Y, inView[2].Y, dir.Y
	}
	from, to = (low-start)/step, (high-start)/step
	return math.Min(from, to), math.Max(from, to)
}

const (
	tightFill = 0.62 // share of the strip's height that its glyphs take
	wideFill  = 0.54
)

// tint is what of the chroma a strip adds to luma, and whether light and contrast are then made even along the strip.
type tint struct {
	cb, cr float32
	even   bool
}

var (
	luma = tint{}
	even = tint{even: true}
	red  = tint{cr: 1.402} // BT.601, full range
	blue = tint{cb: 1.772}
)

const (
	evenReach = 14   // columns to either side over which light and contrast are made even
	evenLeast = 4.0  // gray values of deviation that are added, so that what is plain stays so
	evenTo    = 50.0 // the deviation that then is everywhere, in gray values
)

// evenOut gives every column the mean 0 and the deviation evenTo over the columns around it: glare and shadow across a line,
// and art beside a digit, then take less of what the digit has.
func evenOut(v []float32) {
	var sum, square [stripWidth + 1]float64 // of all columns before
	for x := range stripWidth {
		sum[x+1], square[x+1] = sum[x], square[x]
		for i := x; i < len(v); i += stripWidth {
			sum[x+1] += float64(v[i])
			square[x+1] += float64(v[i]) * float64(v[i])
		}
	}
	for x := range stripWidth {
		from, to := max(x-evenReach, 0), min(x+evenReach+1, stripWidth)
		n := float64((to - from) * stripHeight)
		mean := (sum[to] - sum[from]) / n
		deviation := math.Sqrt(math.Max((square[to]-square[from])/n-mean*mean, 0)) + evenLeast
		for i := x; i < len(v); i += stripWidth {
			v[i] = float32((float64(v[i]) - mean) * evenTo / deviation)
		}
	}
}

// cutting is a strip that is to be read: a span of a line in a tint. Its columns are to be compared with those of base.
type cutting struct {
	line       textLine
	span, base span
	tint       tint
}

// cut returns the strip, standardised for the reader, and its outline in the frame.
func (r *run) cut(a *neural.Arena, v *view, c *cutting) (neural.Tensor, geometry.Quad) {
	dir, down := c.line.axes()
	down = down.Mul(c.span.height / 2)
	start, end := c.line.start.Add(dir.Mul(c.span.from)), c.line.start.Add(dir.Mul(c.span.to))
	box := geometry.Quad{start.Sub(down), end.Sub(down), end.Add(down), start.Add(down)}
	a.Reset()
	strip := a.Tensor(1, stripHeight, stripWidth)
	toView, ok := geometry.QuadToQuad(geometry.Rect(0, 0, stripWidth, stripHeight), box)
	if !ok {
		clear(strip.Data)
		return strip, v.toFrame.ApplyQuad(box)
	}
	w, h := r.frame.Size()
	toFrame := v.toFrame.Compose(toView)
	warp(strip.Data, nil, stripWidth, stripHeight, r.pyramid.luma, w, h, toFrame)
	for i, share := range []float32{c.tint.cb, c.tint.cr} {
		if share == 0 || r.frame.Gray() {
			continue
		}
		chroma := a.Floats(len(strip.Data))
		warp(chroma, nil, stripWidth, stripHeight, r.pyramid.chroma[i], w, h, toFrame)
		for k, x := range chroma {
			strip.Data[k] += share * (x - 128)
		}
	}
	if c.tint.even {
		evenOut(strip.Data)
	}
	standardise(strip.Data, 0.02)
	return strip, v.toFrame.ApplyQuad(box)
}
