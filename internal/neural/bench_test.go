package neural

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// benchLayers are layers of the kinds that the engine's nets are made of: early ones, large and of few channels, and late ones, small
// and of many; of strips, the first and one that looks along a single row.
var benchLayers = []struct {
	conv          Conv
	height, width int
}{
	{Conv{In: 16, Out: 16, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}, 128, 128},
	{Conv{In: 24, Out: 24, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}, 40, 40},
	{Conv{In: 64, Out: 64, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}, 5, 5},
	{Conv{In: 48, Out: 48, KernelH: 3, KernelW: 3, StrideY: 1, StrideX: 1, PadY: 1, PadX: 1, ReLU: true}, 10, 10},
	{Conv{In: 16, Out: 32, KernelH: 3, KernelW: 3, StrideY: 2, StrideX: 2, PadY: 1, PadX: 1, ReLU: true}, 40, 40},
	{Conv{In: 1, Out: 12, KernelH: 5, KernelW: 5, StrideY: 2, StrideX: 2, PadY: 2, PadX: 2, ReLU: true}, 32, 352},
	{Conv{In: 48, Out: 24, KernelH: 1, KernelW: 1, StrideY: 1, StrideX: 1, ReLU: true}, 40, 40},
	{Conv{In: 64, Out: 64, KernelH: 1, KernelW: 5, StrideY: 1, StrideX: 1, PadX: 2, ReLU: true}, 1, 88},
}

func (c *Conv) String() string {
	return fmt.Sprintf("%dto%d_%dx%d_s%d", c.In, c.Out, c.KernelH, c.KernelW, c.StrideY)
}

// fastest returns the shortest time of n calls.
func fastest(n int, f func()) time.Duration {
	best := time.Hour
	for range n {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

// BenchmarkConv prints for each layer the best speed seen of the kernel, and how many times as fast that is as
// the best of its slow twin: both in one run, since the machine may be busy.
func BenchmarkConv(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, l := range benchLayers {
		c := l.conv
		conv, weights, scales, bias := randomConv(b, r, c)
		x := randomTensor(r, c.In, l.height, l.width)
		flop := 2 * float64(c.shape(x.shape()).len()*c.In*c.KernelH*c.KernelW)
		slow := fastest(10, func() { slowConv(&c, weights, scales, bias, x) })
		b.Run(fmt.Sprintf("%v_on_%dx%d", &c, l.height, l.width), func(b *testing.B) {
			a := &Arena{}
			best := time.Hour
			for b.Loop() {
				best = min(best, fastest(1, func() { conv.Apply(a, x); a.Reset() }))
			}
			each := float64(best.Nanoseconds())
			b.ReportMetric(flop/each, "GFLOP/s")
			b.ReportMetric(float64(slow.Nanoseconds())/each, "×slow")
		})
	}
}
