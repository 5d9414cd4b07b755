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
	ready   bool
	gone    bool
	undo    []func()
}

// newEye takes the worker that the page's script has started, or has it start another. It can be ended at once, and used
// after wait.
func newEye(boot js.Value) (*eye, error) {
	e := &eye{worker: boot.Get("eye"), pending: map[int]chan js.Value{}}
	boot.Set("eye", nil)
	if !e.worker.Truthy() {
		if err := browser.Catch(func() { e.worker = boot.Call("look") }); err != nil {
			return nil, err
		}
	}
	e.undo = append(e.undo,
		browser.Listen(e.worker, "message", func(m js.Value) { e.answer(m.Get("data")) }),
		browser.Listen(e.worker, "error", func(js.Value) { e.end() }),
	)
	return e, nil
}

// wait parks until the worker's program runs; it hears nothing before.
func (e *eye) wait() bool {
	v, err := browser.Await(e.worker.Get("ready"))
	e.ready = err == nil && v.Truthy() && !e.gone
	return e.ready
}

func (e *eye) answer(data js.Value) {
	id := browser.Int(data, "id")
	if c, ok := e.pending[id]; ok {
		delete(e.pending, id)
		c <- data
	}
}

// call sends a message of that kind and waits for its answer; a worker that is still starting is waited for. What is in
// transfer belongs to the worker afterwards, or is closed where there is none.
func (e *eye) call(kind string, fields map[string]any, transfer ...any) (js.Value, error) {
	if e.over() || !e.ready && !e.wait() {
		for _, frame := range transfer {
			drop(frame.(js.Value))
		}
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

// drop closes a frame or a still that nobody wants, if there is one: a camera stops when too many of its frames stay open.
func drop(frame js.Value) {
	if frame.Truthy() {
		frame.Call("close")
	}
}

// faultError is a failure that the worker has a name for.
type faultError string

func (e faultError) Error() string { return string(e) }

// over reports whether there is no worker any more.
func (e *eye) over() bool { return e == nil || e.gone }

// end stops the worker; whoever waits for it is told.
func (e *eye) end() {
	if e.over() {
		return
	}
	e.gone = true
	e.worker.Call("terminate")
	e.worker.Call("over") // for wait
	for _, undo := range e.undo {
		undo()
	}
	for id, c := range e.pending {
		delete(e.pending, id)
		close(c)
	}
}
