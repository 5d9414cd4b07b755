//go:build js

package worker

import (
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
)

// stillSide is the longer side of the frozen frame that the page shows while the picture is read.
const stillSide = 1280

// take makes the picture of the held frame, of a frame sent along, or of a file.
func (w *worker) take(m js.Value) (js.Value, []any, error) {
	s, err := w.source(m)
	if err != nil {
		return js.Value{}, nil, err
	}
	defer s.close()
	picture, err := capture.Encode(s.image, s.width, s.height, nil)
	if err != nil {
		return js.Value{}, nil, err
	}
	answer := browser.Object(map[string]any{
		"blob": picture.Blob, "pictureWidth": picture.Crop.OutW, "pictureHeight": picture.Crop.OutH,
	})
	still, err := capture.Still(s.image, s.width, s.height, stillSide)
	if err != nil {
		return answer, nil, nil // the picture is made; only the frozen view is missing
	}
	answer.Set("still", still)
	return answer, []any{still}, nil
}

func (w *worker) source(m js.Value) (source, error) {
	switch {
	case browser.Bool(m, "held") && w.held.image.Truthy():
		s := w.held
		w.held = source{}
		return s, nil
	case browser.Has(m, "frame"):
		return newSource(m.Get("frame")), nil
	case browser.Has(m, "file"):
		image, width, height, err := capture.Open(m.Get("file"))
		return source{image, width, height}, err
	}
	return source{}, capture.ErrNoPicture
}

// look is what the worker sees in a frame.
func (w *worker) look(m js.Value) (js.Value, []any, error) {
	s := newSource(m.Get("frame"))
	defer s.close()
	return browser.Object(map[string]any{"width": s.width, "height": s.height}), nil, nil
}
