package recognize

// Each: pieces of work that don't wait for each other, runs of a net mostly, are shared with idle cores. A piece takes
// milliseconds. A layer of a net takes some 50 µs: sharing that was tried, and waking a core took what it saved.

import "ocrbankcard/internal/neural"

// mostPieces is how many pieces of work a picture is worth. A card in plain sight takes about a dozen, the hardest of
// thousands that is read 931; noise, which looks like digits everywhere, would take thousands.
const mostPieces = 1000

// spent reports whether the picture has taken so much work that nothing more is to be tried.
func (r *run) spent() bool { return r.pieces >= mostPieces }

// each calls do for each i from 0 to n−1, in memory that no one else uses meanwhile; what is in the run's own stays. The first
// error is kept.
func (r *run) each(n int, do func(a *neural.Arena, i int) error) {
	r.pieces += n
	errs := make([]error, n)
	r.share(n, func(a *neural.Arena, i int) { errs[i] = do(a, i) })
	for _, err := range errs {
		r.fail(err)
	}
}
