// What shaking hands, sensors and codecs do to a strip.

package synth

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// smear averages along a straight line of the given length in pixels.
func (f *sheet) smear(length, turn float32) *sheet {
	g := newSheet(f.w, f.h)
	n := int(length*1.5) + 2
	dx, dy := float32(math.Cos(float64(turn)))*length, float32(math.Sin(float64(turn)))*length
	k := 1 / float32(n)
	for i := range n {
		t := (float32(i)+.5)/float32(n) - .5
		f.addShifted(g, dx*t, dy*t, k)
	}
	return g
}

// addShifted adds k times f, moved by a part of pixels, to g.
func (f *sheet) addShifted(g *sheet, dx, dy, k float32) {
	ix, iy := int(math.Floor(float64(dx))), int(math.Floor(float64(dy)))
	fx, fy := dx-float32(ix), dy-float32(iy)
	w00, w10, w01, w11 := k*(1-fx)*(1-fy), k*fx*(1-fy), k*(1-fx)*fy, k*fx*fy
	for y := range f.h {
		a := f.row(min(max(y+iy, 0), f.h-1))
		b := f.row(min(max(y+iy+1, 0), f.h-1))
		o := g.row(y)
		for x := range o {
			i, j := min(max(x+ix, 0), f.w-1), min(max(x+ix+1, 0), f.w-1)
			o[x] += w00*a[i] + w10*a[j] + w01*b[i] + w11*b[j]
		}
	}
}

// normals is a ring of standard normal samples; noise reads it from some place on.
var normals = func() (t [1 << 16]float32) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range t {
		t[i] = float32(r.NormFloat64())
	}
	return t
}()

func (f *sheet) addNoise(at uint32, sigma float32) {
	if sigma <= 0 {
		return
	}
	for i := range f.v {
		f.v[i] += sigma * normals[uint16(at+uint32(i))]
	}
}

// throughJPEG encodes and decodes the sheet as a gray picture.
func (f *sheet) throughJPEG(quality int) *sheet {
	g := &image.Gray{Pix: f.bytes(), Stride: f.w, Rect: image.Rect(0, 0, f.w, f.h)}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, g, &jpeg.Options{Quality: quality}); err != nil {
		panic("synth: encoding a strip to memory: " + err.Error())
	}
	m, err := jpeg.Decode(&buf)
	if err != nil {
		panic("synth: decoding our own JPEG: " + err.Error())
	}
	back := m.(*image.Gray)
	out := roughSheet(f.w, f.h)
	for y := range f.h {
		for x, v := range back.Pix[y*back.Stride:][:f.w] {
			out.v[y*f.w+x] = float32(v)
		}
	}
	return out
}
