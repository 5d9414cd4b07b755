//go:build js

// Package worker is the module's other role: it sees frames, encodes pictures and reads cards, off the page's thread.
// The page calls it one message at a time; every message is answered by one.
package worker

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/guide"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/capture/fit"
	"ocrbankcard/wasm/sight"
)

// worker is what it remembers between messages.
type worker struct {
	self    js.Value
	engine  *recognize.Engine // nil until its weights are there
	loading chan struct{}     // closed when they are, or can't be had
	eye     *sight.Eye        // sees with it
	session *recognize.Session
	memory  memory
	guide   guide.Guide

	// The frame in which the guide said "take it", until it is taken or another is, and the card in it.
	held     source
	heldCard *found
	still    *frame.Frame // the picture taken last, to be read here
	stillX   float64      // its pixels' size in the frame's
	crop     fit.Crop     // and what of that frame is in the picture
}

// Run serves the page until it ends the worker.
func Run() {
	w := &worker{self: js.Global(), loading: make(chan struct{})}
	go w.load()
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
	case "read":
		answer, err = w.read()
		return answer, nil, err
	}
	return js.Value{}, nil, errors.New("worker: a message of no known kind")
}

// load takes the engine's weights, which the worker's script has asked for, or asks anew. Without them frames are not
// located and nothing can be read here; pictures are still taken by hand and sent.
func (w *worker) load() {
	defer close(w.loading)
	scanner := w.self.Get("scanner")
	asked := scanner.Get("asked")
	for range 3 {
		data, err := body(asked)
		if err == nil {
			if engine, err := recognize.New(data); err == nil {
				w.engine, w.eye, w.session = engine, sight.New(engine), recognize.NewSession(engine)
				return
			}
		}
		asked = scanner.Call("ask")
	}
}

// body awaits what fetch promised, and copies its body.
func body(promise js.Value) ([]byte, error) {
	response, err := browser.Await(promise)
	if err != nil {
		return nil, err
	}
	if !browser.Bool(response, "ok") {
		return nil, errors.New("worker: no weights")
	}
	buffer, err := browser.Await(response.Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	view := js.Global().Get("Uint8Array").New(buffer)
	data := make([]byte, view.Length())
	js.CopyBytesToGo(data, view)
	return data, nil
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
	case errors.Is(err, errNoEngine):
		return "device"
	}
	return "unsupported"
}
