package frame

// Raw pictures: what a camera or a decoder in the browser hands out, before it becomes a Frame.

import "errors"

// ErrFormat is returned for a Raw whose format has no name below.
var ErrFormat = errors.New("frame: a pixel format that is not supported")

// Format names a layout of raw pixels as WebCodecs does (VideoPixelFormat).
type Format string

// The formats. Alpha is left aside: cameras have none.
const (
	I420 Format = "I420" // planes Y, Cb, Cr; chroma halved both ways, sizes rounded up
	I422 Format = "I422" // chroma halved across
	I444 Format = "I444"
	NV12 Format = "NV12" // plane Y, then a plane of Cb and Cr by turns, halved both ways
	RGBA Format = "RGBA"
	RGBX Format = "RGBX"
	BGRA Format = "BGRA"
	BGRX Format = "BGRX"
)

// Layout says where a plane lies in the bytes of a Raw: VideoFrame.copyTo answers with one for each plane.
type Layout struct{ Offset, Stride int }

// Raw is a picture in memory as VideoFrame.copyTo leaves it.
type Raw struct {
	Format        Format
	Width, Height int
	Pix           []byte
	Planes        []Layout
	// FullRange says that luma and chroma use all of 0 to 255, and not 16 to 235 and 16 to 240 as video does
	// (VideoColorSpace.fullRange; Recommendation ITU-R BT.601-7, section 2.5.3). It means nothing for RGB.
	FullRange bool
}

// channel is one kind of sample: width × height of them, step bytes apart in rows that are stride apart.
type channel struct {
	pix                         []byte
	width, height, step, stride int
}

// channels returns Y, Cb, Cr or, with rgb set, R, G, B.
func (r *Raw) channels() (c [3]channel, rgb bool, err error) {
	halfW, halfH := (r.Width+1)/2, (r.Height+1)/2
	switch r.Format {
	case I420:
		err = r.planar(&c, halfW, halfH)
	case I422:
		err = r.planar(&c, halfW, r.Height)
	case I444:
		err = r.planar(&c, r.Width, r.Height)
	case NV12:
		if c[0], err = r.channel(0, 0, r.Width, r.Height, 1); err == nil {
			if c[1], err = r.channel(1, 0, halfW, halfH, 2); err == nil {
				c[2], err = r.channel(1, 1, halfW, halfH, 2)
			}
		}
	case RGBA, RGBX, BGRA, BGRX:
		rgb = true
		order := [3]int{0, 1, 2}
		if r.Format == BGRA || r.Format == BGRX {
			order = [3]int{2, 1, 0}
		}
		for i := range c {
			if c[i], err = r.channel(0, order[i], r.Width, r.Height, 4); err != nil {
				break
			}
		}
	default:
		err = ErrFormat
	}
	return c, rgb, err
}

func (r *Raw) planar(c *[3]channel, chromaW, chromaH int) (err error) {
	for i := range c {
		w, h := chromaW, chromaH
		if i == 0 {
			w, h = r.Width, r.Height
		}
		if c[i], err = r.channel(i, 0, w, h, 1); err != nil {
			return err
		}
	}
	return nil
}

// channel returns the samples that start first bytes into a plane, or ErrSize when they do not all lie within Pix.
func (r *Raw) channel(plane, first, width, height, step int) (channel, error) {
	if plane >= len(r.Planes) || width < 1 || height < 1 || width > maxSide || height > maxSide {
		return channel{}, ErrSize
	}
	l := r.Planes[plane]
	if l.Offset < 0 || l.Offset > len(r.Pix) || l.Stride < width*step || l.Stride > maxSide*4 {
		return channel{}, ErrSize
	}
	pix := r.Pix[l.Offset:]
	if len(pix) < (height-1)*l.Stride+width*step {
		return channel{}, ErrSize
	}
	return channel{pix[first:], width, height, step, l.Stride}, nil
}

// maxSide bounds a raw picture's sides, so that no product below overflows.
const maxSide = 1 << 15
