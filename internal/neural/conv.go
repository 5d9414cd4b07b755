package neural

import "math"

// Conv is a convolution with its bias and, where ReLU is set, the rectifier after it.
//
// A strided convolution is an unstrided one over the phases of its input (every second row and column apart), so one
// kernel serves every size: an output pixel is a sum over taps, and a tap is a pair of input samples, of two neighbouring
// channels, at a fixed distance from where the pixel lies. What differs between kernel sizes is only the list of distances.
type Conv struct {
	In, Out                                        int
	KernelH, KernelW, StrideY, StrideX, PadY, PadX int
	ReLU                                           bool
	// weights holds, for each group of lanes output channels, lanes pairs of weights a tap; taps run over pairs of input
	// channels, kernel row and kernel column. Channels beyond In and Out are zero. scales and bias have the same groups. Where
	// tiles pay they are byTiles'.
	weights      []int32
	scales, bias []float32
	// most is the largest whole number that a sample may be rounded to, such that no sum overflows.
	most float32
}

// lanes is the number of output channels that a kernel computes at a time.
const lanes = 4

// runLength is the most pixels that a kernel computes at a time: small enough that they stay in the first-level cache.
const runLength = 512

// mostRounded is the largest whole number that a sample is ever rounded to: two of them still fit into 16 bits, as sums may be
// twice as large as they are and still fit into 32.
const mostRounded = 1<<14 - 1

// pack takes weights in the order [output channel][input channel][row][column], each of them in its output channel's scale, and
// lays them out for the kernels.
func (c *Conv) pack(weights []int8, scales, bias []float32) {
	groups, area := (c.Out+lanes-1)/lanes, c.KernelH*c.KernelW
	taps := (c.In + 1) / 2 * area
	c.weights = make([]int32, groups*taps*lanes)
	c.scales, c.bias = make([]float32, groups*lanes), make([]float32, groups*lanes)
	copy(c.scales, scales)
	copy(c.bias, bias)
	heaviest := 1
	for o := range c.Out {
		weight := 0
		for i := range c.In {
			for k, w := range weights[(o*c.In+i)*area:][:area] {
				at := (o/lanes*taps+i/2*area+k)*lanes + o%lanes
				if i%2 == 0 {
					c.weights[at] = pair(int32(w), 0)
				} else {
					c.weights[at] = pair(c.weights[at], int32(w))
				}
				weight += max(int(w), -int(w))
			}
		}
		heaviest = max(heaviest, weight)
	}
	c.most = float32(min(mostRounded, math.MaxInt32/2/heaviest))
	if c.tiles() {
		c.weights = c.byTiles(c.weights)
	}
}

// taps is the number of an output pixel's taps, or of a tile's.
func (c *Conv) taps() int {
	if c.tiles() {
		return (c.In + 1) / 2 * c.KernelH
	}
	return (c.In + 1) / 2 * c.KernelH * c.KernelW
}

// shape returns the size of the output for an input of size s; not positive when s is smaller than the kernel.
func (c *Conv) shape(s shape) shape {
	h, w := s.height+2*c.PadY-c.KernelH, s.width+2*c.PadX-c.KernelW
	if h < 0 || w < 0 {
		return shape{c.Out, 0, 0}
	}
	return shape{c.Out, h/c.StrideY + 1, w/c.StrideX + 1}
}

// Apply returns the convolution of x in a's memory. It panics when x has another number of channels than c, or is
// smaller than the kernel.
func (c *Conv) Apply(a *Arena, x Tensor) Tensor {
	s := c.shape(x.shape())
	if x.Channels != c.In || s.height < 1 || s.width < 1 {
		panic(ShapeError("a convolution over a tensor that does not suit it"))
	}
	out := a.Tensor(s.channels, s.height, s.width)
	p := c.phases(a, x)
	job := stretch{
		plane: s.height * s.width, channels: c.Out, stride: p.stride, part: p.part,
		offsets: p.offsets, weights: c.weights, finishes: c.finishes(a, p.unit),
	}
	runs := newRuns(p, out)
	for y := 0; y < out.Height; y += runs.rows {
		for x := 0; x < out.Width; x += runs.width {
			job.rows, job.width = min(runs.rows, out.Height-y), min(runs.width, out.Width-x)
			job.dst, job.in = out.Data[y*out.Width+x:], p.from(y*p.stride+x, &job)
			convolve(&a.sums, &job)
		}
	}
	return out
}

// runs divides an output plane into stretches of consecutive pixels, of so many rows and columns. Where rows are short, a run
// covers several, and the padding between them is computed along and dropped: cheaper than many short runs.
type runs struct{ rows, width int }

func newRuns(p phases, out Tensor) runs {
	width := min(out.Width, runLength)
	return runs{max(1, min(out.Height, (runLength-width)/p.stride+1)), width}
}

// finish is what makes a group's sums its output: for each channel what a sum's one stands for, and the bias, and then the least
// value that is let through.
type finish [2*lanes + 1]float32

// finishes returns those of all groups, for an input of such units, in a's memory.
func (c *Conv) finishes(a *Arena, unit float32) []finish {
	all := lend(&a.finishes, len(c.scales)/lanes)
	for g := range all {
		f := &all[g]
		for j := range lanes {
			f[j], f[lanes+j] = c.scales[g*lanes+j]*unit, c.bias[g*lanes+j]
		}
		if f[2*lanes] = 0; !c.ReLU {
			f[2*lanes] = float32(math.Inf(-1))
		}
	}
	return all
}
