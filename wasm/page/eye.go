//go:build js

package page

import (
	"errors"
	"syscall/js"

	"ocrbankcard/wasm/browser"
)

// errGone says that the worker ended or never began.
var errGone = errors.New("page: the worker is gone")

// eye is the worker that looks at frames: it finds the card, judges the picture, encodes it and, where that is wanted,
// reads it. A call is one message there and one back.
type eye struct {
	worker  js.Value
	pending map[int]chan js.Value
	next    int
	started chan js.Value // the worker's first word
	ready   bool
	gone    bool
	undo    []func()
}

// newEye starts the worker and hands it the compiled module. It can be ended at once, and used after wait.
func newEye(boot js.Value) (*eye, error) {
	e := &eye{pending: map[int]chan js.Value{}, started: make(chan js.Value, 1)}
	e.pending[0] = e.started
	if err := browser.Catch(func() { e.worker = js.Global().Get("Worker").New(boot.Get("worker")) }); err != nil {
		return nil, err
	}
	e.undo = append(e.undo,
		browser.Listen(e.worker, "message", func(m js.Value) { e.answer(m.Get("data")) }),
		browser.Listen(e.worker, "error", func(js.Value) { e.end() }),
	)
	e.worker.Call("postMessage", browser.Object(map[string]any{
		"module":  boot.Get("module"),
		"weights": js.Global().Get("URL").New(boot.Get("weights"), js.Global().Get("document").Get("baseURI")).Get("href"),
	}))
	return e, nil
}

// wait parks until the worker's program runs. It says so as the answer to call 0, and hears nothing before.
func (e *eye) wait() bool {
	v, ok := <-e.started
	e.ready = ok && v.Truthy()
	return e.ready
}

func (e *eye) answer(data js.Value) {
	id := browser.Int(data, "id")
	if c, ok := e.pending[id]; ok {
		delete(e.pending, id)
		c <- data
	}
}

// call sends a message of that kind and waits for its answer. What is in transfer belongs to the worker afterwards.
func (e *eye) call(kind string, fields map[string]any, transfer ...any) (js.Value, error) {
	if e == nil || e.gone || !e.ready {
		return js.Value{}, errGone
	}
	e.next++
	id, reply := e.next, make(chan js.Value, 1)
	message := browser.Object(fields)
	message.Set("kind", kind)
	message.Set("id", id)
	e.pending[id] = reply
	if err := browser.Catch(func() { e.worker.Call("postMessage", message, transfer) }); err != nil {
		delete(e.pending, id)
		return js.Value{}, err
	}
	data, ok := <-reply
	if !ok {
		return js.Value{}, errGone
	}
	if fault := browser.String(data, "fault"); fault != "" {
		return data, faultError(fault)
	}
	return data, nil
}

// faultError is a failure that the worker has a name for.
type faultError string

func (e faultError) Error() string { return string(e) }

// end stops the worker; whoever waits for it is told.
func (e *eye) end() {
	if e == nil || e.gone {
		return
	}
	e.gone = true
	e.worker.Call("terminate")
	for _, undo := range e.undo {
		undo()
	}
	for id, c := range e.pending {
		delete(e.pending, id)
		close(c)
	}
}
