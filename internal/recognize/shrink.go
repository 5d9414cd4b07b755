package recognize

// Shrink: a part of the picture at the few pixels that the locator sees, each the mean of what it covers.

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
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

// shrink writes the mean of each of w × h equal pieces of a part of the picture into dst, whose rows are stride apart,
// 0 to 255; w is at most locatorSize. Where the part has fewer pixels than pieces it is enlarged bilinearly.
func shrink(arena *neural.Arena, dst []float32, w, h, stride int, levels []frame.Plane, part share) {
	base := levels[0]
	width, height := (part.x1-part.x0)*float64(base.Width), (part.y1-part.y0)*float64(base.Height)
	src, k := level(levels, math.Max(width/float64(w), height/float64(h)))
	scale := math.Ldexp(1, -k)
	x0, y0 := part.x0*float64(base.Width)*scale, part.y0*float64(base.Height)*scale
	stepX, stepY := width*scale/float64(w), height*scale/float64(h)
	if stepX < 1 || stepY < 1 {
		for y := range h {
			for x := range w {
				dst[y*stride+x] = sample(src, x0+(float64(x)+0.5)*stepX, y0+(float64(y)+0.5)*stepY)
			}
		}
		return
	}
	var columns [locatorSize]cover
	for x := range w {
		columns[x] = coverOf(x0+float64(x)*stepX, x0+float64(x+1)*stepX, src.Width)
	}
	first, last := columns[0].first, columns[w-1].last
	sums := arena.Floats(src.Width)[:last+1]
	for y := range h {
		rows := coverOf(y0+float64(y)*stepY, y0+float64(y+1)*stepY, src.Height)
		rows.sumRows(sums, src, first)
		for x := range w {
			dst[y*stride+x] = columns[x].mean(sums) * rows.inverse
		}
	}
}

// cover is the pixels that a stretch of a line covers, from the first to the last; those two count by the share of them
// that is covered, the others whole. inverse is one over what all of them count.
type cover struct {
	first, last   int
	begin, finish float32
	inverse       float32
}

// coverOf returns the cover of [from, to) on a line of n pixels.
func coverOf(from, to float64, n int) cover {
	c := cover{first: min(int(from), n-1)}
	c.last = min(max(int(math.Ceil(to))-1, c.first), n-1)
	begin := math.Min(float64(c.first+1), to) - from
	finish := math.Min(float64(c.last+1), to) - float64(c.last)
	if c.first == c.last {
		finish = 0
	}
	if begin <= 0 {
		begin = 1 // beyond the line's end its last pixel repeats
	}
	c.begin, c.finish = float32(begin), float32(finish)
	c.inverse = float32(1 / (begin + finish + float64(max(c.last-c.first-1, 0))))
	return c
}

// sumRows makes sums[i], from i = first on, the weighted sum of the covered rows' pixels i.
func (c cover) sumRows(sums []float32, p frame.Plane, first int) {
	n := len(sums)
	sums = sums[first:]
	for i, v := range p.Row(c.first)[first:n] {
		sums[i] = c.begin * float32(v)
	}
	for j := c.first + 1; j <= c.last; j++ {
		row := p.Row(j)[first:n][:len(sums)]
		if j == c.last {
			for i, v := range row {
				sums[i] += c.finish * float32(v)
			}
			continue
		}
		for i, v := range row {
			sums[i] += float32(v)
		}
	}
}

// mean returns the weighted mean of the covered values.
func (c cover) mean(v []float32) float32 {
	sum := c.begin * v[c.first]
	for i := c.first + 1; i < c.last; i++ {
		sum += v[i]
	}
	if c.last > c.first {
		sum += c.finish * v[c.last]
	}
	return sum * c.inverse
}
