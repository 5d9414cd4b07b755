package frame

// Shrink: a raw picture becomes a small Frame, each of its pixels the mean of a box of the picture's.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// maxFactor bounds the side of a box: the sum of that many bytes fits into 16 bits.
const maxFactor = 256

// Shrinker makes Frames of raw pictures. It keeps its memory between pictures; the zero value is ready. One goroutine
// at a time.
type Shrinker struct {
	sums []uint16
	rgb  [3][]byte
	part Plane
	// reduced is what Reduce returned last.
	reduced []byte
}

// Shrink writes r, with both sides divided by factor (1 to 256), into dst, whose planes' memory is used again. A pixel
// of dst is the rounded mean of factor × factor pixels, so that a point of dst times factor is the same point of r.
// What does not fill a box at the right and at the bottom is left out. Chroma planes are divided by factor as well;
// video's range becomes the full range of Frame. The error is ErrFormat or ErrSize.
func (s *Shrinker) Shrink(dst *Frame, r *Raw, factor int) error {
	c, rgb, err := r.channels()
	if err != nil {
		return err
	}
	if factor < 1 || factor > maxFactor || r.Width < factor || r.Height < factor {
		return ErrSize
	}
	if rgb {
		w, h := r.Width/factor, r.Height/factor
		resize(&dst.Y, w, h)
		resize(&dst.Cb, w, h)
		resize(&dst.Cr, w, h)
		s.colours(dst, c, factor)
		return nil
	}
	for i, p := range []*Plane{&dst.Y, &dst.Cb, &dst.Cr} {
		// A chroma plane may be smaller than a box: one sample then stands for all of the picture.
		k := min(factor, c[i].width, c[i].height)
		resize(p, c[i].width/k, c[i].height/k)
		s.box(*p, c[i], k)
		if !r.FullRange {
			widen(p.Pix, i > 0)
		}
	}
	return nil
}

// Focus is the function Focus of the luma of r, whose convex quad q is divided down first where it is larger than Focus
// wants it. The error is ErrFormat or ErrSize.
func (s *Shrinker) Focus(r *Raw, q geometry.Quad) (float64, error) {
	c, rgb, err := r.channels()
	if err != nil {
		return 0, err
	}
	sides := q.Sides()
	factor := int(math.Max(sides[0]+sides[2], sides[1]+sides[3]) / 2 / focusLength)
	factor = min(max(factor, 1), maxFactor)
	lo, hi := q.Bounds()
	x0, y0, x1, y1 := clamp(lo.X, r.Width), clamp(lo.Y, r.Height), clamp(hi.X, r.Width), clamp(hi.Y, r.Height)
	width, height := (x1-x0)/factor, (y1-y0)/factor
	if width < 1 || height < 1 {
		return 0, nil
	}
	for i := range c {
		if i == 0 || rgb {
			c[i].pix = c[i].pix[y0*c[i].stride+x0*c[i].step:]
		}
	}
	part := Plane{c[0].pix, width, height, c[0].stride}
	switch {
	case rgb:
		resize(&s.part, width, height)
		part = s.part
		s.colours(&Frame{Y: part}, c, factor)
	case factor > 1:
		resize(&s.part, width, height)
		part = s.part
		s.box(part, c[0], factor)
	}
	return Focus(part, q.Translate(geometry.Point{X: float64(-x0), Y: float64(-y0)}).Scale(1/float64(factor))), nil
}

// box fills dst with the means of factor × factor samples of c.
func (s *Shrinker) box(dst Plane, c channel, factor int) {
	if factor == 1 && c.step == 1 {
		for y := range dst.Height {
			copy(dst.Row(y), c.pix[y*c.stride:])
		}
		return
	}
	if factor == 2 && c.step == 1 {
		for y := range dst.Height {
			halveRow(dst.Row(y), c.pix[2*y*c.stride:], c.pix[(2*y+1)*c.stride:])
		}
		return
	}
	n := (dst.Width*factor-1)*c.step + 1
	s.sums = grow(s.sums, n)
	for y := range dst.Height {
		addRows(s.sums[:n], c.pix[y*factor*c.stride:], c.stride, factor)
		boxRow(dst.Row(y), s.sums[:n], factor, c.step)
	}
}

// colours fills the planes of dst that are not empty from R, G and B, which differ in nothing but their first byte.
func (s *Shrinker) colours(dst *Frame, c [3]channel, factor int) {
	w := dst.Y.Width
	n := (w*factor-1)*c[0].step + 1
	s.sums = grow(s.sums, n+2)
	first := 0 // of R, G, B in memory
	for i := range c {
		if len(c[i].pix) > len(c[first].pix) {
			first = i
		}
		s.rgb[i] = grow(s.rgb[i], w)[:w]
	}
	for y := range dst.Y.Height {
		addRows(s.sums[:n+2], c[first].pix[y*factor*c[first].stride:], c[first].stride, factor)
		for i := range c {
			boxRow(s.rgb[i], s.sums[len(c[first].pix)-len(c[i].pix):][:n], factor, c[i].step)
		}
		if dst.Cb.Empty() {
			lumaRow(dst.Y.Row(y), s.rgb)
			continue
		}
		for x := range w {
			dst.set(x, y, s.rgb[0][x], s.rgb[1][x], s.rgb[2][x])
		}
	}
}

// lumaRow is the first of the JFIF equations, as in Frame.set.
func lumaRow(dst []byte, rgb [3][]byte) {
	for x := range dst {
		dst[x] = uint8((19595*uint32(rgb[0][x]) + 38470*uint32(rgb[1][x]) + 7471*uint32(rgb[2][x]) + 1<<15) >> 16)
	}
}

// widenGo stretches samples of video's range to the full one.
func widenGo(samples []byte, chroma bool) {
	table := &wideLuma
	if chroma {
		table = &wideChroma
	}
	for i, v := range samples {
		samples[i] = table[v]
	}
}

var wideLuma, wideChroma = wideTable(16, 219, 0), wideTable(128, 224, 128)

// wideTable maps v to (v − zero)·255/span + to, rounded and clipped.
func wideTable(zero, span, to float64) (t [256]byte) {
	for v := range t {
		t[v] = uint8(math.Min(math.Max(math.Round((float64(v)-zero)*255/span)+to, 0), 255))
	}
	return t
}

// resize gives p that size, without gaps between rows, in its own memory where that suffices.
func resize(p *Plane, width, height int) {
	p.Pix = grow(p.Pix, width*height)[:width*height]
	p.Width, p.Height, p.Stride = width, height, width
}

func grow[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	return s[:max(n, len(s))]
}
