//go:build js

package worker

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/recognize"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/sight"
)

// engine is what this side recognizes with. Its weights come in two files: with the first it finds cards and guides the
// hand; the second, by which it reads them, is fetched after it, and only where pictures are read here.
type engine struct {
	locator *recognize.Locator
	located chan struct{} // closed when the locator is there or can't be had
	learned chan struct{} // the same of the rest; nil until it is wanted
}

// tries is how often a file is asked for before the worker does without it.
const tries = 3

// locate takes the locator's weights, which the worker's script has asked for, or asks anew. Without them no card is found
// in a frame; pictures are still taken by hand and sent.
func (w *worker) locate() {
	defer close(w.engine.located)
	fetched(w.self.Get("scanner").Get("asked"), "locator", func(data []byte) error {
		l, err := recognize.NewLocator(data)
		if err == nil {
			w.engine.locator, w.eye = l, sight.New(l)
		}
		return err
	})
}

// learn has the engine read, too, as soon as it can. What could not be had is tried again with the next picture.
func (w *worker) learn() {
	if w.engine.learned != nil {
		return
	}
	w.engine.learned = make(chan struct{})
	go func() {
		defer close(w.engine.learned)
		if <-w.engine.located; w.engine.locator == nil {
			return
		}
		fetched(js.Undefined(), "weights", func(data []byte) error {
			e, err := w.engine.locator.Engine(data)
			if err == nil {
				w.session = recognize.NewSession(e)
			}
			return err
		})
	}()
}

// learned waits until there is a session that reads, or none to be had.
func (w *worker) learned() {
	w.learn()
	<-w.engine.learned
	if w.session == nil {
		w.engine.learned = nil
	}
}

// fetched gives the body of a file to use, which is asked for anew when it could not be had or used.
func fetched(asked js.Value, name string, use func([]byte) error) {
	for range tries {
		if asked.IsUndefined() {
			asked = js.Global().Get("scanner").Call("ask", name)
		}
		data, err := body(asked)
		if err == nil && use(data) == nil {
			return
		}
		asked = js.Undefined()
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
