//go:build js

package worker

import (
	"errors"
	"syscall/js"
	"time"

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

// patience is how long a picture waits for a file. A network that has only stalled must not hold the page up with it.
const patience = 8 * time.Second

// locate takes the locator's weights, which the worker's script has asked for. Without them no card is found in a frame;
// pictures are still taken by hand and sent. A network that was gone when they were asked for may come back.
func (w *worker) locate() {
	w.fetchLocator(w.self.Get("scanner").Get("asked"))
	close(w.engine.located)
	for pause := time.Second; w.eye == nil; pause *= 2 {
		time.Sleep(pause)
		w.fetchLocator(js.Undefined())
	}
}

// fetchLocator takes the locator's weights from where they were asked for, or asks anew.
func (w *worker) fetchLocator(asked js.Value) {
	fetched(asked, "locator", func(data []byte) error {
		l, err := recognize.NewLocator(data)
		if err == nil {
			w.engine.locator, w.eye = l, sight.New(l)
		}
		return err
	})
}

// learn has the engine read, too, as soon as it can. What could not be had is asked for again by the next call.
func (w *worker) learn() {
	if w.engine.learned != nil {
		return
	}
	learned := make(chan struct{})
	w.engine.learned = learned
	go func() {
		defer close(learned)
		if <-w.engine.located; w.engine.locator == nil {
			w.fetchLocator(js.Undefined())
		}
		if w.engine.locator != nil {
			fetched(js.Undefined(), "weights", func(data []byte) error {
				e, err := w.engine.locator.Engine(data)
				if err == nil {
					w.session = recognize.NewSession(e)
				}
				return err
			})
		}
	}()
}

// learned waits until there is a session that reads, or none to be had, or for too long.
func (w *worker) learned() {
	w.learn()
	if await(w.engine.learned) && w.session == nil {
		w.engine.learned = nil
	}
}

// await waits for a channel to be closed, and reports false when that takes too long.
func await(done chan struct{}) bool {
	late := make(chan struct{})
	timer := time.AfterFunc(patience, func() { close(late) })
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-late:
		return false
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
