// JPEG's loss without its bits: chroma at half resolution, the discrete cosine transform of 8×8 blocks, quantisation,
// and back (ITU-T T.81 and T.871). Coding the coefficients loses nothing and is left out.

package synth

import "math"

// The quantisation tables of T.81, annex K.1, row by row.
var (
	lumaSteps = [64]int{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	chromaSteps = [64]int{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// quantiser holds a table at some quality, with the scale factors of the fast transform worked in: a coefficient is
// rounded after multiplication by in and restored by multiplication by out.
type quantiser struct{ in, out [64]float32 }

// newQuantiser scales a table to a quality of 1 to 100 as the Independent JPEG Group's library does.
func newQuantiser(steps *[64]int, quality int) *quantiser {
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / quality
	}
	q := new(quantiser)
	for i, s := range steps {
		step := float64(min(max((s*scale+50)/100, 1), 255))
		f := fastScale[i/8] * fastScale[i%8]
		q.in[i], q.out[i] = float32(1/(step*f*8)), float32(step*f/8)
	}
	return q
}

// fastScale is what the transform of Arai, Agui and Nakajima (1988) leaves to the quantisation: 1, and √2·cos(kπ/16).
var fastScale = func() (f [8]float64) {
	f[0] = 1
	for k := 1; k < 8; k++ {
		f[k] = math.Sqrt2 * math.Cos(float64(k)*math.Pi/16)
	}
	return f
}()

// compress puts the picture through JPEG with 4:2:0 sampling, as cameras do.
func compress(p *RGB, quality int) {
	w, h := (p.Width+15)&^15, (p.Height+15)&^15
	luma, cb, cr := newSheet(w, h), newSheet(w/2, h/2), newSheet(w/2, h/2)
	toLumaChroma(p, luma, cb, cr)
	luma.quantise(newQuantiser(&lumaSteps, quality))
	q := newQuantiser(&chromaSteps, quality)
	cb.quantise(q)
	cr.quantise(q)
	fromLumaChroma(p, luma, cb, cr)
}

// toLumaChroma fills planes of whole blocks, repeating the last column and row; luma and chroma are centred on 0.
func toLumaChroma(p *RGB, luma, cb, cr *sheet) {
	clear(cb.v)
	clear(cr.v)
	for y := range luma.h {
		src := p.Pix[3*min(y, p.Height-1)*p.Width:][:3*p.Width]
		l, b, r := luma.row(y), cb.row(y/2), cr.row(y/2)
		for x := range l {
			s := src[3*min(x, p.Width-1):][:3]
			red, green, blue := float32(s[0]), float32(s[1]), float32(s[2])
			v := .299*red + .587*green + .114*blue
			l[x] = v - 128
			b[x/2] += .25 * .564334 * (blue - v)
			r[x/2] += .25 * .713267 * (red - v)
		}
	}
}

func fromLumaChroma(p *RGB, luma, cb, cr *sheet) {
	for y := range p.Height {
		out := p.Pix[3*y*p.Width:][:3*p.Width]
		l, bs, rs := luma.row(y), cb.row(y/2), cr.row(y/2)
		for x := 0; x < p.Width; x += 2 {
			b, r := bs[x/2], rs[x/2]
			dr, dg, db := 1.402*r, -.344136*b-.714136*r, 1.772*b
			for i := x; i < min(x+2, p.Width); i++ {
				v := l[i] + 128.5
				o := out[3*i:][:3]
				o[0], o[1], o[2] = clampByte(v+dr), clampByte(v+dg), clampByte(v+db)
			}
		}
	}
}

func clampByte(v float32) uint8 { return uint8(max(min(v, 255), 0)) }

// quantise transforms, rounds and restores every block of the plane.
func (f *sheet) quantise(q *quantiser) {
	var b [64]float32
	for y := 0; y < f.h; y += 8 {
		for x := 0; x < f.w; x += 8 {
			for j := range 8 {
				copy(b[8*j:8*j+8], f.v[(y+j)*f.w+x:][:8])
			}
			flat := q.round(&b)
			for j := range 8 {
				row := f.v[(y+j)*f.w+x:][:8]
				if flat {
					for i := range row {
						row[i] = b[0]
					}
					continue
				}
				copy(row, b[8*j:8*j+8])
			}
		}
	}
}

// round replaces a block by what quantisation leaves of it. When that is its mean alone, it returns true and b[0].
func (q *quantiser) round(b *[64]float32) (flat bool) {
	for j := 0; j < 64; j += 8 {
		forward(b[j:j+8:j+8], 1)
	}
	for i := range 8 {
		forward(b[i:], 8)
	}
	var any float32
	for i, v := range b {
		v *= q.in[i]
		const magic = 3 << 22 // adding it rounds to whole numbers, halves to even
		v = float32(v+magic) - magic
		if i > 0 {
			any += v * v
		}
		b[i] = v * q.out[i]
	}
	if any == 0 {
		return true
	}
	for i := range 8 {
		backward(b[i:], 8)
	}
	for j := 0; j < 64; j += 8 {
		backward(b[j:j+8:j+8], 1)
	}
	return false
}

// forward is the 8-point transform of Arai, Agui and Nakajima over v[0], v[n], … v[7n], scaled by fastScale and √8.
func forward(v []float32, n int) {
	_ = v[7*n]
	s0, d0 := v[0]+v[7*n], v[0]-v[7*n]
	s1, d1 := v[n]+v[6*n], v[n]-v[6*n]
	s2, d2 := v[2*n]+v[5*n], v[2*n]-v[5*n]
	s3, d3 := v[3*n]+v[4*n], v[3*n]-v[4*n]

	a, b, c, d := s0+s3, s1+s2, s1-s2, s0-s3
	v[0], v[4*n] = a+b, a-b
	z := (c + d) * .707106781
	v[2*n], v[6*n] = d+z, d-z

	a, b, c = d3+d2, d2+d1, d1+d0
	z5 := (a - c) * .382683433
	z2 := .541196100*a + z5
	z4 := 1.306562965*c + z5
	z3 := b * .707106781
	z11, z13 := d0+z3, d0-z3
	v[5*n], v[3*n] = z13+z2, z13-z2
	v[n], v[7*n] = z11+z4, z11-z4
}

// backward undoes forward, for values scaled by fastScale.
func backward(v []float32, n int) {
	_ = v[7*n]
	a, b := v[0]+v[4*n], v[0]-v[4*n]
	c := v[2*n] + v[6*n]
	d := (v[2*n]-v[6*n])*1.414213562 - c
	s0, s3, s1, s2 := a+c, a-c, b+d, b-d

	z13, z10 := v[5*n]+v[3*n], v[5*n]-v[3*n]
	z11, z12 := v[n]+v[7*n], v[n]-v[7*n]
	t7 := z11 + z13
	t11 := (z11 - z13) * 1.414213562
	z5 := (z10 + z12) * 1.847759065
	t10 := 1.082392200*z12 - z5
	t12 := -2.613125930*z10 + z5
	t6 := t12 - t7
	t5 := t11 - t6
	t4 := t10 + t5

	v[0], v[7*n] = s0+t7, s0-t7
	v[n], v[6*n] = s1+t6, s1-t6
	v[2*n], v[5*n] = s2+t5, s2-t5
	v[4*n], v[3*n] = s3+t4, s3-t4
}
