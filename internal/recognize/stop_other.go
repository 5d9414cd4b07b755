//go:build !wasm

package recognize

// Stop: a server's reading is for somebody who waits no longer than so, or has gone. It ends then, and leaves the core to others.
// In a page, what is read is waited for.

import (
	"context"

	"ocrbankcard/internal/frame"
)

// ending ends a run with a context, between pieces of work. Nothing of the run is of use then, so it is left by a panic, which
// doesn't get out of ReadContext.
type ending struct {
	until context.Context // nil where nothing ends the run
	over  error           // the context's, once the run was left
}

// err is the context's error.
func (e *ending) err() error {
	if e.until == nil {
		return nil
	}
	return e.until.Err()
}

// leave leaves a run that is to end. It is called by whoever called ReadContext, and not by a helper.
func (e *ending) leave() {
	if e.over = e.err(); e.over != nil {
		panic(e.over)
	}
}

// ReadContext is Read, and ends with the context, within some ten milliseconds of a core's time: the error is the context's then.
func (e *Engine) ReadContext(ctx context.Context, f *frame.Frame) (cards []Card, err error) {
	r, err := e.begin(f)
	if err != nil {
		return nil, err
	}
	defer e.end(r)
	defer func() {
		if over := r.helpers.over; over != nil { // else it is another's panic, whose place is told where it is caught
			recover()
			cards, err = nil, over
		}
	}()
	r.helpers.until, r.patient = ctx, true
	return r.cards(r.readings()), r.err
}
