package request

import "testing"

// TestBuffersGrow: every size of a buffer is larger than the one before, ends at what is needed, and wastes less than a
// step there.
func TestBuffersGrow(t *testing.T) {
	for _, limit := range []int{1, firstBuffer, firstBuffer + 1, 200 << 10, largeBuffer, largeBuffer + 1, 2 << 20, 3<<20 + 1} {
		size := 0
		for steps := 0; size < limit; steps++ {
			next := nextSize(size, limit)
			if next <= size || steps > 10 {
				t.Fatalf("for %d bytes, %d is followed by %d", limit, size, next)
			}
			size = next
		}
		if limit > firstBuffer && size >= limit+stepBuffer {
			t.Errorf("for %d bytes, %d are taken", limit, size)
		}
		if got := cap(newBuffer(size)); got != size {
			t.Errorf("a buffer for %d has room for %d", size, got)
		}
	}
}

// TestBuffersAreWiped: what one body left in a buffer is gone before another gets it, kept or not.
func TestBuffersAreWiped(t *testing.T) {
	for _, size := range []int{firstBuffer, stepBuffer, largeBuffer, 2 * largeBuffer} {
		b := append(newBuffer(size), "a picture of a card"...)
		whole := b[:size]
		recycle(b)
		for i, v := range whole {
			if v != 0 {
				t.Fatalf("byte %d of a buffer of %d was left", i, size)
			}
		}
	}
}
