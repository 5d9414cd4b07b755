package recognize

// Shrink: a part of the picture at the few pixels that the locator sees, each the mean of what it covers.

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// box is an upright rectangle of a frame's pixels.
type box struct{ x0, y0, x1, y1 int }

// boxAround returns the bounds of q, larger at each side by a share of their longer side.
func boxAround(q geometry.Quad, share float64) box {
	low, high := q.Bounds()
	m := share * math.Max(high.X-low.X, high.Y-low.Y)
	return box{int(low.X - m), int(low.Y - m), int(math.Ceil(high.X + m)), int(math.Ceil(high.Y + m))}
}

// within returns the part of b that lies in c, and at least one pixel.
func (b box) within(c box) box {
	b.x0, b.y0 = min(max(b.x0, c.x0), c.x1-1), min(max(b.y0, c.y0), c.y1-1)
	b.x1, b.y1 = max(min(b.x1, c.x1), b.x0+1), max(min(b.y1, c.y1), b.y0+1)
	return b
}

// halves returns the box's halves along its longer side, each three fifths of it, so that they overlap.
func (b box) halves() [2]box {
	first, second := b, b
	if w, h := b.x1-b.x0, b.y1-b.y0; w >= h {
		first.x1, second.x0 = b.x0+max(w*6/10, 1), b.x1-max(w*6/10, 1)
	} else {
		first.y1, second.y0 = b.y0+max(h*6/10, 1), b.y1-max(h*6/10, 1)
	}
	return [2]box{first, second}
}

// middle returns the box's middle, which takes that share of each side.
func (b box) middle(share float64) box {
	dx, dy := int(float64(b.x1-b.x0)*(1-share)/2), int(float64(b.y1-b.y0)*(1-share)/2)
	return box{b.x0 + dx, b.y0 + dy, b.x1 - dx, b.y1 - dy}.within(b)
}

// wholeBox is all of the frame.
func (r *run) wholeBox() box {
	w, h := r.frame.Size()
	return box{0, 0, w, h}
}

func (b box) longer() int { return max(b.x1-b.x0, b.y1-b.y0) }

// share is an upright rectangle as shares of a picture's width and height, for planes of any resolution.
type share struct{ x0, y0, x1, y1 float64 }

func (b box) share(width, height int) share {
	w, h := float64(width), float64(height)
	return share{float64(b.x0) / w, float64(b.y0) / h, float64(b.x1) / w, float64(b.y1) / h}
}

// shrink writes each of w × h equal pieces of a part of the picture into dst, whose rows are stride apart, 0 to 255: its
// mean, or where the part has fewer pixels than pieces, the bilinear value at its middle.
func (r *run) shrink(dst []float32, w, h, stride int, levels []frame.Plane, part share) {
	base := levels[0]
	width, height := (part.x1-part.x0)*float64(base.Width), (part.y1-part.y0)*float64(base.Height)
	src, k := level(levels, math.Max(width/float64(w), height/float64(h)))
	scale := math.Ldexp(1, -k)
	r.resampler.Resample(dst, w, h, stride, src, part.x0*float64(base.Width)*scale, part.y0*float64(base.Height)*scale,
		width*scale/float64(w), height*scale/float64(h))
}
