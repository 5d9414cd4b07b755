package frame

// Resample: a part of a plane at any other size, as numbers for a net.

import "math"

// Resampler makes parts of planes smaller or larger. It keeps its memory; the zero value is ready. One goroutine at a time.
type Resampler struct {
	covers []cover
	blends []blend
	sums   []float32
}

// Resample writes w × h samples, 0 to 255, into dst, whose rows are stride apart: each stands for a piece of src of stepX ×
// stepY pixels, the first of which begins at (x0, y0), from (0, 0) on. Where a piece has a pixel or more both ways it is the mean of what it
// covers, else the bilinear value at its middle. Beyond the plane's right and bottom its edge repeats.
func (r *Resampler) Resample(dst []float32, w, h, stride int, src Plane, x0, y0, stepX, stepY float64) {
	if stepX < 1 || stepY < 1 {
		r.enlarge(dst, w, h, stride, src, x0, y0, stepX, stepY)
		return
	}
	r.covers = grow(r.covers, w)[:w]
	for x := range r.covers {
		r.covers[x] = coverOf(x0+float64(x)*stepX, x0+float64(x+1)*stepX, src.Width)
	}
	first, n := r.covers[0].first, r.covers[w-1].last+1-r.covers[0].first
	for x := range r.covers {
		r.covers[x].first -= first
		r.covers[x].last -= first
	}
	r.sums = grow(r.sums, int(n))[:n]
	for y := range h {
		rows := coverOf(y0+float64(y)*stepY, y0+float64(y+1)*stepY, src.Height)
		coverRows(r.sums, src.Pix[int(rows.first)*src.Stride+int(first):], src.Stride, rows)
		coverMeans(dst[y*stride:][:w], r.sums, r.covers, rows.inverse)
	}
}

func (r *Resampler) enlarge(dst []float32, w, h, stride int, src Plane, x0, y0, stepX, stepY float64) {
	r.blends = grow(r.blends, w)[:w]
	for x := range r.blends {
		r.blends[x] = blendOf(x0+(float64(x)+0.5)*stepX, src.Width)
	}
	for y := range h {
		rows := blendOf(y0+(float64(y)+0.5)*stepY, src.Height)
		blendRow(dst[y*stride:][:w], src.Row(int(rows.before)), src.Row(int(rows.after)), r.blends, rows.share)
	}
}

// cover is the pixels that a stretch of a line covers, from the first to the last; those two count by the share of them
// that is covered, the others whole. inverse is one over what all of them count. The SIMD module reads its fields as they
// lie here.
type cover struct {
	first, last            int32
	begin, finish, inverse float32
}

// coverOf returns the cover of [from, to) on a line of n pixels.
func coverOf(from, to float64, n int) cover {
	first := min(int(from), n-1)
	last := min(max(int(math.Ceil(to))-1, first), n-1)
	begin := math.Min(float64(first+1), to) - from
	finish := math.Min(float64(last+1), to) - float64(last)
	if first == last {
		finish = 0
	}
	if begin <= 0 {
		begin = 1 // beyond the line's end its last pixel repeats
	}
	inverse := float32(1 / (begin + finish + float64(max(last-first-1, 0))))
	return cover{int32(first), int32(last), float32(begin), float32(finish), inverse}
}

// coverRowsGo makes each of sums the weighted sum of the pixels at its place in the covered rows, which lie stride apart
// from src on.
func coverRowsGo(sums []float32, src []byte, stride int, c cover) {
	for i, v := range src[:len(sums)] {
		sums[i] = c.begin * float32(v)
	}
	for j := 1; j <= int(c.last-c.first); j++ {
		row := src[j*stride:][:len(sums)]
		if j == int(c.last-c.first) {
			for i, v := range row {
				sums[i] += float32(c.finish * float32(v))
			}
			continue
		}
		for i, v := range row {
			sums[i] += float32(v)
		}
	}
}

// coverMeansGo makes each of dst the weighted mean of the sums that its column covers, times inverse.
func coverMeansGo(dst, sums []float32, columns []cover, inverse float32) {
	columns = columns[:len(dst)]
	for x := range dst {
		c := &columns[x]
		sum := c.begin * sums[c.first]
		for i := c.first + 1; i < c.last; i++ {
			sum += sums[i]
		}
		if c.last > c.first {
			sum += float32(c.finish * sums[c.last])
		}
		dst[x] = sum * c.inverse * inverse
	}
}

// blend is the two pixels of a line whose centres lie around a place, and the second one's share, as the SIMD module reads it.
type blend struct {
	before, after int32
	share         float32
}

// blendOf returns the blend at x on a line of n pixels; the edge repeats.
func blendOf(x float64, n int) blend {
	x = math.Min(math.Max(x-0.5, 0), float64(n-1))
	i := int(x)
	return blend{int32(i), int32(min(i+1, n-1)), float32(x - float64(i))}
}

// blendRowGo makes each of dst the bilinear value of two rows at its column, share of the way to the second row.
func blendRowGo(dst []float32, upper, lower []byte, columns []blend, share float32) {
	columns = columns[:len(dst)]
	for x := range dst {
		c := &columns[x]
		a, b := float32(upper[c.before]), float32(lower[c.before])
		t := a + float32(c.share*(float32(upper[c.after])-a))
		u := b + float32(c.share*(float32(lower[c.after])-b))
		dst[x] = t + float32(share*(u-t))
	}
}
