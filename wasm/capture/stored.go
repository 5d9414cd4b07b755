//go:build js

package capture

import (
	"math"
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture/fit"
)

// Stored is the part of a VideoFrame's memory that it shows. Chromium stores a frame as the camera made it, 4K for one, and
// says how much smaller it is to be drawn.
type Stored struct{ X, Y, Width, Height int }

// StoredOf tells where a source of the given size, as it is drawn, lies in memory. It reports false for what is no
// VideoFrame, or is stored turned or distorted.
func StoredOf(source js.Value, width, height int) (s Stored, ok bool) {
	if !browser.Has(source, "visibleRect") || browser.Int(source, "rotation") != 0 || browser.Bool(source, "flip") {
		return s, false
	}
	visible := source.Get("visibleRect")
	s = Stored{browser.Int(visible, "x"), browser.Int(visible, "y"), browser.Int(visible, "width"), browser.Int(visible, "height")}
	off := s.Width*height - s.Height*width // by more than what rounding makes
	return s, s.Width > 0 && max(off, -off) <= max(s.Width, s.Height, width, height)
}

// part is what is drawn of a source: all of it, or a VideoFrame over a part of another one's memory.
type part struct {
	image      js.Value
	x, y, w, h float64
	own        bool
}

// partOf returns the part of a source that a crop shows. Browsers turn all that a VideoFrame shows into RGB before they
// draw a corner of it: 200 ms for 4K where a card in it takes 6. A frame over the same memory that shows no more than the
// card copies nothing.
func partOf(source js.Value, width, height int, crop fit.Crop) part {
	whole := part{source, float64(crop.X), float64(crop.Y), float64(crop.W), float64(crop.H), false}
	s, ok := StoredOf(source, width, height)
	if !ok || crop.All(width, height) || !partsAreDrawn() {
		return whole
	}
	kx, ky := float64(s.Width)/float64(width), float64(s.Height)/float64(height)
	p := part{x: whole.x * kx, y: whole.y * ky, w: whole.w * kx, h: whole.h * ky, own: true}
	x0, x1 := stretch(p.x, p.w, s.X, s.Width)
	y0, y1 := stretch(p.y, p.h, s.Y, s.Height)
	p.x, p.y = p.x-float64(x0), p.y-float64(y0)
	err := browser.Catch(func() {
		p.image = partFrame(source, js.Global().Get("DOMRect").New(s.X+x0, s.Y+y0, x1-x0, y1-y0))
	})
	if err != nil {
		return whole
	}
	return p
}

// partFrame returns a VideoFrame over another one's memory that shows a part of it.
func partFrame(source, rect js.Value) js.Value {
	o := browser.Object(nil)
	o.Set("visibleRect", rect)
	o.Set("displayWidth", rect.Get("width"))
	o.Set("displayHeight", rect.Get("height"))
	return js.Global().Get("VideoFrame").New(source, o)
}

// NewFrame returns a VideoFrame of its own with the samples of an I420 picture, planes without gaps. What the browser refuses
// is thrown: see browser.Catch.
func NewFrame(pix []byte, width, height int, colourSpace js.Value) js.Value {
	o := browser.Object(nil)
	o.Set("format", "I420")
	o.Set("codedWidth", width)
	o.Set("codedHeight", height)
	o.Set("timestamp", 0)
	o.Set("colorSpace", colourSpace)
	return js.Global().Get("VideoFrame").New(browser.Bytes(pix), o)
}

// parts is whether the browser draws parts, once it was asked.
var parts struct{ asked, drawn bool }

// partsAreDrawn reports whether this browser draws the part that a VideoFrame shows of another one, and not what lies in
// its corner, as WebKitGTK 2.50 does. It is asked once: of a frame of 8 × 2, black on the left and white on the right.
func partsAreDrawn() bool {
	if parts.asked {
		return parts.drawn
	}
	parts.asked = true
	err := browser.Catch(func() {
		both := NewFrame([]byte("\x10\x10\x10\x10\xeb\xeb\xeb\xeb\x10\x10\x10\x10\xeb\xeb\xeb\xeb\x80\x80\x80\x80\x80\x80\x80\x80"), 8, 2, js.Undefined())
		right := partFrame(both, js.Global().Get("DOMRect").New(4, 0, 4, 2))
		context := js.Global().Get("OffscreenCanvas").New(4, 2).Call("getContext", "2d")
		context.Call("drawImage", right, 0, 0, 4, 2, 0, 0, 4, 2)
		seen := context.Call("getImageData", 0, 0, 4, 2).Get("data")
		parts.drawn = seen.Index(0).Int() > 200 && seen.Index(12).Int() > 200
		right.Call("close")
		both.Call("close")
	})
	return err == nil && parts.drawn
}

// stretch returns the pixels of a line, which is stored from an offset on, that cover size of it from x on. Both ends lie
// between samples of chroma, one for two pixels.
func stretch(x, size float64, offset, length int) (from, to int) {
	from = (offset+int(x))&^1 - offset
	to = (offset+int(math.Ceil(x+size))+1)&^1 - offset
	return max(from, 0), min(to, length)
}

func (p part) close() {
	if p.own {
		p.image.Call("close")
	}
}
