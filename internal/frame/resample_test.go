package frame

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slowMean is the mean of what lies of a plane between (x0, y0) and (x1, y1), by the words of Resample's comment: each pixel
// counts by the part of it that is covered, and beyond the right and the bottom the last ones do.
func slowMean(p Plane, x0, y0, x1, y1 float64) float64 {
	part := func(i, n int, from, to float64) float64 {
		if from >= float64(n) && i == n-1 {
			return 1
		}
		return math.Max(math.Min(float64(i+1), to)-math.Max(float64(i), from), 0)
	}
	var sum, weights float64
	for y := range p.Height {
		for x := range p.Width {
			w := part(x, p.Width, x0, x1) * part(y, p.Height, y0, y1)
			sum, weights = sum+w*float64(p.Row(y)[x]), weights+w
		}
	}
	return sum / weights
}

// slowBilinear is the value at a place, between the four pixels whose centres lie around it.
func slowBilinear(p Plane, x, y float64) float64 {
	var sum float64
	left, top := math.Floor(x-0.5), math.Floor(y-0.5)
	for j := range 2 {
		for i := range 2 {
			u, v := left+float64(i), top+float64(j)
			w := (1 - math.Abs(x-0.5-u)) * (1 - math.Abs(y-0.5-v))
			sum += w * float64(p.Row(min(max(int(v), 0), p.Height-1))[min(max(int(u), 0), p.Width-1)])
		}
	}
	return sum
}

func TestResampleIsTheMeanOrTheValueBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 17))
	src := Plane{randomBytes(r, 23*17), 21, 17, 23}
	var s Resampler
	for range 400 {
		w, h, stride := 1+r.IntN(9), 1+r.IntN(9), 11
		x0, y0 := r.Float64()*10, r.Float64()*10
		stepX, stepY := math.Exp2(r.Float64()*4-2), math.Exp2(r.Float64()*4-2)
		if r.IntN(4) == 0 { // whole pixels
			x0, y0, stepX, stepY = math.Floor(x0), math.Floor(y0), math.Ceil(stepX), math.Ceil(stepY)
		}
		dst := make([]float32, stride*h)
		s.Resample(dst, w, h, stride, src, x0, y0, stepX, stepY)
		for y := range h {
			for x := range w {
				a, b := x0+float64(x)*stepX, y0+float64(y)*stepY
				want := slowBilinear(src, a+stepX/2, b+stepY/2)
				if stepX >= 1 && stepY >= 1 {
					want = slowMean(src, a, b, a+stepX, b+stepY)
				}
				if got := float64(dst[y*stride+x]); math.Abs(got-want) > 1e-2 {
					t.Fatalf("from (%v, %v) by %v × %v: (%d, %d) is %v, want %v", x0, y0, stepX, stepY, x, y, got, want)
				}
			}
			for _, v := range dst[y*stride+w : (y+1)*stride] {
				if v != 0 {
					t.Fatal("written beyond the row")
				}
			}
		}
	}
}
