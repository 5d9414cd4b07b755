package recognize

import (
	"math"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/frame"
)

// meanOver is one pixel of shrink, the slow way: the mean over a piece, pixels on its border counted by their share.
func meanOver(p frame.Plane, x0, y0, x1, y1 float64) float64 {
	var sum, weight float64
	for j := range p.Height {
		for i := range p.Width {
			wx := math.Min(float64(i+1), x1) - math.Max(float64(i), x0)
			wy := math.Min(float64(j+1), y1) - math.Max(float64(j), y0)
			if wx > 0 && wy > 0 {
				sum += wx * wy * float64(p.Row(j)[i])
				weight += wx * wy
			}
		}
	}
	return sum / weight
}

func TestShrinkIsTheMeanOfEachPiece(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		p := frame.Plane{Width: 30 + r.IntN(60), Height: 30 + r.IntN(60)}
		p.Stride = p.Width + r.IntN(5)
		p.Pix = make([]byte, p.Stride*p.Height)
		for i := range p.Pix {
			p.Pix[i] = byte(r.IntN(256))
		}
		part := share{0.3 * r.Float64(), 0.3 * r.Float64(), 1 - 0.3*r.Float64(), 1 - 0.3*r.Float64()}
		width, height := (part.x1-part.x0)*float64(p.Width), (part.y1-part.y0)*float64(p.Height)
		w, h := 1+r.IntN(int(width)), 1+r.IntN(int(height))
		stride := w + 3
		dst := make([]float32, stride*h)
		new(run).shrink(dst, w, h, stride, []frame.Plane{p}, part)
		for y := range h {
			for x := range w {
				x0, y0 := part.x0*float64(p.Width), part.y0*float64(p.Height)
				sx, sy := width/float64(w), height/float64(h)
				want := meanOver(p, x0+float64(x)*sx, y0+float64(y)*sy, x0+float64(x+1)*sx, y0+float64(y+1)*sy)
				if got := float64(dst[y*stride+x]); math.Abs(got-want) > 0.01 {
					t.Fatalf("%d × %d pixels to %d × %d: (%d, %d) is %.3f, not %.3f", p.Width, p.Height, w, h, x, y, got, want)
				}
			}
		}
	}
}
