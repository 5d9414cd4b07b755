package neural

// Conv is a convolution with its bias and, where ReLU is set, the rectifier after it.
//
// A strided convolution is an unstrided one over the phases of its input (every second row and column apart), so one
// kernel serves every size: an output pixel is the bias plus a sum over taps, and a tap is an input sample at a fixed
// distance from where the pixel lies. What differs between kernel sizes is only the list of distances.
type Conv struct {
	In, Out                                        int
	KernelH, KernelW, StrideY, StrideX, PadY, PadX int
	ReLU                                           bool
	// weights holds, for each group of lanes output channels, lanes weights a tap; taps run over input channel,
	// kernel row and kernel column. Channels beyond Out are zero. bias has the same groups.
	weights, bias []float32
}

// lanes is the number of output channels that a kernel computes at a time.
const lanes = 4

// runLength is the most pixels that a kernel computes at a time: small enough that they stay in the first-level cache.
const runLength = 512

// NewConv returns a convolution with weights in the order [output channel][input channel][row][column]. Only the
// sizes, strides and paddings of c are read.
func NewConv(c Conv, weights, bias []float32) (*Conv, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if len(weights) != c.size() || len(bias) != c.Out {
		return nil, ShapeError("weights do not suit the convolution")
	}
	c.pack(weights, bias)
	return &c, nil
}

func (c *Conv) pack(weights, bias []float32) {
	groups := (c.Out + lanes - 1) / lanes
	taps := c.In * c.KernelH * c.KernelW
	c.weights = make([]float32, groups*taps*lanes)
	c.bias = make([]float32, groups*lanes)
	copy(c.bias, bias)
	for o := range c.Out {
		for k := range taps {
			c.weights[(o/lanes*taps+k)*lanes+o%lanes] = weights[o*taps+k]
		}
	}
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
	mark := a.mark()
	p := c.phases(a, x)
	for i, runs := 0, newRuns(p, out); i < runs.count; i++ {
		// Groups vary fastest: the same stretch of the input serves them all while it is in the cache.
		for first := 0; first < c.Out; first += lanes {
			c.run(&a.sums, p, out, runs, first, i)
		}
	}
	a.release(mark)
	return out
}

// phases is the input as the kernels read it: padded with zeros and, for a stride of 2, taken apart into phases.
type phases struct {
	data []float32
	// stride is the distance between rows; offsets those from an output pixel's place to each of its taps, of which
	// reach is the largest.
	stride, reach int
	offsets       []int32
}

func (c *Conv) phases(a *Arena, x Tensor) phases {
	height := (x.Height + 2*c.PadY + c.StrideY - 1) / c.StrideY
	width := (x.Width + 2*c.PadX + c.StrideX - 1) / c.StrideX
	plane := height * width
	channel := plane * c.StrideY * c.StrideX
	p := phases{stride: width, offsets: a.ints(c.In * c.KernelH * c.KernelW)}
	k := 0
	for i := range c.In {
		for ky := range c.KernelH {
			for kx := range c.KernelW {
				phase := ky%c.StrideY*c.StrideX + kx%c.StrideX
				offset := i*channel + phase*plane + ky/c.StrideY*width + kx/c.StrideX
				p.offsets[k] = int32(offset)
				p.reach = max(p.reach, offset)
				k++
			}
		}
	}
	if channel == x.Height*x.Width && c.StrideY*c.StrideX == 1 {
		p.data = x.Data
		return p
	}
	p.data = a.Floats(c.In * channel)
	clear(p.data)
	for i := range c.In {
		if c.StrideX == 1 && c.StrideY == 1 {
			dst := p.data[i*channel+c.PadY*width+c.PadX:]
			for y := range x.Height {
				copy(dst[y*width:], x.Row(i, y))
			}
			continue
		}
		for y := range x.Height {
			py := y + c.PadY
			dst := p.data[i*channel+py%c.StrideY*c.StrideX*plane+py/c.StrideY*width:]
			c.spread(dst, plane, x.Row(i, y))
		}
	}
	return p
}

// spread writes a row into its phases, which lie plane floats apart from dst on.
func (c *Conv) spread(dst []float32, plane int, row []float32) {
	if c.StrideX == 1 {
		copy(dst[c.PadX:], row)
		return
	}
	even, odd := c.PadX, c.PadX+1
	split(dst[even%2*plane+even/2:][:(len(row)+1)/2], dst[odd%2*plane+odd/2:][:len(row)/2], row)
}

// runs divides an output plane into stretches of consecutive pixels. Where rows are short, a run covers several, and
// the padding between them is computed along and dropped: cheaper than many short runs.
type runs struct {
	rows, width, columns, count int
}

func newRuns(p phases, out Tensor) runs {
	r := runs{width: min(out.Width, runLength)}
	r.rows = max(1, min(out.Height, (runLength-r.width)/p.stride+1))
	r.columns = (out.Width + r.width - 1) / r.width
	r.count = r.columns * ((out.Height + r.rows - 1) / r.rows)
	return r
}

// run computes run number i of the group of output channels from first on, by way of sums.
func (c *Conv) run(sums *sums, in phases, out Tensor, runs runs, first, i int) {
	y, x := i/runs.columns*runs.rows, i%runs.columns*runs.width
	rows, width := min(runs.rows, out.Height-y), min(runs.width, out.Width-x)
	taps := len(in.offsets)
	n := (rows-1)*in.stride + width
	sweep(sums, n, in.data[y*in.stride+x:][:in.reach+n], in.offsets,
		c.weights[first*taps:][:taps*lanes], c.bias[first:][:lanes])
	store(out.Data[(first*out.Height+y)*out.Width+x:], out.Height*out.Width, sums, in.stride,
		min(lanes, c.Out-first), rows, width, c.ReLU)
}
