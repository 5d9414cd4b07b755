package synth

import (
	"math"
	"testing"

	"ocrbankcard/internal/geometry"
)

func pointAt(x, y float64) geometry.Point { return geometry.Point{X: x, Y: y} }

// slowBlur is the Gaussian by its definition.
func slowBlur(f *sheet, sigma float64) *sheet {
	g := newSheet(f.w, f.h)
	n := int(4*sigma) + 1
	for y := range f.h {
		for x := range f.w {
			var sum, weight float64
			for dy := -n; dy <= n; dy++ {
				for dx := -n; dx <= n; dx++ {
					k := math.Exp(-float64(dx*dx+dy*dy) / (2 * sigma * sigma))
					i, j := min(max(x+dx, 0), f.w-1), min(max(y+dy, 0), f.h-1)
					sum += k * float64(f.v[j*f.w+i])
					weight += k
				}
			}
			g.v[y*f.w+x] = float32(sum / weight)
		}
	}
	return g
}

func TestBlurIsGaussian(t *testing.T) {
	r := seeded(4)
	for _, sigma := range []float32{.6, 1.5, 2.5, 4, 7} {
		f := newSheet(64, 60)
		for i := range f.v {
			f.v[i] = 255 * r.Float32()
		}
		want := slowBlur(f, float64(sigma))
		f.blur(sigma)
		edge := 0
		if sigma > 2.5 { // three box filters repeat the edge three times
			edge = int(3 * sigma)
		}
		for y := edge; y < f.h-edge; y++ {
			for x := edge; x < f.w-edge; x++ {
				if d := f.v[y*f.w+x] - want.v[y*f.w+x]; d > 3 || d < -3 {
					t.Fatalf("sigma %v: %v instead of %v at %d, %d", sigma, f.v[y*f.w+x], want.v[y*f.w+x], x, y)
				}
			}
		}
	}
}

// slowInk samples the path 16 × 16 times a pixel by the crossing number.
func slowInk(w, h int, p path) *sheet {
	const n = 16
	f := newSheet(w, h)
	for y := range h * n {
		for x := range w * n {
			u, v := (float32(x)+.5)/n, (float32(y)+.5)/n
			winding := 0
			for _, c := range p {
				for i, a := range c {
					b := c[(i+1)%len(c)]
					if (a.y <= v) != (b.y <= v) && a.x+(v-a.y)/(b.y-a.y)*(b.x-a.x) < u {
						if a.y < b.y {
							winding++
						} else {
							winding--
						}
					}
				}
			}
			if winding != 0 {
				f.v[y/n*w+x/n] += 1. / (n * n)
			}
		}
	}
	return f
}

func TestInkCoversWhatThePathEncloses(t *testing.T) {
	for d := range 10 {
		at := placing{sx: 17.3, sy: 21.7, ox: 10.4, oy: 2.2, shear: .1}
		p := gurney().digit(d).outline
		got := newSheet(22, 27)
		got.ink(p, at)
		want := slowInk(22, 27, p.through(at))
		for i, v := range got.v {
			if diff := v - want.v[i]; diff > .04 || diff < -.04 {
				t.Fatalf("digit %d, pixel %d: coverage %v instead of %v", d, i, v, want.v[i])
			}
		}
	}
}

func TestShrinkKeepsTheMean(t *testing.T) {
	r := seeded(5)
	f := newSheet(57, 31)
	var sum float64
	for i := range f.v {
		f.v[i] = r.Float32()
		sum += float64(f.v[i])
	}
	g := f.shrink(20, 13)
	var small float64
	for _, v := range g.v {
		small += float64(v)
	}
	if a, b := sum/float64(57*31), small/float64(20*13); math.Abs(a-b) > 1e-4 {
		t.Errorf("mean %v became %v", a, b)
	}
}
