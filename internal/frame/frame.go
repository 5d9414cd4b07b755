// Package frame holds a picture in memory as the engine and the camera see it: a luma plane and, when there is
// colour, two chroma planes of any subsampling (BT.601 full range, as in JPEG; image/color.YCbCr).
//
// Row order is top to bottom. Pixel (i, j) covers [i, i+1) × [j, j+1); its centre is (i+0.5, j+0.5).
package frame

import (
	"errors"
	"image"
)

// ErrSize is returned for planes whose pixels don't fit their stated size.
var ErrSize = errors.New("frame: size, stride and pixels do not fit each other")

// Plane is one channel of 8-bit samples. Row y starts at Pix[y*Stride] and holds Width samples.
type Plane struct {
	Pix                   []byte
	Width, Height, Stride int
}

// NewPlane returns a plane of zeros without gaps between its rows.
func NewPlane(width, height int) Plane {
	return Plane{make([]byte, width*height), width, height, width}
}

// Row returns the samples of row y.
func (p Plane) Row(y int) []byte { return p.Pix[y*p.Stride:][:p.Width] }

// Empty reports whether the plane has no samples.
func (p Plane) Empty() bool { return p.Width == 0 || p.Height == 0 }

// Check returns ErrSize when a row would lie outside Pix.
func (p Plane) Check() error {
	if p.Width < 0 || p.Height < 0 || p.Stride < p.Width {
		return ErrSize
	}
	if p.Empty() {
		return nil
	}
	if p.Height-1 > (len(p.Pix)-p.Width)/max(p.Stride, 1) || len(p.Pix) < p.Width {
		return ErrSize
	}
	return nil
}

// Frame is a picture: luma, and chroma when it has colour. Cb and Cr have equal sizes, and cover the whole luma plane
// at their own resolution; both are empty for a gray picture.
type Frame struct{ Y, Cb, Cr Plane }

// Size returns width and height in pixels of luma.
func (f *Frame) Size() (width, height int) { return f.Y.Width, f.Y.Height }

// Gray reports whether the frame has no colour.
func (f *Frame) Gray() bool { return f.Cb.Empty() }

// Check returns ErrSize when a plane is inconsistent or the frame is empty.
func (f *Frame) Check() error {
	if f.Y.Empty() || f.Cb.Width != f.Cr.Width || f.Cb.Height != f.Cr.Height {
		return ErrSize
	}
	for _, p := range []Plane{f.Y, f.Cb, f.Cr} {
		if err := p.Check(); err != nil {
			return err
		}
	}
	return nil
}

// FromImage returns the picture as stored (EXIF orientation is not applied). YCbCr and Gray images are shared, not
// copied. Transparency is laid on white, as a page would show it.
func FromImage(img image.Image) *Frame {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.YCbCr:
		return fromYCbCr(m)
	case *image.Gray:
		if b.Empty() {
			return &Frame{}
		}
		return &Frame{Y: Plane{m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], b.Dx(), b.Dy(), m.Stride}}
	case *image.RGBA:
		if b.Empty() {
			return &Frame{}
		}
		return FromRGBA(m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], b.Dx(), b.Dy(), m.Stride, true)
	case *image.NRGBA:
		if b.Empty() {
			return &Frame{}
		}
		return FromRGBA(m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], b.Dx(), b.Dy(), m.Stride, false)
	}
	f := newColour(b.Dx(), b.Dy())
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			w := 0xffff - a
			f.set(x, y, uint8((r+w)>>8), uint8((g+w)>>8), uint8((bl+w)>>8))
		}
	}
	return f
}

func fromYCbCr(m *image.YCbCr) *Frame {
	b := m.Rect
	if b.Empty() {
		return &Frame{}
	}
	cw, ch := subsampled(b, m.SubsampleRatio)
	c0 := m.COffset(b.Min.X, b.Min.Y)
	return &Frame{
		Y:  Plane{m.Y[m.YOffset(b.Min.X, b.Min.Y):], b.Dx(), b.Dy(), m.YStride},
		Cb: Plane{m.Cb[c0:], cw, ch, m.CStride},
		Cr: Plane{m.Cr[c0:], cw, ch, m.CStride},
	}
}

// subsampled returns the size of the chroma planes that belong to the rectangle b.
func subsampled(b image.Rectangle, ratio image.YCbCrSubsampleRatio) (w, h int) {
	x, y := 1, 1
	switch ratio {
	case image.YCbCrSubsampleRatio422:
		x = 2
	case image.YCbCrSubsampleRatio420:
		x, y = 2, 2
	case image.YCbCrSubsampleRatio440:
		y = 2
	case image.YCbCrSubsampleRatio411:
		x = 4
	case image.YCbCrSubsampleRatio410:
		x, y = 4, 2
	}
	return (b.Max.X+x-1)/x - b.Min.X/x, (b.Max.Y+y-1)/y - b.Min.Y/y
}

// FromRGBA converts rows of R, G, B, A bytes, stride bytes apart. Alpha lays the colour on white; premultiplied says
// whether the colour was multiplied by it already (as in image.RGBA, and not in a canvas's ImageData).
func FromRGBA(pix []byte, width, height, stride int, premultiplied bool) *Frame {
	f := newColour(width, height)
	for y := range height {
		row := pix[y*stride:][:4*width]
		for x := range width {
			p := row[4*x:][:4]
			r, g, b, a := uint32(p[0]), uint32(p[1]), uint32(p[2]), uint32(p[3])
			if a != 255 {
				if !premultiplied {
					r, g, b = r*a/255, g*a/255, b*a/255
				}
				r, g, b = min(r+255-a, 255), min(g+255-a, 255), min(b+255-a, 255)
			}
			f.set(x, y, uint8(r), uint8(g), uint8(b))
		}
	}
	return f
}

func newColour(width, height int) *Frame {
	return &Frame{NewPlane(width, height), NewPlane(width, height), NewPlane(width, height)}
}

// set stores a colour by the JFIF equations (ITU-T T.871, section 7), in 16.16 fixed point.
func (f *Frame) set(x, y int, r, g, b uint8) {
	i := y*f.Y.Stride + x
	r1, g1, b1 := int32(r), int32(g), int32(b)
	f.Y.Pix[i] = uint8((19595*r1 + 38470*g1 + 7471*b1 + 1<<15) >> 16)
	f.Cb.Pix[i] = uint8(min((-11056*r1-21712*g1+32768*b1+257<<15)>>16, 255))
	f.Cr.Pix[i] = uint8(min((32768*r1-27440*g1-5328*b1+257<<15)>>16, 255))
}
