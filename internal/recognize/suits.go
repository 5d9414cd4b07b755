package recognize

// Suits: who changes a net and exports it learns from New what no longer fits, where a picture would end in a panic. The
// page, whose parts of the weights come with it from one build, does without.

import "ocrbankcard/internal/neural"

// suits returns a ShapeError where a net takes or gives another size than the stages do.
func (e *Engine) suits() error {
	const square, wide, high = locatorSize / cellSize, viewWidth / cellSize, viewHeight / cellSize
	for _, n := range []struct {
		net    *neural.Net
		input  [3]int // channels, height, width
		output [][3]int
	}{
		{e.locator, [3]int{3, locatorSize, locatorSize}, [][3]int{{3, square, square}, {1, 1, 1}}},
		{e.cardnet, [3]int{3, viewHeight, viewWidth}, [][3]int{{8, high, wide}, {2, high, wide}}},
		{e.reader, [3]int{1, stripHeight, stripWidth}, [][3]int{{11, 1, columns}}},
	} {
		fits := size(n.net.Input()) == n.input
		for i, want := range n.output {
			fits = fits && size(n.net.Output(i)) == want
		}
		if !fits {
			return neural.ShapeError("network " + n.net.Name + " sees or answers in another size")
		}
	}
	return nil
}

func size(channels, height, width int) [3]int { return [3]int{channels, height, width} }
