//go:build js

// Package worker is the module's other role: it sees frames, encodes pictures and reads cards, off the page's thread.
// The page calls it one message at a time; every message is answered by one.
package worker

import (
	"errors"
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/capture/fit"
)

// worker is what it remembers between messages.
type worker struct {
	self js.Value
	held source // the frame in which the guide said "take it", until it is taken or another is
}

// Run serves the page until it ends the worker.
func Run() {
	w := &worker{self: js.Global()}
	messages := make(chan js.Value, 16)
	browser.Listen(w.self, "message", func(e js.Value) { messages <- e.Get("data") })
	w.reply(0, browser.Object(map[string]any{"ready": true}))
	for m := range messages {
		answer, transfer, err := w.serve(m)
		if err != nil {
			answer, transfer = browser.Object(map[string]any{"fault": fault(err)}), nil
		}
		w.reply(browser.Int(m, "id"), answer, transfer...)
	}
}

func (w *worker) reply(id int, answer js.Value, transfer ...any) {
	answer.Set("id", id)
	w.self.Call("postMessage", answer, transfer)
}

// serve does what a message asks for.
func (w *worker) serve(m js.Value) (answer js.Value, transfer []any, err error) {
	switch browser.String(m, "kind") {
	case "look":
		return w.look(m)
	case "take":
		return w.take(m)
	}
	return js.Value{}, nil, errors.New("worker: a message of no known kind")
}

// fault is the page's word for an error.
func fault(err error) string {
	switch {
	case errors.Is(err, capture.ErrHEIC):
		return "heic"
	case errors.Is(err, capture.ErrNoCanvas):
		return "nocanvas"
	case errors.Is(err, fit.ErrTooSmall):
		return "toosmall"
	case errors.Is(err, fit.ErrTooLarge):
		return "toolarge"
	}
	return "unsupported"
}

// source is a frame or a decoded photo, and its size in pixels as drawn.
type source struct {
	image         js.Value
	width, height int
}

// newSource measures a VideoFrame or an ImageBitmap.
func newSource(image js.Value) source {
	if browser.Has(image, "displayWidth") {
		return source{image, browser.Int(image, "displayWidth"), browser.Int(image, "displayHeight")}
	}
	return source{image, browser.Int(image, "width"), browser.Int(image, "height")}
}

// close gives the pixels back; a camera stops when too many of its frames stay open.
func (s source) close() {
	if s.image.Truthy() {
		s.image.Call("close")
	}
}
