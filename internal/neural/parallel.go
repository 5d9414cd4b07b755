package neural

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// task is one convolution to be computed in units, each a run of a group of output channels. Units do not depend on
// each other, so it does not matter who computes which.
type task struct {
	conv *Conv
	in   phases
	out  Tensor
	runs runs
	// next is the first unit that nobody has taken; helping counts helpers that may still be at work.
	next    atomic.Int64
	helping sync.WaitGroup
}

func (t *task) work() {
	var sums sums
	groups := (t.conv.Out + lanes - 1) / lanes
	for units := int64(groups * t.runs.count); ; {
		u := t.next.Add(1) - 1
		if u >= units {
			return
		}
		// Groups vary fastest: the same stretch of the input serves them all while it is in the cache.
		t.run(&sums, int(u)%groups, int(u)/groups)
	}
}

// parallelWork is the number of multiplications from which a convolution is shared with other cores: about 50 µs of
// work with AVX, several times what waking a goroutine takes.
const parallelWork = 1 << 21

// helpers are goroutines that join whoever offers a task, started when the first task is offered. An offer is never
// queued: when every helper is busy, the caller works alone.
var helpers = sync.OnceValue(func() chan *task {
	c := make(chan *task)
	for range runtime.GOMAXPROCS(0) - 1 {
		go func() {
			for t := range c {
				t.work()
				t.helping.Done()
			}
		}()
	}
	return c
})

// each computes every unit of t, with the help of idle cores when a.Parallel is set and the task is worth it.
func (a *Arena) each(t *task) {
	if a.Parallel && len(t.in.offsets)*len(t.out.Data) >= parallelWork && runtime.GOMAXPROCS(0) > 1 {
		t.offer()
	}
	t.work()
	t.helping.Wait()
}

func (t *task) offer() {
	c := helpers()
	for range runtime.GOMAXPROCS(0) - 1 {
		t.helping.Add(1)
		select {
		case c <- t:
		default:
			t.helping.Done()
			return
		}
	}
}
