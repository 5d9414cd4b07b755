package neural

// leastPeak is what the largest of an input's samples must exceed for them not to be taken for zeros: units of smaller ones
// would lose bits.
const leastPeak = 1e-30

// pair is two whole numbers of 16 bits in one of 32, as the kernels multiply them.
func pair(low, high int32) int32 { return low&0xffff | high<<16 }

// phases is an input as the kernels read it: each sample rounded to a whole number of units, in pairs of two neighbouring
// channels, padded with zeros and, for a stride of 2, taken apart into phases.
type phases struct {
	pairs []int32
	unit  float32
	// stride is the distance between rows; offsets those from an output pixel's place to each of its taps, of which
	// reach is the largest.
	stride, reach int
	offsets       []int32
}

func (c *Conv) phases(a *Arena, x Tensor) phases {
	height := (x.Height + 2*c.PadY + c.StrideY - 1) / c.StrideY
	width := (x.Width + 2*c.PadX + c.StrideX - 1) / c.StrideX
	plane := height * width
	channels := plane * c.StrideY * c.StrideX // from one pair of channels to the next
	p := phases{stride: width, offsets: ints(&a.offsets, c.taps()), pairs: ints(&a.pairs, (c.In+1)/2*channels)}
	k := 0
	for i := range (c.In + 1) / 2 {
		for ky := range c.KernelH {
			for kx := range c.KernelW {
				phase := ky%c.StrideY*c.StrideX + kx%c.StrideX
				offset := i*channels + phase*plane + ky/c.StrideY*width + kx/c.StrideX
				p.offsets[k] = int32(offset)
				p.reach = max(p.reach, offset)
				k++
			}
		}
	}
	if channels != x.Height*x.Width {
		clear(p.pairs)
	}
	var scale float32
	if most := peak(x.Data); most > leastPeak {
		p.unit, scale = most/c.most, c.most/most
	}
	if channels == x.Height*x.Width && c.StrideY*c.StrideX == 1 {
		x.Height, x.Width = 1, channels // all rows at once
	}
	for i := 0; i < c.In; i += 2 {
		for y := range x.Height {
			py := y + c.PadY
			dst := p.pairs[i/2*channels+py%c.StrideY*c.StrideX*plane+py/c.StrideY*width:]
			c.spread(a, dst, plane, x, i, y, scale)
		}
	}
	return p
}

// spread rounds row y of the pair of channels from i on, and writes it into its phases, which lie plane pairs apart from dst on.
func (c *Conv) spread(a *Arena, dst []int32, plane int, x Tensor, i, y int, scale float32) {
	first, second, scale2 := x.Row(i, y), x.Row(i, y), float32(0)
	if i+1 < c.In {
		second, scale2 = x.Row(i+1, y), scale
	}
	if c.StrideX == 1 {
		roundPairs(dst[c.PadX:][:x.Width], first, second, scale, scale2)
		return
	}
	row := ints(&a.row, x.Width)
	roundPairs(row, first, second, scale, scale2)
	even, odd := c.PadX, c.PadX+1
	split(dst[even%2*plane+even/2:][:(len(row)+1)/2], dst[odd%2*plane+odd/2:][:len(row)/2], row)
}
