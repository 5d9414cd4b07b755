package neural

// Of a filter three wide, two neighbouring outputs take six products, and by Winograd's way, F(2, 3), four (Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2015). With samples d and weights g along a row:
//
//	m0 = (d0 − d2) · 2·g0           m1 = (d1 + d2) · (g0 + g1 + g2)
//	m3 = (d1 − d3) · 2·g2           m2 = (d2 − d1) · (g0 − g1 + g2)
//	2·y0 = m0 + m1 + m2             2·y1 = m1 − m2 − m3
//
// A tile is such a window of four samples, two apart from the next. All numbers are whole, so that the outputs are the same as of
// the plain sum, and each m may overflow as long as twice an output doesn't.

// tileParts is how many sums there are of a tile, and so of a filter's row.
const tileParts = 4

// tiles says whether c goes by tiles here.
func (c *Conv) tiles() bool { return tilesPay && c.KernelW == 3 && c.StrideX == 1 && c.StrideY == 1 }

// byTiles returns for each group the weights of one part of a tile after the other's, from those of plain sums.
func (c *Conv) byTiles(weights []int32) []int32 {
	taps := c.taps()
	tiled := make([]int32, len(weights)/3*tileParts)
	for i := range len(weights) / (3 * lanes) {
		g := weights[3*lanes*i:][:3*lanes]
		to := tiled[(i/taps*tileParts*taps+i%taps)*lanes:]
		for j := range lanes {
			outer := addPairs(g[j], g[2*lanes+j])
			to[j] = addPairs(g[j], g[j])
			to[taps*lanes+j] = addPairs(outer, g[lanes+j])
			to[2*taps*lanes+j] = subPairs(outer, g[lanes+j])
			to[3*taps*lanes+j] = addPairs(g[2*lanes+j], g[2*lanes+j])
		}
	}
	return tiled
}

// tile is phases by tiles, whose four parts lie one after the other.
func (c *Conv) tile(a *Arena, x Tensor) phases {
	height, half := x.Height+2*c.PadY, (x.Width+2*c.PadX-1)/2
	width, channel, pairs := 2*half+2, height*half, (c.In+1)/2
	t := phases{
		stride: 2 * half, part: pairs * channel,
		pairs: lend(&a.tiles, tileParts*pairs*channel), offsets: lend(&a.offsets, c.taps()),
	}
	for k := range t.offsets {
		t.offsets[k] = int32(k/c.KernelH*channel + k%c.KernelH*half)
		t.reach = max(t.reach, int(t.offsets[k]))
	}
	unit, scale := c.unit(x)
	t.unit = unit
	plane := lend(&a.pairs, height*width) // of one pair of channels after the other, so that it stays in the cache
	clear(plane)
	for i := range pairs {
		c.spread(a, plane, width, len(plane), x, 2*i, scale)
		tileRows(t.pairs[i*channel:], t.part, plane, height, half)
	}
	return t
}

// tileRowsGo makes rows of half tiles each, their parts so far apart, of rows of twice as many pairs and two.
func tileRowsGo(dst []int32, part int, src []int32, rows, half int) {
	for y := range rows {
		row := src[y*(2*half+2):][:2*half+2]
		for x := range half {
			d, to := row[2*x:][:tileParts], dst[y*half+x:]
			to[0] = subPairs(d[0], d[2])
			to[part] = addPairs(d[1], d[2])
			to[2*part] = subPairs(d[2], d[1])
			to[3*part] = subPairs(d[1], d[3])
		}
	}
}

func addPairs(a, b int32) int32 { return pair(a+b, a>>16+b>>16) }

func subPairs(a, b int32) int32 { return pair(a-b, a>>16-b>>16) }

// sweepTilesGo is sweepGo for n tiles, that is, 2·n pixels.
func sweepTilesGo(sums *sums, n int, in []int32, part int, offsets, weights []int32, f *finish) {
	var whole [tileParts][lanes / 2][runLength / 2]int64
	each := len(offsets) * lanes
	for k := range whole {
		accumulate(whole[k][0][:n], whole[k][1][:n], in[k*part:], offsets, weights[k*each:][:each])
	}
	for j := range lanes {
		a, b, c, d := &whole[0][j/2], &whole[1][j/2], &whole[2][j/2], &whole[3][j/2]
		for i := range n {
			sums[j*runLength+2*i] = f.float(j, laneOf(a[i]+b[i]+c[i], j)>>1)
			sums[j*runLength+2*i+1] = f.float(j, laneOf(b[i]-c[i]-d[i], j)>>1)
		}
	}
}
