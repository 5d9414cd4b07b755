package neural

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slowConv is the definition in the package comment, as directly as it can be written.
func slowConv(c *Conv, weights, bias []float32, x Tensor) Tensor {
	s := c.shape(x.shape())
	out := NewTensor(s.channels, s.height, s.width)
	at := func(i, y, x2 int) float32 {
		if y < 0 || y >= x.Height || x2 < 0 || x2 >= x.Width {
			return 0
		}
		return x.Data[(i*x.Height+y)*x.Width+x2]
	}
	for o := range c.Out {
		for y := range s.height {
			for px := range s.width {
				v, k := bias[o], o*c.In*c.KernelH*c.KernelW
				for i := range c.In {
					for ky := range c.KernelH {
						for kx := range c.KernelW {
							v += float32(weights[k] * at(i, y*c.StrideY+ky-c.PadY, px*c.StrideX+kx-c.PadX))
							k++
						}
					}
				}
				if c.ReLU && !(v > 0) {
					v = 0
				}
				out.Data[(o*s.height+y)*s.width+px] = v
			}
		}
	}
	return out
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
				weights, bias := randomFloats(r, c.Out*c.In*c.KernelH*c.KernelW), randomFloats(r, c.Out)
				x := randomTensor(r, c.In, size[0], size[1])
				conv, err := NewConv(c, weights, bias)
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, "conv", conv.Apply(&Arena{}, x), slowConv(&c, weights, bias, x))
			}
		}
	}
}

// Memory that an earlier run left behind must not show through.
func TestConvInUsedMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	c := Conv{In: 8, Out: 10, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}
	weights, bias := randomFloats(r, c.Out*c.In*9), randomFloats(r, c.Out)
	conv, err := NewConv(c, weights, bias)
	if err != nil {
		t.Fatal(err)
	}
	a := &Arena{}
	for i := range 20 {
		x := randomTensor(r, c.In, 40+i%3, 100)
		sameBits(t, "conv", conv.Apply(a, x), slowConv(&c, weights, bias, x))
		a.Reset()
		for j := range a.block {
			a.block[j] = float32(math.NaN())
		}
	}
}

func TestNewConvRefusesWhatTheKernelsCannotDo(t *testing.T) {
	good := Conv{In: 2, Out: 2, KernelH: 1, KernelW: 1, StrideY: 1, StrideX: 1}
	for name, spoil := range map[string]func(*Conv){
		"no input":       func(c *Conv) { c.In = 0 },
		"no kernel":      func(c *Conv) { c.KernelW = 0 },
		"stride 3":       func(c *Conv) { c.StrideX = 3 },
		"padding":        func(c *Conv) { c.PadY = 1 },
		"too many":       func(c *Conv) { c.Out = 1 << 20 },
		"other weights":  func(c *Conv) { c.KernelH = 2 },
		"negative sizes": func(c *Conv) { c.In, c.Out = -2, -2 },
	} {
		c := good
		spoil(&c)
		if _, err := NewConv(c, make([]float32, 4), make([]float32, 2)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := NewConv(good, make([]float32, 4), make([]float32, 2)); err != nil {
		t.Error(err)
	}
}
