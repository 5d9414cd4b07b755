//go:build js

package capture

import (
	"math"
	"sync"
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
		p.image = js.Global().Get("VideoFrame").New(source, browser.Object(map[string]any{
			"visibleRect":  browser.Object(map[string]any{"x": s.X + x0, "y": s.Y + y0, "width": x1 - x0, "height": y1 - y0}),
			"displayWidth": x1 - x0, "displayHeight": y1 - y0,
		}))
	})
	if err != nil {
		return whole
	}
	return p
}

// partsAreDrawn reports whether this browser draws the part that a VideoFrame shows of another one, and not what lies in
// its corner, as WebKitGTK 2.50 does. It is asked once: of a frame of 8 × 2, black on the left and white on the right.
var partsAreDrawn = sync.OnceValue(func() (drawn bool) {
	err := browser.Catch(func() {
		pixels := []byte("\x10\x10\x10\x10\xeb\xeb\xeb\xeb\x10\x10\x10\x10\xeb\xeb\xeb\xeb\x80\x80\x80\x80\x80\x80\x80\x80")
		frame := js.Global().Get("VideoFrame")
		both := frame.New(browser.Bytes(pixels), browser.Object(map[string]any{"format": "I420", "codedWidth": 8, "codedHeight": 2, "timestamp": 0}))
		defer both.Call("close")
		right := frame.New(both, browser.Object(map[string]any{
			"visibleRect": browser.Object(map[string]any{"x": 4, "y": 0, "width": 4, "height": 2}), "displayWidth": 4, "displayHeight": 2,
		}))
		defer right.Call("close")
		context := js.Global().Get("OffscreenCanvas").New(4, 2).Call("getContext", "2d", browser.Object(map[string]any{"willReadFrequently": true}))
		context.Call("drawImage", right, 0, 0, 4, 2, 0, 0, 4, 2)
		seen := context.Call("getImageData", 0, 0, 4, 2).Get("data")
		drawn = seen.Index(0).Int() > 200 && seen.Index(12).Int() > 200
	})
	return err == nil && drawn
})

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
