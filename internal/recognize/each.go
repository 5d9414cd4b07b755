package recognize

// Each: pieces of work that don't wait for each other, runs of a net mostly, are shared with idle cores. A piece takes
// milliseconds. A layer of a net takes some 50 µs: sharing that was tried, and waking a core took what it saved.

import (
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

// help reports whether there is a core for one more goroutine, and counts it.
func help() bool {
	if int(busy.Add(1)) <= runtime.GOMAXPROCS(0) {
		return true
	}
	busy.Add(-1)
	return false
}

// each calls do for each i from 0 to n−1, in memory that no one else uses meanwhile; what is in the run's own stays. The first
// error is kept. A traced run works alone, so that the time of a stage is its own.
func (r *run) each(n int, do func(a *neural.Arena, i int) error) {
	var next atomic.Int32
	errs := make([]error, n)
	work := func(a *neural.Arena) {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			errs[i] = do(a, i)
		}
	}
	var helping sync.WaitGroup
	var broken atomic.Pointer[any] // a helper's panic is the caller's, who may know what to do
	for k := 0; k < min(n-1, mostHelpers) && r.trace == nil && help(); k++ {
		a := &r.spare[k]
		helping.Go(func() {
			defer busy.Add(-1)
			defer func() {
				if p := recover(); p != nil {
					broken.Store(&p)
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
	if p := broken.Load(); p != nil {
		panic(*p)
	}
	for _, err := range errs {
		r.fail(err)
	}
}
