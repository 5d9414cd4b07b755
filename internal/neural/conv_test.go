package neural

import (
	"math"
	"math/rand/v2"
	"testing"
)

// newConv returns a convolution of the sizes of c with weights as pack takes them.
func newConv(t testing.TB, c Conv, weights []int8, scales, bias []float32) *Conv {
	t.Helper()
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	c.pack(weights, scales, bias)
	return &c
}

func newTensor(channels, height, width int) Tensor {
	return Tensor{make([]float32, channels*height*width), channels, height, width}
}

// slowConv is the definition in the package comment, as directly as it can be written.
func slowConv(c *Conv, weights []int8, scales, bias []float32, x Tensor) Tensor {
	s := c.shape(x.shape())
	out := newTensor(s.channels, s.height, s.width)
	each := len(weights) / c.Out
	heaviest := 0
	for o := range c.Out {
		weight := 0
		for _, w := range weights[o*each:][:each] {
			weight += max(int(w), -int(w))
		}
		heaviest = max(heaviest, weight)
	}
	most := float32(16383)
	if heaviest > 0 {
		most = float32(min(16383, math.MaxInt32/2/heaviest))
	}
	var peak float32
	for _, v := range x.Data {
		peak = max(peak, v, -v)
	}
	unit := peak / most
	at := func(i, y, x2 int) int32 {
		if peak <= 1e-30 || y < 0 || y >= x.Height || x2 < 0 || x2 >= x.Width {
			return 0
		}
		return int32(math.RoundToEven(float64(float32(x.Data[(i*x.Height+y)*x.Width+x2] * float32(most/peak)))))
	}
	for o := range c.Out {
		for y := range s.height {
			for px := range s.width {
				sum, k := int32(0), o*each
				for i := range c.In {
					for ky := range c.KernelH {
						for kx := range c.KernelW {
							sum += int32(weights[k]) * at(i, y*c.StrideY+ky-c.PadY, px*c.StrideX+kx-c.PadX)
							k++
						}
					}
				}
				v := float32(float32(sum)*float32(scales[o]*unit)) + bias[o]
				if c.ReLU && !(v > 0) {
					v = 0
				}
				out.Data[(o*s.height+y)*s.width+px] = v
			}
		}
	}
	return out
}

// randomConv returns a convolution of the sizes of c, and what it was made of.
func randomConv(t testing.TB, r *rand.Rand, c Conv) (conv *Conv, weights []int8, scales, bias []float32) {
	t.Helper()
	weights = make([]int8, c.size())
	for i := range weights {
		weights[i] = int8(r.IntN(256))
	}
	scales, bias = randomFloats(r, c.Out), randomFloats(r, c.Out)
	return newConv(t, c, weights, scales, bias), weights, scales, bias
}

func randomFloats(r *rand.Rand, n int) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64())
	}
	return s
}

func randomTensor(r *rand.Rand, channels, height, width int) Tensor {
	return Tensor{randomFloats(r, channels*height*width), channels, height, width}
}

func sameBits(t *testing.T, what string, got, want Tensor) {
	t.Helper()
	if got.shape() != want.shape() {
		t.Fatalf("%s: shape %v, want %v", what, got.shape(), want.shape())
	}
	for i, v := range want.Data {
		if math.Float32bits(v) != math.Float32bits(got.Data[i]) {
			t.Fatalf("%s: sample %d of %v is %v, want %v", what, i, want.shape(), got.Data[i], v)
		}
	}
}

// kernelShapes lists the kernels of the project's networks and some that no network has.
var kernelShapes = []Conv{
	{KernelH: 1, KernelW: 1, StrideY: 1, StrideX: 1},
	{KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1},
	{KernelH: 3, KernelW: 3, StrideY: 2, StrideX: 2, PadY: 1, PadX: 1},
	{KernelH: 5, KernelW: 5, StrideY: 2, StrideX: 2, PadY: 2, PadX: 2},
	{KernelH: 5, KernelW: 5, StrideY: 1, StrideX: 1, PadY: 2, PadX: 2},
	{KernelH: 1, KernelW: 5, StrideY: 1, StrideX: 1, PadX: 2},
	{KernelH: 3, KernelW: 9, StrideY: 1, StrideX: 1, PadY: 1, PadX: 4},
	{KernelH: 2, KernelW: 1, StrideY: 1, StrideX: 1},
	{KernelH: 2, KernelW: 2, StrideY: 2, StrideX: 2},
	{KernelH: 1, KernelW: 1, StrideY: 2, StrideX: 2},
	{KernelH: 3, KernelW: 3, StrideY: 2, StrideX: 1, PadY: 1, PadX: 1},
	{KernelH: 4, KernelW: 3, StrideY: 1, StrideX: 2, PadY: 3, PadX: 0},
	{KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1},
}

func TestConvIsItsDefinitionBitForBit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	sizes := [][2]int{{5, 4}, {9, 9}, {1, 9}, {17, 40}, {6, 5}, {3, 600}, {40, 13}, {2, 1100}}
	for _, shape := range kernelShapes {
		for _, channels := range [][2]int{{1, 8}, {3, 3}, {8, 4}, {5, 11}} {
			for _, size := range sizes {
				c := shape
				c.In, c.Out, c.ReLU = channels[0], channels[1], r.IntN(2) == 0
				if s := c.shape(Tensor{nil, c.In, size[0], size[1]}.shape()); s.height < 1 || s.width < 1 {
					continue
				}
				conv, weights, scales, bias := randomConv(t, r, c)
				x := randomTensor(r, c.In, size[0], size[1])
				sameBits(t, "conv", conv.Apply(&Arena{}, x), slowConv(&c, weights, scales, bias, x))
			}
		}
	}
}

// Memory that an earlier run left behind must not show through.
func TestConvInUsedMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	c := Conv{In: 8, Out: 10, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}
	conv, weights, scales, bias := randomConv(t, r, c)
	a := &Arena{}
	for i := range 20 {
		x := randomTensor(r, c.In, 40+i%3, 100)
		sameBits(t, "conv", conv.Apply(a, x), slowConv(&c, weights, scales, bias, x))
		a.Reset()
		for j := range a.block {
			a.block[j] = float32(math.NaN())
		}
		for j := range a.pairs {
			a.pairs[j] = -1
		}
	}
}

func TestConvolutionsThatTheKernelsCannotDoAreRefused(t *testing.T) {
	good := Conv{In: 2, Out: 2, KernelH: 1, KernelW: 1, StrideY: 1, StrideX: 1}
	for name, spoil := range map[string]func(*Conv){
		"no input":       func(c *Conv) { c.In = 0 },
		"no kernel":      func(c *Conv) { c.KernelW = 0 },
		"stride 3":       func(c *Conv) { c.StrideX = 3 },
		"padding":        func(c *Conv) { c.PadY = 1 },
		"too many":       func(c *Conv) { c.Out = 1 << 20 },
		"negative sizes": func(c *Conv) { c.In, c.Out = -2, -2 },
	} {
		c := good
		spoil(&c)
		if c.check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := good.check(); err != nil {
		t.Error(err)
	}
}

// The largest sums that there can be, of the heaviest weights and the largest samples, fit into their 32 bits.
func TestNoSumOverflows(t *testing.T) {
	c := Conv{In: 64, Out: 4, KernelH: 9, KernelW: 9, StrideY: 1, StrideX: 1}
	weights := make([]int8, c.size())
	for i := range weights {
		weights[i] = -128
	}
	ones := []float32{1, 1, 1, 1}
	conv := newConv(t, c, weights, ones, make([]float32, 4))
	for _, v := range []float32{1, -1, 1e-20, 1e20} {
		x := newTensor(c.In, 9, 40)
		for i := range x.Data {
			x.Data[i] = v
		}
		for _, got := range conv.Apply(&Arena{}, x).Data {
			if want := -128 * 64 * 81 * float64(v); math.Abs(float64(got)/want-1) > 1e-6 {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	}
}

// What a convolution gives differs from the same of unrounded samples by no more than rounding can do.
func TestRoundingCostsLittle(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 25))
	c := Conv{In: 48, Out: 4, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1}
	conv, weights, scales, bias := randomConv(t, r, c)
	x := randomTensor(r, c.In, 3, 3)
	for o, got := range conv.Apply(&Arena{}, x).Data {
		exact, slack := float64(bias[o]), 0.0
		for k, v := range x.Data {
			w := float64(weights[o*len(x.Data)+k]) * float64(scales[o])
			exact += w * float64(v)
			slack += math.Abs(w)
		}
		if e, most := math.Abs(float64(got)-exact), slack*float64(peakGo(x.Data))/(2*16383)+1e-4; e > most {
			t.Errorf("channel %d is off by %v, at most %v", o, e, most)
		}
	}
}
