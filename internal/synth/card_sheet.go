// Sheets: planes of float32 samples, with blur and resampling.

package synth

import (
	"math"
	"math/bits"
	"sync"
)

// sheet is a plane of float32 samples, rows top to bottom. Coverage masks run from 0 to 1, tones from 0 to 255.
type sheet struct {
	w, h int
	v    []float32
}

// samplePools keep the samples of freed sheets by the power of two they hold: drawing makes and drops many.
var samplePools [33]sync.Pool

// newSheet returns a sheet of zeros.
func newSheet(w, h int) *sheet {
	f := roughSheet(w, h)
	clear(f.v)
	return f
}

// roughSheet returns a sheet whose samples are anything; the caller writes them all.
func roughSheet(w, h int) *sheet {
	class := bits.Len(uint(max(w*h, 1024) - 1))
	if f, ok := samplePools[class].Get().(*sheet); ok {
		f.w, f.h, f.v = w, h, f.v[:w*h]
		return f
	}
	return &sheet{w: w, h: h, v: make([]float32, 1<<class)[:w*h]}
}

// free lets the sheet's memory be used again; nothing may refer to it any more.
func (f *sheet) free() { samplePools[bits.Len(uint(cap(f.v)-1))].Put(f) }

func (f *sheet) row(y int) []float32 { return f.v[y*f.w:][:f.w] }

func (f *sheet) clone() *sheet {
	g := roughSheet(f.w, f.h)
	copy(g.v, f.v)
	return g
}

// spread returns the smallest and the largest sample.
func (f *sheet) spread() (lo, hi float32) {
	lo, hi = f.v[0], f.v[0]
	for _, v := range f.v {
		if v < lo {
			lo = v
		} else if v > hi {
			hi = v
		}
	}
	return lo, hi
}

// normalise maps the samples linearly onto 0 to 1; a constant sheet becomes 0.
func (f *sheet) normalise() *sheet {
	lo, hi := f.spread()
	k := 1 / max(hi-lo, 1e-6)
	for i, v := range f.v {
		f.v[i] = (v - lo) * k
	}
	return f
}

// apply replaces each sample by fn of it.
func (f *sheet) apply(fn func(float32) float32) *sheet {
	for i, v := range f.v {
		f.v[i] = fn(v)
	}
	return f
}

// at returns the bilinear sample at (x, y), where pixel centres lie at half integers; outside, the edge goes on.
func (f *sheet) at(x, y float32) float32 {
	x, y = x-.5, y-.5
	i, j := int(x), int(y)
	i1, j1 := i+1, j+1
	if x < 0 || y < 0 || i1 >= f.w || j1 >= f.h {
		x = min(max(x, 0), float32(f.w-1))
		y = min(max(y, 0), float32(f.h-1))
		i, j = int(x), int(y)
		i1, j1 = min(i+1, f.w-1), min(j+1, f.h-1)
	}
	dx, dy := x-float32(i), y-float32(j)
	a, b := f.v[j*f.w:], f.v[j1*f.w:]
	top := a[i] + (a[i1]-a[i])*dx
	bottom := b[i] + (b[i1]-b[i])*dx
	return top + (bottom-top)*dy
}

// blur convolves with a Gaussian of the given standard deviation in pixels, repeating the edge: exactly up to a
// deviation of 2.5, by three box filters beyond (Wells, Efficient synthesis of Gaussian filters by cascaded uniform
// filters, 1986).
func (f *sheet) blur(sigma float32) *sheet {
	if sigma < .2 {
		return f
	}
	line := make([]float32, max(f.w, f.h))
	out := make([]float32, len(line))
	if sigma <= 2.5 {
		k := gaussian(sigma)
		for y := range f.h {
			convolveLine(f.row(y), out[:f.w], k)
			copy(f.row(y), out[:f.w])
		}
		f.convolveColumns(k)
		return f
	}
	r := int((float32(math.Sqrt(float64(4*sigma*sigma+1)))-1)/2 + .5)
	for range 3 {
		for y := range f.h {
			boxLine(f.row(y), out[:f.w], r)
			copy(f.row(y), out[:f.w])
		}
	}
	for x := range f.w {
		for y := range f.h {
			line[y] = f.v[y*f.w+x]
		}
		for range 3 {
			boxLine(line[:f.h], out[:f.h], r)
			copy(line[:f.h], out[:f.h])
		}
		for y := range f.h {
			f.v[y*f.w+x] = line[y]
		}
	}
	return f
}

// gaussian returns half a normalised kernel: the centre weight first.
func gaussian(sigma float32) []float32 {
	n := int(sigma*3 + 1)
	k := make([]float32, n+1)
	var sum float32
	for i := range k {
		t := float64(i) / float64(sigma)
		k[i] = float32(math.Exp(-t * t / 2))
		sum += k[i]
		if i > 0 {
			sum += k[i]
		}
	}
	for i := range k {
		k[i] /= sum
	}
	return k
}

func convolveLine(in, out, k []float32) {
	n := len(in)
	r := len(k) - 1
	for x := range out {
		s := in[x] * k[0]
		if x >= r && x+r < n {
			w := in[x-r : x+r+1]
			for i, v := range k[1:] {
				s += v * (w[r-1-i] + w[r+1+i])
			}
		} else {
			for i := 1; i <= r; i++ {
				s += k[i] * (in[max(x-i, 0)] + in[min(x+i, n-1)])
			}
		}
		out[x] = s
	}
}

func (f *sheet) convolveColumns(k []float32) {
	out := roughSheet(f.w, f.h)
	for y := range f.h {
		o := out.row(y)
		for x, v := range f.row(y) {
			o[x] = v * k[0]
		}
		for i := 1; i < len(k); i++ {
			a, b := f.row(max(y-i, 0)), f.row(min(y+i, f.h-1))
			w := k[i]
			for x := range o {
				o[x] += w * (a[x] + b[x])
			}
		}
	}
	f.v, out.v = out.v, f.v
	out.free()
}

// boxLine averages 2r+1 neighbours, repeating the ends.
func boxLine(in, out []float32, r int) {
	n := len(in)
	s := in[0] * float32(r)
	for i := 0; i <= r; i++ {
		s += in[min(i, n-1)]
	}
	k := 1 / float32(2*r+1)
	for x := range out {
		out[x] = s * k
		s += in[min(x+r+1, n-1)] - in[max(x-r, 0)]
	}
}

// shrink resamples by averaging over each destination pixel's footprint.
func (f *sheet) shrink(w, h int) *sheet {
	t := newSheet(w, f.h)
	areaWeights(f.w, w, func(x, i int, k float32) {
		for y := range f.h {
			t.v[y*w+x] += f.v[y*f.w+i] * k
		}
	})
	g := newSheet(w, h)
	areaWeights(f.h, h, func(y, j int, k float32) {
		a, b := t.row(j), g.row(y)
		for x := range b {
			b[x] += a[x] * k
		}
	})
	t.free()
	return g
}

func areaWeights(from, to int, add func(dst, src int, k float32)) {
	step := float32(from) / float32(to)
	for d := range to {
		a, b := float32(d)*step, float32(d+1)*step
		for s := int(a); s < from && float32(s) < b; s++ {
			if k := min(b, float32(s+1)) - max(a, float32(s)); k > 0 {
				add(d, s, k/step)
			}
		}
	}
}

// enlarge resamples bilinearly.
func (f *sheet) enlarge(w, h int) *sheet {
	g := roughSheet(w, h)
	kx, ky := float32(f.w)/float32(w), float32(f.h)/float32(h)
	for y := range h {
		for x := range w {
			g.v[y*w+x] = f.at((float32(x)+.5)*kx, (float32(y)+.5)*ky)
		}
	}
	return g
}
