package recognize

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

func noisy(w, h, stride int) frame.Plane {
	r := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	p := frame.Plane{Pix: make([]byte, stride*h), Width: w, Height: h, Stride: stride}
	for i := range p.Pix {
		p.Pix[i] = byte(r.Uint32())
	}
	return p
}

func pyramidOf(p frame.Plane) *pyramid {
	var out pyramid
	out.build(&frame.Frame{Y: p}, 8)
	return &out
}

func TestWarpOfTheSameSizeIsTheSame(t *testing.T) {
	p := noisy(33, 21, 40)
	dst, inside := make([]float32, 33*21), make([]float32, 33*21)
	warp(dst, inside, 33, 21, pyramidOf(p).luma, 33, 21, geometry.Identity)
	for y := range 21 {
		for x := range 33 {
			if math.Abs(float64(dst[y*33+x])-float64(p.Row(y)[x])) > 1e-3 || inside[y*33+x] != 1 {
				t.Fatalf("(%d,%d) changed", x, y)
			}
		}
	}
}

// A view that shows the frame at a third of its size must show about the mean of what each pixel covers, and nothing
// beyond its edge.
func TestWarpShrinksWithoutAliases(t *testing.T) {
	p := frame.NewPlane(300, 240)
	for y := range 240 {
		for x := range 300 {
			p.Row(y)[x] = byte(255 * ((x + y) % 2)) // every second pixel
		}
	}
	dst, inside := make([]float32, 110*80), make([]float32, 110*80)
	warp(dst, inside, 110, 80, pyramidOf(p).luma, 300, 240, geometry.Homography{3, 0, 0, 0, 3, 0, 0, 0, 1})
	for i, v := range dst {
		if math.Abs(float64(v)-127.5) > 2 {
			t.Fatalf("pixel %d is %v", i, v)
		}
		if want := i%110 < 100; (inside[i] == 1) != want {
			t.Fatalf("pixel %d inside: %v", i, inside[i])
		}
	}
}

// The fast loop samples the same, within the plane, at its edge and far beyond it.
func TestWarpedRowIsItsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for n := range 300 {
		p := noisy(1+r.IntN(40), 1+r.IntN(30), 40)
		at := ray{80*r.Float64() - 20, 60*r.Float64() - 15, 1, 2 * r.NormFloat64(), r.NormFloat64(), 0.01 * r.NormFloat64()}
		if n%20 == 0 {
			at[2], at[5] = 0, 0 // infinitely far
		}
		if n%20 == 1 {
			at = ray{0, 0, 1, 0.5, 0.25, 0} // from the very corner
		}
		got, want := make([]float32, n), make([]float32, n)
		gotIn, wantIn := make([]float32, n), make([]float32, n)
		if n%3 == 0 {
			gotIn, wantIn = nil, nil
		}
		warpRow(got, gotIn, p, &at)
		warpRowGo(want, wantIn, p, &at)
		if !slices.Equal(got, want) || !slices.Equal(gotIn, wantIn) {
			t.Fatalf("%d samples of %d × %d along %v: %v %v, want %v %v", n, p.Width, p.Height, at, got, gotIn, want, wantIn)
		}
	}
}

// Shrinking keeps the mean, whatever the size, and never reads beyond the plane.
func TestShrinkKeepsTheMean(t *testing.T) {
	for _, size := range [][2]int{{160, 160}, {161, 97}, {999, 31}, {640, 480}, {3, 2}, {1, 1}} {
		p := noisy(size[0], size[1], size[0])
		for i := range p.Pix {
			p.Pix[i] = 100 + p.Pix[i]%8
		}
		dst := make([]float32, 40*30)
		new(run).shrink(dst, 40, 30, 40, pyramidOf(p).luma, share{0, 0, 1, 1})
		if mean := sumOf(dst) / float64(len(dst)); math.Abs(mean-103.5) > 3.6 {
			t.Errorf("%v: mean %v", size, mean)
		}
	}
}

func sumOf(v []float32) (s float64) {
	for _, x := range v {
		s += float64(x)
	}
	return s
}

func TestStandardise(t *testing.T) {
	v := make([]float32, 1000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range v {
		v[i] = float32(100 + 20*r.NormFloat64())
	}
	standardise(v, 0)
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if mean := sumOf(v) / 1000; math.Abs(mean) > 1e-4 || math.Abs(square/1000-1) > 1e-3 {
		t.Errorf("mean %v, variance %v", mean, square/1000)
	}
}
