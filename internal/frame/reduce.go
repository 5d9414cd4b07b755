package frame

// Reduce makes r smaller by a whole factor and keeps it a camera's picture: luma and chroma in the range of values that
// they had, chroma halved both ways (I420), in memory that the next call uses again. A sample is the rounded mean of
// factor × factor samples. The error is ErrFormat where r is not I420 or NV12, and ErrSize where its sides are no
// multiples of twice the factor, of 1 to 256.
func (s *Shrinker) Reduce(r *Raw, factor int) (Raw, error) {
	c, _, err := r.channels()
	if err != nil {
		return Raw{}, err
	}
	if r.Format != I420 && r.Format != NV12 {
		return Raw{}, ErrFormat
	}
	if factor < 1 || factor > maxFactor || r.Width%(2*factor) != 0 || r.Height%(2*factor) != 0 {
		return Raw{}, ErrSize
	}
	w, h := r.Width/factor, r.Height/factor
	s.reduced = grow(s.reduced, w*h*3/2)[:w*h*3/2]
	small := Raw{Format: I420, Width: w, Height: h, Pix: s.reduced, FullRange: r.FullRange}
	at := 0
	for i := range c {
		p := Plane{s.reduced[at:], c[i].width / factor, c[i].height / factor, c[i].width / factor}
		s.box(p, c[i], factor)
		small.Planes = append(small.Planes, Layout{at, p.Stride})
		at += p.Width * p.Height
	}
	return small, nil
}
