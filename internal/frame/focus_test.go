package frame

import (
	"math"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/geometry"
)

// printed draws strokes of random places and lengths, two to four pixels wide, as floats 0 (ground) to 1 (ink).
func printed(width, height int) []float64 {
	r := rand.New(rand.NewPCG(11, 11))
	v := make([]float64, width*height)
	for range width * height / 250 {
		x, y, long, wide := r.IntN(width-24), r.IntN(height-24), 6+r.IntN(14), 2+r.IntN(3)
		w, h := long, wide
		if r.IntN(2) == 0 {
			w, h = wide, long
		}
		for j := range h {
			for i := range w {
				v[(y+j)*width+x+i] = 1
			}
		}
	}
	return v
}

// blurred returns v filtered by Gaussians of the given deviations along x and y, zero for none.
func blurred(v []float64, width int, dx, dy float64) []float64 {
	height := len(v) / width
	pass := func(v []float64, deviation float64, stepX, stepY int) []float64 {
		if deviation == 0 {
			return v
		}
		out := make([]float64, len(v))
		reach := int(3*deviation) + 1
		for y := range height {
			for x := range width {
				var sum, weights float64
				for k := -reach; k <= reach; k++ {
					i, j := x+k*stepX, y+k*stepY
					if i < 0 || j < 0 || i >= width || j >= height {
						continue
					}
					w := math.Exp(-float64(k*k) / (2 * deviation * deviation))
					sum, weights = sum+w*v[j*width+i], weights+w
				}
				out[y*width+x] = sum / weights
			}
		}
		return out
	}
	return pass(pass(v, dx, 1, 0), dy, 0, 1)
}

// exposed turns floats into luma from dark to light, with noise.
func exposed(v []float64, width int, dark, light, noise float64) Plane {
	r := rand.New(rand.NewPCG(12, 12))
	p := NewPlane(width, len(v)/width)
	for i, x := range v {
		p.Pix[i] = uint8(math.Min(math.Max(dark+(light-dark)*x+noise*r.NormFloat64(), 0), 255))
	}
	return p
}

func TestFocusFallsWithBlurAndWithNothingElse(t *testing.T) {
	const width, height = 260, 180
	ink := printed(width, height)
	all := geometry.Rect(0, 0, width, height)
	last := math.Inf(1)
	for _, deviation := range []float64{0, 0.7, 1, 1.4, 2, 3} {
		v := blurred(ink, width, deviation, deviation)
		f := Focus(exposed(v, width, 60, 200, 2), all)
		t.Logf("blur %.1f px: focus %.2f", deviation, f)
		if f > last || f < 0 || f > 1 {
			t.Errorf("blur of %.1f px: focus %.2f after %.2f", deviation, f, last)
		}
		last = f
		for name, p := range map[string]Plane{
			"low contrast":  exposed(v, width, 100, 160, 1),
			"light on dark": exposed(v, width, 220, 40, 2),
			"noise":         exposed(v, width, 60, 200, 6),
		} {
			if g := Focus(p, all); math.Abs(g-f) > 0.2 {
				t.Errorf("%s at a blur of %.1f px: focus %.2f instead of %.2f", name, deviation, g, f)
			}
		}
	}
	sharp := Focus(exposed(blurred(ink, width, 0.7, 0.7), width, 60, 200, 2), all)
	soft := Focus(exposed(blurred(ink, width, 3, 3), width, 60, 200, 2), all)
	if sharp < 0.7 || soft > 0.15 {
		t.Errorf("focus %.2f when sharp, %.2f when blurred", sharp, soft)
	}
	for _, d := range [][2]float64{{3, 0.7}, {0.7, 3}} {
		if f := Focus(exposed(blurred(ink, width, d[0], d[1]), width, 60, 200, 2), all); f > sharp/2 {
			t.Errorf("moved along %v: focus %.2f, at rest %.2f", d, f, sharp)
		}
	}
}

func TestFocusSeesOnlyTheQuad(t *testing.T) {
	const width, height = 260, 180
	ink := printed(width, height)
	p := exposed(ink, width, 60, 200, 0)
	soft := exposed(blurred(ink, width, 3, 3), width, 60, 200, 0)
	inside := geometry.Quad{{X: 90, Y: 20}, {X: 230, Y: 60}, {X: 200, Y: 160}, {X: 60, Y: 120}}
	for y := range height {
		for x := range width {
			if insideQuad(inside.Grow(1.05), x, y) {
				p.Row(y)[x] = soft.Row(y)[x]
			}
		}
	}
	if f, g := Focus(p, inside), Focus(p, geometry.Rect(0, 0, width, height)); f > 0.2 || g < 0.6 {
		t.Errorf("focus %.2f of the soft part, %.2f of the whole", f, g)
	}
}

// The focus of a raw picture is that of its luma, at the size that Focus wants, in every format.
func TestFocusOfRawPictures(t *testing.T) {
	const width, height, k, left, top = 560, 340, 2, 37, 21
	small := exposed(blurred(printed(width, height), width, 1, 1), width, 60, 200, 1)
	for _, format := range []Format{I420, NV12, RGBA, BGRX} {
		raw := randomRaw(rand.New(rand.NewPCG(14, 14)), format, width*k+2*left, height*k+2*top)
		perPixel := 1
		if len(raw.Planes) == 1 {
			perPixel = 4
		}
		for y := range height * k {
			for x := range width * k {
				for b := range perPixel {
					raw.Pix[raw.Planes[0].Offset+(top+y)*raw.Planes[0].Stride+(left+x)*perPixel+b] = small.Row(y / k)[x/k]
				}
			}
		}
		var s Shrinker
		got, err := s.Focus(raw, geometry.Rect(left, top, left+width*k, top+height*k))
		if err != nil {
			t.Fatal(err)
		}
		if want := Focus(small, geometry.Rect(0, 0, width, height)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", format, got, want)
		}
	}
}

// insideQuad tells by the signs of cross products whether a pixel's centre lies in q, which runs clockwise.
func insideQuad(q geometry.Quad, x, y int) bool {
	c := geometry.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}
	for i := range q {
		if q[(i+1)%4].Sub(q[i]).Cross(c.Sub(q[i])) < 0 {
			return false
		}
	}
	return true
}

func TestLightCountsThePixelsOfTheQuad(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	p := NewPlane(90, 70)
	for i := range p.Pix {
		p.Pix[i] = uint8(r.Uint32())
	}
	for range 200 {
		q := geometry.Rect(15, 15, 70, 50)
		for i := range q {
			q[i] = q[i].Add(geometry.Point{X: r.Float64()*40 - 20, Y: r.Float64()*40 - 20})
		}
		if !q.Convex() {
			continue
		}
		var sum, count, bright float64
		for y := range p.Height {
			for x := range p.Width {
				if insideQuad(q.Clockwise(), x, y) {
					v := p.Row(y)[x]
					sum, count = sum+float64(v), count+1
					if v >= burntOut {
						bright++
					}
				}
			}
		}
		mean, burnt := Light(p, q)
		if math.Abs(mean-sum/count) > 1e-9 || math.Abs(burnt-bright/count) > 1e-9 {
			t.Fatalf("%v: mean %v and %v burnt, want %v and %v", q, mean, burnt, sum/count, bright/count)
		}
	}
}

// Quads from anywhere, and planes of any size, must be borne.
func TestLightAndFocusOfNonsense(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range []Plane{{}, NewPlane(1, 1), NewPlane(300, 2), NewPlane(2, 300), NewPlane(64, 64)} {
		for _, q := range []geometry.Quad{
			{}, geometry.Rect(-1e9, -1e9, 1e9, 1e9), geometry.Rect(1e9, 1e9, 2e9, 2e9), geometry.Rect(5, 5, 5, 5),
			{{X: nan}, {Y: nan}, {}, {}}, geometry.Rect(-inf, -inf, inf, inf), geometry.Rect(-50, -50, -20, -20),
		} {
			if f := Focus(p, q); f != 0 {
				t.Errorf("focus of nothing is %v", f)
			}
			raw := &Raw{Format: RGBA, Width: p.Width / 4, Height: p.Height, Pix: p.Pix, Planes: []Layout{{0, p.Stride}}}
			if f, err := new(Shrinker).Focus(raw, q); f != 0 || (err != nil) != (raw.Width < 1) {
				t.Errorf("focus of nothing is %v, %v", f, err)
			}
			if mean, burnt := Light(p, q); mean != 0 || burnt != 0 {
				t.Errorf("light of darkness is %v, %v", mean, burnt)
			}
		}
	}
}

func BenchmarkFocus(b *testing.B) {
	const width, height = 720, 460
	p := exposed(printed(width, height), width, 60, 200, 3)
	q := geometry.Quad{{X: 20, Y: 15}, {X: 700, Y: 30}, {X: 690, Y: 440}, {X: 10, Y: 430}}
	for b.Loop() {
		Focus(p, q)
	}
}
