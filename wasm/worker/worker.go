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
	engine  engine
	eye     *sight.Eye         // nil until the locator is there
	session *recognize.Session // nil until the engine is
	memory  memory
	guide   guide.Guide

	// The frame in which the guide said "take it", until it is taken or another is, and the card in it.
	held     source
	heldCard *found
	still    *frame.Frame // the picture taken last, to be read here
	stillX   float64      // its pixels' size in the frame's
	told     js.Value     // what was read of it, once it was
	crop     fit.Crop     // and what of that frame is in the picture
}

// Run serves the page until it ends the worker.
func Run() {
	w := &worker{self: js.Global()}
	w.engine.located = make(chan struct{})
	go w.locate()
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
