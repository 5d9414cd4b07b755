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
	// part is not 0 where tiles have taken the place of pairs (winograd.go): from one of their parts to the next. They lie at every
	// second pixel, of which stride speaks still; offsets and reach are between tiles.
	part int
}

// from returns what a stretch reads that begins so many pixels from the first.
func (p *phases) from(pixel int, s *stretch) []int32 {
	if p.part > 0 {
		return p.pairs[pixel/2:][:(tileParts-1)*p.part+p.reach+s.tiles()]
	}
	return p.pairs[pixel:][:p.reach+s.pixels()]
}

func (c *Conv) phases(a *Arena, x Tensor) phases {
	if c.tiles() {
		return c.tile(a, x)
	}
	height := (x.Height + 2*c.PadY + c.StrideY - 1) / c.StrideY
	width := (x.Width + 2*c.PadX + c.StrideX - 1) / c.StrideX
	plane := height * width
	channels := plane * c.StrideY * c.StrideX // from one pair of channels to the next
	p := phases{stride: width, pairs: lend(&a.pairs, (c.In+1)/2*channels)}
	if channels != x.Height*x.Width {
		clear(p.pairs)
	}
	unit, scale := c.unit(x)
	p.unit = unit
	for i := 0; i < c.In; i += 2 {
		c.spread(a, p.pairs[i/2*channels:][:channels], width, plane, x, i, scale)
	}
	p.offsets = lend(&a.offsets, c.taps())
	p.reach = c.place(p.offsets, width, plane)
	return p
}

// unit returns what one of the whole numbers stands for that x is rounded to, and how many of them one is: 0 where x is taken for
// zeros.
func (c *Conv) unit(x Tensor) (unit, scale float32) {
	most := peak(x.Data)
	if most > leastPeak {
		unit, scale = most/c.most, c.most/most
	}
	return unit, scale
}

// place sets the offsets of all taps in phases that have rows of width pairs and lie plane pairs apart, and returns the largest.
func (c *Conv) place(offsets []int32, width, plane int) (reach int) {
	k := 0
	for ky := range c.KernelH {
		for kx := range c.KernelW {
			phase := ky%c.StrideY*c.StrideX + kx%c.StrideX
			offsets[k] = int32(phase*plane + ky/c.StrideY*width + kx/c.StrideX)
			reach = max(reach, int(offsets[k]))
			k++
		}
	}
	channels := plane * c.StrideY * c.StrideX
	for ; k < len(offsets); k++ { // the same for the other channels
		offsets[k] = offsets[k-c.KernelH*c.KernelW] + int32(channels)
	}
	return reach + (c.In-1)/2*channels
}

// spread rounds the pair of channels from i on, and writes them into their phases, which have rows of width pairs and lie plane
// pairs apart.
func (c *Conv) spread(a *Arena, dst []int32, width, plane int, x Tensor, i int, scale float32) {
	first, second, scale2 := x.Plane(i), x.Plane(i), float32(0)
	if i+1 < c.In {
		second, scale2 = x.Plane(i+1), scale
	}
	round := func(dst []int32, stride int) {
		rows, n := x.Height, x.Width
		if stride == n {
			rows, n = 1, rows*n // all of them at once
		}
		roundPairs(dst, stride, first, second, rows, n, scale, scale2)
	}
	if c.StrideX == 1 && c.StrideY == 1 {
		round(dst[c.PadY*width+c.PadX:], width)
		return
	}
	rounded := lend(&a.rounded, x.Height*x.Width)
	round(rounded, x.Width)
	for y := range x.Height {
		py := y + c.PadY
		to, row := dst[py%c.StrideY*c.StrideX*plane+py/c.StrideY*width:], rounded[y*x.Width:][:x.Width]
		if c.StrideX == 1 {
			copy(to[c.PadX:], row)
			continue
		}
		even, odd := c.PadX, c.PadX+1
		split(to[even%2*plane+even/2:][:(len(row)+1)/2], to[odd%2*plane+odd/2:][:len(row)/2], row)
	}
}
