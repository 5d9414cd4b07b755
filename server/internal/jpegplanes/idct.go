package jpegplanes

// The inverse DCT (A.3.3) as two passes of eight one-dimensional ones, each split into its even and its odd half:
// x(n) = Σ c(k)·X(k)·cos((2n+1)kπ/16), with c(0) = 1/√8 and c(k) = ½.

// cK is ½·cos(Kπ/16).
const (
	c1 = 0.49039264020161522456
	c2 = 0.46193976625564337806
	c3 = 0.41573480615127261854
	c4 = 0.35355339059327376220
	c5 = 0.27778511650980111237
	c6 = 0.19134171618254488586
	c7 = 0.09754516100806413392
)

// idct8 transforms eight values that lie step apart, in place.
func idct8(v []float32, step int) {
	x0, x1, x2, x3 := v[0], v[step], v[2*step], v[3*step]
	x4, x5, x6, x7 := v[4*step], v[5*step], v[6*step], v[7*step]
	p, q := c4*(x0+x4), c4*(x0-x4)
	r, s := c2*x2+c6*x6, c6*x2-c2*x6
	e0, e1, e2, e3 := p+r, q+s, q-s, p-r
	o0 := c1*x1 + c3*x3 + c5*x5 + c7*x7
	o1 := c3*x1 - c7*x3 - c1*x5 - c5*x7
	o2 := c5*x1 - c1*x3 + c7*x5 + c3*x7
	o3 := c7*x1 - c5*x3 + c3*x5 - c1*x7
	v[0], v[step], v[2*step], v[3*step] = e0+o0, e1+o1, e2+o2, e3+o3
	v[4*step], v[5*step], v[6*step], v[7*step] = e3-o3, e2-o2, e1-o1, e0-o0
}

// samples dequantizes a block and returns its 64 samples, row by row.
func samples(b *[64]int16, quant *[64]uint16) (out [64]uint8) {
	var v [64]float32
	flat := true
	for i, c := range b {
		v[i] = float32(c) * float32(quant[i])
		flat = flat && (i == 0 || c == 0)
	}
	if flat { // most blocks of a smooth picture
		level := toSample(v[0] / 8)
		for i := range out {
			out[i] = level
		}
		return out
	}
	for i := range 8 {
		idct8(v[i:], 8)
	}
	for i := range 8 {
		idct8(v[8*i:], 1)
	}
	for i, x := range v {
		out[i] = toSample(x)
	}
	return out
}

// toSample shifts the level (A.3.1), rounds and limits.
func toSample(x float32) uint8 {
	switch x += 128.5; {
	case x < 0:
		return 0
	case x >= 255:
		return 255
	}
	return uint8(x)
}

// render stores a block's samples in its component's plane, or the means of four where that is halved.
func (d *decoder) render(c *component, index int, b *[64]int16) {
	s := samples(b, c.quant)
	x, y := index%c.stride, index/c.stride
	if !c.halved {
		for i := range 8 {
			copy(c.plane.Row(8*y + i)[8*x:], s[8*i:8*i+8])
		}
		return
	}
	for i := range 4 {
		row := c.plane.Row(4*y + i)[4*x:]
		for j := range 4 {
			k := 16*i + 2*j
			row[j] = uint8((uint32(s[k]) + uint32(s[k+1]) + uint32(s[k+8]) + uint32(s[k+9]) + 2) / 4)
		}
	}
}
