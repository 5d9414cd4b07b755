//go:build js

package worker

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/frame"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/sight"
)

// source is a VideoFrame or an ImageBitmap and its size in pixels as it is drawn. One of those pixels is scale of the
// picture's own, more than 1 where a huge photo was decoded smaller.
type source struct {
	image         js.Value
	width, height int
	scale         float64
}

func newSource(image js.Value) source {
	if browser.Has(image, "displayWidth") {
		return source{image, browser.Int(image, "displayWidth"), browser.Int(image, "displayHeight"), 1}
	}
	return source{image, browser.Int(image, "width"), browser.Int(image, "height"), 1}
}

// close gives the pixels back; a camera stops when too many of its frames stay open.
func (s source) close() {
	if s.image.Truthy() {
		s.image.Call("close")
	}
}

// errTurned says that the stored pixels are not what is drawn, but for their number.
var errTurned = errors.New("worker: the frame is stored turned or distorted")

// memory is where pixels are put: the same place for each frame.
type memory struct {
	bytes    []byte
	canvas   js.Value
	shrinker frame.Shrinker
}

// read returns a source's pixels: by copyTo straight into Go's memory, or through a canvas of at most side pixels where
// WebCodecs is missing or hands out something else, and for huge photos, whose size Go's memory would keep. They are
// overwritten by the next call.
func (m *memory) read(s source, side int) (sight.Pixels, error) {
	if s.scale == 1 && browser.Has(s.image, "copyTo") {
		if p, err := m.copyTo(s); err == nil {
			return p, nil
		}
	}
	return m.draw(s, side)
}

// copyTo copies a VideoFrame's planes. The format is the camera's (I420 in Chromium and Firefox, NV12 from many phones,
// BGRA in WebKit); a frame that lives on the graphics card has none and is asked for as RGBA.
func (m *memory) copyTo(s source) (p sight.Pixels, err error) {
	stored, ok := capture.StoredOf(s.image, s.width, s.height)
	if !ok {
		return p, errTurned
	}
	options := browser.Object(nil)
	format := browser.String(s.image, "format")
	if format == "" {
		format = string(frame.RGBA)
		options.Set("format", format)
	}
	var promise js.Value
	err = browser.Catch(func() {
		size := s.image.Call("allocationSize", options).Int()
		if size > len(m.bytes) {
			m.bytes = make([]byte, size)
		}
		promise = s.image.Call("copyTo", browser.Bytes(m.bytes[:size]), options)
	})
	if err != nil {
		return p, err
	}
	layouts, err := browser.Await(promise)
	if err != nil {
		return p, err
	}
	p = sight.Pixels{
		Raw:   frame.Raw{Format: frame.Format(format), Width: stored.Width, Height: stored.Height, Pix: m.bytes},
		Scale: float64(s.width) / float64(stored.Width),
	}
	for i := range layouts.Length() {
		l := layouts.Index(i)
		p.Planes = append(p.Planes, frame.Layout{Offset: browser.Int(l, "offset"), Stride: browser.Int(l, "stride")})
	}
	p.FullRange = browser.Bool(s.image.Get("colorSpace"), "fullRange")
	return p, nil
}

// draw paints the source onto a canvas, what is transparent of it onto white, and reads that.
func (m *memory) draw(s source, side int) (p sight.Pixels, err error) {
	if !browser.Has(js.Global(), "OffscreenCanvas") {
		return p, capture.ErrNoCanvas
	}
	scale := max(1, float64(max(s.width, s.height))/float64(side))
	w, h := max(1, int(float64(s.width)/scale)), max(1, int(float64(s.height)/scale))
	context := js.Null()
	err = browser.Catch(func() {
		if m.canvas.IsUndefined() {
			m.canvas = js.Global().Get("OffscreenCanvas").New(w, h)
		}
		m.canvas.Set("width", w)
		m.canvas.Set("height", h)
		context = m.canvas.Call("getContext", "2d", browser.Object(map[string]any{"willReadFrequently": true, "alpha": false}))
		if !context.Truthy() {
			return
		}
		context.Set("fillStyle", "#fff")
		context.Call("fillRect", 0, 0, w, h)
		context.Call("drawImage", s.image, 0, 0, w, h)
		data := context.Call("getImageData", 0, 0, w, h).Get("data")
		if size := 4 * w * h; size > len(m.bytes) {
			m.bytes = make([]byte, size)
		}
		js.CopyBytesToGo(m.bytes, js.Global().Get("Uint8Array").New(data.Get("buffer")))
	})
	if err == nil && !context.Truthy() {
		err = capture.ErrNoCanvas
	}
	if err != nil {
		return p, err
	}
	return sight.Pixels{Raw: frame.Raw{
		Format: frame.RGBA, Width: w, Height: h, Pix: m.bytes, Planes: []frame.Layout{{Offset: 0, Stride: 4 * w}},
	}, Scale: scale}, nil
}
