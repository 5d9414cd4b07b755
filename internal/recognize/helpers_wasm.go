package recognize

import "ocrbankcard/internal/neural"

// helpers are none: WebAssembly has one core here.
type helpers struct{}

func (helpers) start() {}
func (helpers) stop()  {}

// share calls do for each i from 0 to n−1.
func (r *run) share(n int, do func(a *neural.Arena, i int)) {
	for i := range n {
		do(&r.arena, i)
	}
}
