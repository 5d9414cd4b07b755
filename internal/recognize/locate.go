package recognize

// Locate: one small net looks at the whole frame and answers where a card lies (mask), and where its corners and sides are
// (heat); assemble makes quads of them. Snapped to the corners' heat, the mask's own outline is one of those tried.

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

const (
	locatorSize = 160 // the side of the locator's input in pixels
	cellSize    = 4   // pixels of a net's input in a cell of its maps, along each side
	maskLevel   = 0.5 // what a cell of the mask must exceed to count as card
	leastMask   = 0.02
	heatLevel   = 0.25 // a corner snaps to a peak of heat that exceeds this,
	heatReach   = 2.5  // within so many cells
)

// letterbox is how a part of a frame was fitted into the locator's square: position · scale + offset.
type letterbox struct{ scaleX, scaleY, offsetX, offsetY float64 }

func (l letterbox) toFrame(q geometry.Quad) geometry.Quad {
	for i, p := range q {
		q[i] = geometry.Point{X: (p.X - l.offsetX) / l.scaleX, Y: (p.Y - l.offsetY) / l.scaleY}
	}
	return q
}

// camera returns the camera of the frame, in cells.
func (l letterbox) camera(c camera) camera {
	middle := geometry.Point{X: c.middle.X*l.scaleX + l.offsetX, Y: c.middle.Y*l.scaleY + l.offsetY}
	return camera{middle.Mul(1.0 / cellSize), c.side * l.scaleX / cellSize}
}

// mostCards is how many cards are told apart in a frame.
const mostCards = 3

// Cards that are small in the frame are looked at a second time, closer.
const (
	smallCard   = 0.55 // of the frame's longer side
	closerFrame = 0.3  // what is shown beyond the card's bounds, as a share of their longer side
	sameCard    = 0.3  // overlap with what was seen first
)

// locate returns where cards seem to be, the likeliest first, each with its topmost-leftmost corner first.
func (r *run) locate() []Location {
	defer r.trace.enter("locate")()
	whole := r.wholeBox()
	r.found[0] = r.quadsIn(r.found[0][:0], whole, samePlace)
	found := r.found[0]
	for i, first := range found {
		closer := boxAround(first.Quad, closerFrame).within(whole)
		if closer.longer() >= int(smallCard*(1+2*closerFrame)*float64(whole.longer())) {
			continue
		}
		for _, f := range r.closely(closer, samePlace) {
			if f.Quad.IoU(first.Quad) > sameCard {
				found[i] = f
				break
			}
		}
	}
	return found
}

// search is locate, and where nothing is found, a look into either half of the frame.
func (r *run) search() []Location {
	if found := r.locate(); len(found) > 0 {
		return found
	}
	return r.inHalves()
}

// inHalves looks into either half of the frame, for cards too small to be seen in the whole of it.
func (r *run) inHalves() (found []Location) {
	for _, half := range r.wholeBox().halves() {
		found = append(found, r.locatedIn(half)...)
	}
	return found[:min(len(found), mostCards)]
}

// closely returns what quadsIn finds; the next call uses the same memory.
func (r *run) closely(part box, overlap float64) []Location {
	r.found[1] = r.quadsIn(r.found[1][:0], part, overlap)
	return r.found[1]
}

// quadsIn appends to found the quads of a part of the frame that overlap each other less than so much, the likeliest card
// first.
func (r *run) quadsIn(found []Location, part box, overlap float64) []Location {
	in, letterbox := r.letterboxed(part)
	g := r.answer(in)
	if r.err != nil {
		return found
	}
	m := maps{mask: g.grid(0), corner: g.grid(1), edge: g.grid(2)}
	m.x0, m.y0 = letterbox.offsetX+float64(part.x0)*letterbox.scaleX, letterbox.offsetY+float64(part.y0)*letterbox.scaleY
	m.x1, m.y1 = letterbox.offsetX+float64(part.x1)*letterbox.scaleX, letterbox.offsetY+float64(part.y1)*letterbox.scaleY
	m.x0, m.y0, m.x1, m.y1 = m.x0/cellSize, m.y0/cellSize, m.x1/cellSize, m.y1/cellSize
	m.camera = letterbox.camera(r.camera())
	fine := grid{r.arena.Floats(locatorSize * locatorSize), locatorSize, locatorSize}
	m.mask.enlarge(fine, cellSize)
	outlines := r.quads.outlines[:0]
	for _, level := range maskLevels {
		for _, p := range r.connected(fine, level, leastMask*locatorSize*locatorSize) {
			if q, ok := r.shapes.around(p, fine.w); ok {
				outlines = append(outlines, snap(q, m.corner).Scale(1.0/cellSize))
			}
		}
	}
	r.quads.outlines = outlines
	for _, s := range r.quads.distinct(r.quads.assemble(&m), overlap) {
		if q := startTopLeft(letterbox.toFrame(s.q.Scale(cellSize))); q.Convex() {
			found = append(found, Location{q, g.present})
		}
	}
	return found
}

// letterboxed returns a part of the frame scaled to the locator's square, its longer side filling it.
func (r *run) letterboxed(part box) (in neural.Tensor, to letterbox) {
	r.arena.Reset()
	w, h := part.x1-part.x0, part.y1-part.y0
	k := locatorSize / float64(max(w, h))
	ow := max(1, int(math.Round(float64(w)*k)))
	oh := max(1, int(math.Round(float64(h)*k)))
	x0, y0 := (locatorSize-ow)/2, (locatorSize-oh)/2
	in = r.arena.Tensor(3, locatorSize, locatorSize)
	inside := r.arena.Floats(locatorSize * locatorSize)
	clear(inside)
	for y := y0; y < y0+oh; y++ {
		fill(inside[y*locatorSize+x0:][:ow], 1)
	}
	for c, levels := range [][]frame.Plane{r.pyramid.luma, r.pyramid.chroma[0], r.pyramid.chroma[1]} {
		fill(in.Plane(c), 128)
		if !levels[0].Empty() {
			r.shrink(in.Plane(c)[y0*locatorSize+x0:], ow, oh, locatorSize, levels, part.share(r.frame.Size()))
		}
	}
	normaliseColour(in, inside)
	sx, sy := float64(ow)/float64(w), float64(oh)/float64(h)
	return in, letterbox{sx, sy, float64(x0) - float64(part.x0)*sx, float64(y0) - float64(part.y0)*sy}
}

// snap moves each corner to the nearest peak of heat, when there is one close by. Both are in the locator's pixels.
func snap(q geometry.Quad, heat grid) geometry.Quad {
	for i, p := range q {
		cx, cy := p.X/cellSize, p.Y/cellSize
		best, bx, by := float32(heatLevel), -1, -1
		for y := max(0, int(cy-heatReach)); y <= min(heat.h-1, int(cy+heatReach)); y++ {
			for x := max(0, int(cx-heatReach)); x <= min(heat.w-1, int(cx+heatReach)); x++ {
				if v := heat.v[y*heat.w+x]; v > best {
					best, bx, by = v, x, y
				}
			}
		}
		if bx < 0 {
			continue
		}
		q[i] = heat.peak(bx, by).Mul(cellSize)
	}
	return q
}

// peak returns where within and around cell (x, y), the largest of its neighbours, the heat's top lies, in cells.
func (g grid) peak(x, y int) geometry.Point {
	at := func(x, y int) float64 {
		x, y = min(max(x, 0), g.w-1), min(max(y, 0), g.h-1)
		return math.Log(math.Max(float64(g.v[y*g.w+x]), 1e-4))
	}
	return geometry.Point{
		X: float64(x) + 0.5 + peakOffset(at(x-1, y), at(x, y), at(x+1, y)),
		Y: float64(y) + 0.5 + peakOffset(at(x, y-1), at(x, y), at(x, y+1)),
	}
}

// peakOffset returns where, from −½ to ½, the parabola through three equidistant values has its top. Of the logarithms
// of a Gaussian's samples that is the Gaussian's own centre.
func peakOffset(before, at, after float64) float64 {
	bend := before - 2*at + after
	if bend >= 0 {
		return 0
	}
	return math.Min(math.Max((before-after)/(2*bend), -0.5), 0.5)
}

// startTopLeft renumbers the corners so that the one nearest to the frame's left-top comes first.
func startTopLeft(q geometry.Quad) geometry.Quad {
	q = q.Clockwise()
	first := 0
	for i, p := range q {
		if p.X+p.Y < q[first].X+q[first].Y {
			first = i
		}
	}
	return q.Roll(first)
}
