//go:build !wasm

package recognize

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"ocrbankcard/internal/neural"
)

// mostHelpers bounds how many help one call: each takes a few megabytes for its run of a net.
const mostHelpers = 3

// busy counts the goroutines of all engines that are at work. There are helpers only as long as there are cores for them:
// calls that are many at once each keep to their own.
var busy atomic.Int32

// helpers are the memory of those who help a run, and what ends it.
type helpers struct {
	memory [mostHelpers]neural.Arena
	ending
}

// start and stop bracket a run.
func (*helpers) start() { busy.Add(1) }
func (h *helpers) stop() {
	busy.Add(-1)
	h.ending = ending{}
}

// comes reports whether there is a core for one more goroutine, and counts it.
func comes() bool {
	if int(busy.Add(1)) <= runtime.GOMAXPROCS(0) {
		return true
	}
	busy.Add(-1)
	return false
}

// broken is a helper's panic, for the caller to panic with: its own stack doesn't tell the place.
type broken struct {
	cause any
	stack []uintptr
}

func (b *broken) Error() string { return fmt.Sprint("a helper's panic: ", b.cause) }

// Panicked is what the helper panicked with, and the program counters of its stack from there on.
func (b *broken) Panicked() (cause any, stack []uintptr) { return b.cause, b.stack }

// share calls do for each i from 0 to n−1 on as many cores as are idle. A traced run works alone, so that the time of a
// stage is its own. A helper's panic is the caller's, who may know what to do.
func (r *run) share(n int, do func(a *neural.Arena, i int)) {
	var next atomic.Int32
	work := func(a *neural.Arena) {
		for i := int(next.Add(1)) - 1; i < n && r.helpers.err() == nil; i = int(next.Add(1)) - 1 {
			do(a, i)
		}
	}
	var helping sync.WaitGroup
	var fault atomic.Pointer[broken]
	for k := 0; k < min(n-1, mostHelpers) && r.trace == nil && comes(); k++ {
		a := &r.helpers.memory[k]
		helping.Go(func() {
			defer busy.Add(-1)
			defer func() {
				if p := recover(); p != nil {
					b := &broken{cause: p, stack: make([]uintptr, 16)}
					b.stack = b.stack[:runtime.Callers(2, b.stack)] // from what found the fault on
					fault.Store(b)
				}
			}()
			a.Reset()
			work(a)
		})
	}
	func() {
		defer helping.Wait()
		work(&r.arena)
	}()
	if b := fault.Load(); b != nil {
		panic(b)
	}
	r.helpers.leave()
}
