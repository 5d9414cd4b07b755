package neural

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestMaximumOfWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	for _, window := range [][2]int{{2, 2}, {2, 1}, {1, 2}, {3, 3}, {1, 1}, {4, 2}, {5, 1}} {
		for _, size := range [][2]int{{16, 24}, {7, 9}, {5, 3}, {8, 31}} {
			h, w := window[0], window[1]
			if size[0] < h || size[1] < w {
				continue
			}
			x := randomTensor(r, 3, size[0], size[1])
			want := newTensor(3, size[0]/h, size[1]/w)
			for i := range want.Data {
				c, y, px := i/(want.Height*want.Width), i/want.Width%want.Height, i%want.Width
				best := float32(math.Inf(-1))
				for j := range h {
					for k := range w {
						best = max(best, x.Row(c, y*h+j)[px*w+k])
					}
				}
				want.Data[i] = best
			}
			sameBits(t, "maximum", Maximum(&Arena{}, x, h, w), want)
		}
	}
}

func TestUpsampleConcatAddMean(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 22))
	a := &Arena{}
	for _, size := range [][2]int{{1, 1}, {3, 5}, {4, 13}} {
		x, y := randomTensor(r, 2, size[0], size[1]), randomTensor(r, 2, size[0], size[1])
		up, both := Upsample(a, x), Concat(a, x, y)
		sum, positive := Add(a, x, y, false), Add(a, x, y, true)
		told := Add(a, x, Mean(a, y), true)
		for c := range 2 {
			var mean float64
			for j := range size[0] {
				for i := range size[1] {
					v, w := x.Row(c, j)[i], y.Row(c, j)[i]
					mean += float64(v)
					for k := range 4 {
						if g := up.Row(c, 2*j+k/2)[2*i+k%2]; g != v {
							t.Fatalf("upsampled to %v, want %v", g, v)
						}
					}
					if both.Row(c, j)[i] != v || both.Row(c+2, j)[i] != w {
						t.Fatal("channels are not one after the other")
					}
					if told.Row(c, j)[i] != max(v+Mean(a, y).Data[c], 0) {
						t.Fatal("one pixel was not added to its whole channel")
					}
					if sum.Row(c, j)[i] != v+w || positive.Row(c, j)[i] != max(v+w, 0) {
						t.Fatal("not the sum")
					}
				}
			}
			if g := Mean(a, x).Data[c]; math.Abs(float64(g)-mean/float64(size[0]*size[1])) > 1e-6 {
				t.Errorf("mean %v", g)
			}
		}
	}
}

func TestExpAndLogistic(t *testing.T) {
	for x := -110.0; x < 100; x += 0.00717 {
		v := float32(x)
		got, want := float64(Exp(v)), math.Exp(float64(v))
		if want > math.MaxFloat32 {
			want = math.Inf(1)
		}
		// Two units in the last place, or half of the smallest number there is.
		if got != want && math.Abs(got-want) > want*2.4e-7+1e-45 {
			t.Fatalf("e^%v = %v, want %v", v, got, want)
		}
		if g, w := float64(Logistic(v)), 1/(1+math.Exp(-float64(v))); math.Abs(g-w) > 2e-7 {
			t.Fatalf("logistic of %v = %v, want %v", v, g, w)
		}
	}
	inf := float32(math.Inf(1))
	for _, c := range [][2]float32{{0, 1}, {inf, inf}, {-inf, 0}} {
		if got := Exp(c[0]); got != c[1] {
			t.Errorf("e^%v = %v", c[0], got)
		}
	}
	if nan := Exp(float32(math.NaN())); nan == nan {
		t.Error("e to no number is a number")
	}
}

func TestSoftmaxSumsToOne(t *testing.T) {
	x := randomTensor(rand.New(rand.NewPCG(23, 23)), 11, 2, 9)
	for i := range x.Data {
		x.Data[i] *= 40
	}
	p := Softmax(&Arena{}, x)
	for i := range 18 {
		var sum, exact float64
		for c := range 11 {
			sum += float64(p.Plane(c)[i])
			exact += math.Exp(float64(x.Plane(c)[i] - x.Plane(0)[i]))
		}
		if math.Abs(sum-1) > 1e-6 || math.Abs(float64(p.Plane(0)[i])-1/exact) > 1e-6 {
			t.Fatalf("pixel %d: sum %v, first %v", i, sum, p.Plane(0)[i])
		}
	}
}

// The machines must agree to the last bit: the same test runs in WebAssembly, with the SIMD module and without, and on
// other processors.
func TestResultsAreTheSameOnEveryMachine(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 24))
	c := Conv{In: 5, Out: 7, KernelH: 3, KernelW: 3, StrideY: 2, StrideX: 2, PadY: 1, PadX: 1, ReLU: true}
	uniform := func(n int) []float32 { // without the mathematics behind a normal distribution
		s := make([]float32, n)
		for i := range s {
			s[i] = r.Float32() - 0.5
		}
		return s
	}
	weights := make([]int8, c.size())
	for i := range weights {
		weights[i] = int8(r.IntN(256))
	}
	conv := newConv(t, c, weights, uniform(c.Out), uniform(c.Out))
	a := &Arena{}
	out := Softmax(a, Sigmoid(a, conv.Apply(a, Tensor{uniform(5 * 21 * 33), 5, 21, 33})))
	var hash uint64 = 14695981039346656037 // FNV-1a
	for _, v := range out.Data {
		hash = (hash ^ uint64(math.Float32bits(v))) * 1099511628211
	}
	if hash != 0x372187ce6190d164 {
		t.Errorf("hash %#x", hash)
	}
}
