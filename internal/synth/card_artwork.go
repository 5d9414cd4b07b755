// Artwork: the surface that cards and strips are painted on, in millimetres.

package synth

import (
	"math"
	"math/rand/v2"
)

// artwork is a part of a card's face under work: one plane of luma for strips, three planes of colour for cards. Its
// left top pixel lies at (ox, oy) mm on a card of cw × ch mm; scale is in pixels a mm.
type artwork struct {
	planes []*sheet
	w, h   int
	scale  float32
	ox, oy float32
	cw, ch float32
	// how far the surface leans away from the card's plane, 0 to 1, where digits are embossed; nil: flat everywhere
	tilt *sheet
}

// newArtwork returns an artwork to be painted over entirely: its planes hold anything yet.
func newArtwork(planes, w, h int, scale, ox, oy, cw, ch float32) *artwork {
	a := &artwork{w: w, h: h, scale: scale, ox: ox, oy: oy, cw: cw, ch: ch}
	for range planes {
		a.planes = append(a.planes, roughSheet(w, h))
	}
	return a
}

func (a *artwork) clone() *artwork {
	b := *a
	b.planes = nil
	for _, p := range a.planes {
		b.planes = append(b.planes, p.clone())
	}
	if a.tilt != nil {
		b.tilt = a.tilt.clone()
	}
	return &b
}

// free lets the planes' memory be used again.
func (a *artwork) free() {
	for _, p := range a.planes {
		p.free()
	}
	if a.tilt != nil {
		a.tilt.free()
	}
}

// part is the shade's value on plane i.
func (a *artwork) part(c shade, i int) float32 {
	if len(a.planes) == 1 {
		return c.luma()
	}
	return c[i]
}

// fill paints everything.
func (a *artwork) fill(c shade) {
	for i, p := range a.planes {
		v := a.part(c, i)
		for j := range p.v {
			p.v[j] = v
		}
	}
}

// blend paints c through the mask at the given opacity.
func (a *artwork) blend(m *sheet, c shade, opacity float32) {
	for i, p := range a.planes {
		v := a.part(c, i)
		for j, k := range m.v {
			if k != 0 {
				p.v[j] += (v - p.v[j]) * k * opacity
			}
		}
	}
}

// blendOnce blends and frees the mask.
func (a *artwork) blendOnce(m *sheet, c shade, opacity float32) {
	a.blend(m, c, opacity)
	m.free()
}

// mixShades paints from c to d as the field t runs from 0 to 1, and frees t.
func (a *artwork) mixShades(t *sheet, c, d shade, opacity float32) {
	for i, p := range a.planes {
		v, w := a.part(c, i), a.part(d, i)
		if opacity == 1 {
			for j, k := range t.v {
				p.v[j] = v + (w-v)*k
			}
			continue
		}
		for j, k := range t.v {
			p.v[j] += (v + (w-v)*k - p.v[j]) * opacity
		}
	}
	t.free()
}

// multiply scales every plane by the field.
func (a *artwork) multiply(t *sheet) {
	for _, p := range a.planes {
		for j, k := range t.v {
			p.v[j] *= k
		}
	}
}

// add adds k times the field to every plane.
func (a *artwork) add(t *sheet, k float32) {
	for _, p := range a.planes {
		for j, v := range t.v {
			p.v[j] += v * k
		}
	}
}

func (a *artwork) clamp() {
	for _, p := range a.planes {
		for j, v := range p.v {
			p.v[j] = min(max(v, 0), 255)
		}
	}
}

// under returns the mean luma below the mask.
func (a *artwork) under(m *sheet) float32 {
	var sum, n float32
	weights := []float32{1}
	if len(a.planes) == 3 {
		weights = []float32{.299, .587, .114}
	}
	for i, p := range a.planes {
		for j, k := range m.v {
			if k > 0 {
				sum += weights[i] * p.v[j] * k
				if i == 0 {
					n += k
				}
			}
		}
	}
	return sum / max(n, 1e-6)
}

// field evaluates fn at every pixel, in millimetres on the card.
func (a *artwork) field(fn func(x, y float32) float32) *sheet {
	t := roughSheet(a.w, a.h)
	k := 1 / a.scale
	for y := range a.h {
		yy := a.oy + (float32(y)+.5)*k
		row := t.row(y)
		for x := range row {
			row[x] = fn(a.ox+(float32(x)+.5)*k, yy)
		}
	}
	return t
}

// cloud is noise with cells of the given size in mm.
func (a *artwork) cloud(r *rand.Rand, cell float32, octaves int) *sheet {
	return cloud(r, a.w, a.h, max(cell*a.scale, 2), octaves, .55)
}

// mask rasterises a path given in millimetres on the card.
func (a *artwork) mask(p path) *sheet {
	m := newSheet(a.w, a.h)
	m.ink(p, a.placing())
	return m
}

// within works on a copy of the part inside the box (mm) and puts it back, so that small things cost little. Nothing
// happens when the box misses the artwork.
func (a *artwork) within(b box, work func(part *artwork)) {
	x0, y0 := max(int((b.x0-a.ox)*a.scale)-1, 0), max(int((b.y0-a.oy)*a.scale)-1, 0)
	x1, y1 := min(int((b.x1-a.ox)*a.scale)+2, a.w), min(int((b.y1-a.oy)*a.scale)+2, a.h)
	if x1 <= x0 || y1 <= y0 {
		return
	}
	k := 1 / a.scale
	part := newArtwork(len(a.planes), x1-x0, y1-y0, a.scale, a.ox+float32(x0)*k, a.oy+float32(y0)*k, a.cw, a.ch)
	for i, p := range a.planes {
		for y := range part.h {
			copy(part.planes[i].row(y), p.v[(y0+y)*a.w+x0:])
		}
	}
	work(part)
	for i, p := range a.planes {
		for y := range part.h {
			copy(p.v[(y0+y)*a.w+x0:], part.planes[i].row(y))
		}
	}
	if part.tilt != nil {
		if a.tilt == nil {
			a.tilt = newSheet(a.w, a.h)
		}
		for y := range part.h {
			out := a.tilt.v[(y0+y)*a.w+x0:][:part.w]
			for x, v := range part.tilt.row(y) {
				out[x] = max(out[x], v)
			}
		}
	}
	part.free()
}

// paintPath fills a path given in mm.
func (a *artwork) paintPath(p path, c shade, opacity float32) {
	lo, hi := p.bounds()
	a.within(box{lo.x, lo.y, hi.x, hi.y}, func(part *artwork) { part.blendOnce(part.mask(p), c, opacity) })
}

// paintDisc fills a disc given in mm, soft mm wide at its edge.
func (a *artwork) paintDisc(cx, cy, radius, soft float32, c shade, opacity float32) {
	k := radius + soft
	a.within(box{cx - k, cy - k, cx + k, cy + k}, func(part *artwork) {
		part.blendOnce(part.disc(cx, cy, radius, soft), c, opacity)
	})
}

// box is a rectangle in mm.
type box struct{ x0, y0, x1, y1 float32 }

func (b box) meets(c box) bool { return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1 }

func (b box) grown(by float32) box { return box{b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by} }

// free reports whether b touches none of the boxes.
func (b box) free(of []box) bool {
	for _, k := range of {
		if b.meets(k) {
			return false
		}
	}
	return true
}

// rect is the box's outline.
func (b box) rect() path { return path{{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}} }

// rounded is the box's outline with round corners.
func (b box) rounded(radius float32) path {
	return path{chain(
		turn(b.x1-radius, b.y0+radius, radius, radius, -90, 0), turn(b.x1-radius, b.y1-radius, radius, radius, 0, 90),
		turn(b.x0+radius, b.y1-radius, radius, radius, 90, 180), turn(b.x0+radius, b.y0+radius, radius, radius, 180, 270))}
}

func (a *artwork) placing() placing {
	return placing{sx: a.scale, sy: a.scale, ox: -a.ox * a.scale, oy: -a.oy * a.scale}
}

// sine is a sine by table, 4096 steps a turn: patterns need no more.
func sine(x float32) float32 {
	t := x * (4096 / (2 * math.Pi))
	i := int(t)
	if t < 0 {
		i--
	}
	f := t - float32(i)
	a, b := sineTable[i&4095], sineTable[(i+1)&4095]
	return a + (b-a)*f
}

var sineTable = func() (t [4096]float32) {
	for i := range t {
		t[i] = float32(math.Sin(2 * math.Pi * float64(i) / 4096))
	}
	return t
}()
