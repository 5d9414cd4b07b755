package neural

// Arena lends memory for one run after another, so that a steady stream of frames allocates nothing. What it lent is
// valid until Reset. The zero value is ready. An Arena serves one goroutine at a time; keep them in a sync.Pool to
// serve many.
type Arena struct {
	block []float32
	used  int
	// wanted is how much was lent since Reset, as if everything had fitted into block.
	wanted int
	// What a run needs besides floats.
	offsets, pairs, tiles, rounded []int32
	finishes                       []finish
	values                         []Tensor
	shapes                         []shape
	sums                           sums
}

// Reset takes back everything lent, and grows the block to what the last round needed.
func (a *Arena) Reset() {
	if a.wanted > len(a.block) {
		a.block = make([]float32, a.wanted+a.wanted/8)
	}
	a.used, a.wanted = 0, 0
}

// Floats lends n floats of unspecified content.
func (a *Arena) Floats(n int) []float32 {
	a.wanted += n
	if a.used+n > len(a.block) {
		return make([]float32, n)
	}
	s := a.block[a.used:][:n:n]
	a.used += n
	return s
}

// Tensor lends a tensor of unspecified content.
func (a *Arena) Tensor(channels, height, width int) Tensor {
	return Tensor{a.Floats(channels * height * width), channels, height, width}
}

// lend returns n of something, of unspecified content, in memory that is kept for them, until the next call.
func lend[T any](memory *[]T, n int) []T {
	if n > cap(*memory) {
		*memory = make([]T, n)
	}
	return (*memory)[:n]
}
