package recognize

// The pyramid: the frame at half, quarter, eighth … of its size, so that every later stage reads pixels at about the
// density it needs.

import "ocrbankcard/internal/frame"

// pyramid holds a frame and its halvings. A position (x, y) of the frame lies at (x, y) / 2^k in level k.
type pyramid struct {
	luma   []frame.Plane // luma[0] is the frame's own plane
	chroma [2][]frame.Plane
	store  []byte // the pixels of all levels but the first
}

// build makes all levels down to a longer side of less than 2·least pixels.
func (p *pyramid) build(f *frame.Frame, least int) {
	need := 0
	for _, plane := range []frame.Plane{f.Y, f.Cb, f.Cr} {
		for w, h := plane.Width, plane.Height; max(w, h) >= 2*least; {
			w, h = (w+1)/2, (h+1)/2
			need += w * h
		}
	}
	if cap(p.store) < need {
		p.store = make([]byte, need)
	}
	rest := p.store[:need]
	halvings := func(levels []frame.Plane, base frame.Plane) []frame.Plane {
		levels = append(levels[:0], base)
		for s := base; max(s.Width, s.Height) >= 2*least; {
			w, h := (s.Width+1)/2, (s.Height+1)/2
			d := frame.Plane{Pix: rest[:w*h], Width: w, Height: h, Stride: w}
			rest = rest[w*h:]
			frame.Halve(d, s)
			levels, s = append(levels, d), d
		}
		return levels
	}
	p.luma = halvings(p.luma, f.Y)
	p.chroma[0] = halvings(p.chroma[0], f.Cb)
	p.chroma[1] = halvings(p.chroma[1], f.Cr)
}

// letGo lets the frame's own planes go: scratch memory waits long for its next use, and a large picture is not to wait with it.
func (p *pyramid) letGo() {
	p.luma[0], p.chroma[0][0], p.chroma[1][0] = frame.Plane{}, frame.Plane{}, frame.Plane{}
}

// level returns the smallest plane whose pixels are no larger than step pixels of the first, and its halvings.
func level(planes []frame.Plane, step float64) (frame.Plane, int) {
	k := 0
	for k+1 < len(planes) && step >= 2 {
		step /= 2
		k++
	}
	return planes[k], k
}
