// Readability: a digit counts as readable when the strip with it differs enough, at the scale of its strokes, from the
// strip without it, photographed in the same light with the same noise.

package synth

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// A digit's stroke contrast must exceed so many gray levels, so large a share of the texture around it, and so large a
// share of the digit's whole trace: a smudge has contrast but no strokes.
const (
	leastContrast  = 3.5
	leastShare     = .48
	leastSharpness = .13
)

// judge holds the digits' own trace in the strip, its detail at the scale of strokes, and that of everything else.
type judge struct{ trace, digits, rest *sheet }

func newJudge(with, without *sheet, height float64) *judge {
	d := with.clone()
	for i, v := range without.v {
		d.v[i] -= v
	}
	sigma := float32(height) * .11
	return &judge{d, d.detail(sigma), without.detail(sigma)}
}

func (j *judge) free() {
	j.trace.free()
	j.digits.free()
	j.rest.free()
}

// detail is the sheet less its blurred self.
func (f *sheet) detail(sigma float32) *sheet {
	b := f.clone().blur(sigma)
	for i, v := range f.v {
		b.v[i] = v - b.v[i]
	}
	return b
}

// readable judges the digit around p, of the given height in pixels.
func (j *judge) readable(p geometry.Point, height float64) bool {
	x0, x1 := p.X-.3*height, p.X+.3*height
	y0, y1 := p.Y-.5*height, p.Y+.5*height
	if x0 < -.12*height || x1 > StripWidth+.12*height || y0 < -.15*height || y1 > StripHeight+.15*height {
		return false
	}
	d := j.digits.rms(x0, y0, x1, y1)
	return d > leastContrast && d > leastShare*j.rest.rms(x0, y0, x1, y1) && d > leastSharpness*j.trace.rms(x0, y0, x1, y1)
}

// rms is the root of the mean square inside a box.
func (f *sheet) rms(x0, y0, x1, y1 float64) float64 {
	var sum float64
	n := 0
	for y := max(int(y0), 0); y < min(int(y1)+1, f.h); y++ {
		for x := max(int(x0), 0); x < min(int(x1)+1, f.w); x++ {
			v := float64(f.v[y*f.w+x])
			sum += v * v
			n++
		}
	}
	return math.Sqrt(sum / float64(max(n, 1)))
}
