package request

import (
	"os"
	"runtime"
	"testing"
)

// TestGrantsGrow: every grant is larger than the one before, the last is what is needed, and less than a step more.
func TestGrantsGrow(t *testing.T) {
	for _, limit := range []int{1, firstGrant, firstGrant + 1, 200 << 10, largeGrant, largeGrant + 1, 2 << 20, 3<<20 + 1} {
		granted := 0
		for steps := 0; granted < limit; steps++ {
			next := nextGrant(granted, limit)
			if next <= granted || steps > 10 {
				t.Fatalf("for %d bytes, %d is followed by %d", limit, granted, next)
			}
			granted = next
		}
		if limit > firstGrant && granted >= limit+stepGrant {
			t.Errorf("for %d bytes, %d are granted", limit, granted)
		}
	}
}

// TestBuffersAreWiped: what one body left in a buffer is gone before another gets it, whatever is kept of its memory.
func TestBuffersAreWiped(t *testing.T) {
	s := stretchesOf(3 << 20)
	for _, size := range []int{1, firstGrant, keptBytes - 1, keptBytes, keptBytes + 1, 3<<20 + 1} {
		b := s.take()
		b.bytes = b.bytes[:size]
		for i := range b.bytes {
			b.bytes[i] = 'x'
		}
		whole := b.bytes[:cap(b.bytes)]
		b.recycle()
		for i, v := range whole {
			if v != 0 {
				t.Fatalf("byte %d of %d was left", i, size)
			}
		}
		if again := s.take(); &again.bytes[:1][0] != &whole[0] {
			t.Error("the last one used isn't the first used again")
		} else {
			again.recycle()
		}
	}
}

// TestIdleBuffersHoldNoMemory counts the pages that the system holds for them (mincore(2)).
func TestIdleBuffersHoldNoMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("bodies lie on the heap here")
	}
	page := os.Getpagesize()
	s := stretchesOf(5 << 20) // a size that no other test uses
	b := s.take()
	b.bytes = b.bytes[:1<<20]
	for i := range b.bytes {
		b.bytes[i] = 'x'
	}
	whole := b.bytes[:cap(b.bytes)]
	if n := resident(t, whole); n != 1<<20/page {
		t.Errorf("1 MiB in %d pages", n)
	}
	b.recycle()
	if n := resident(t, whole); n != keptBytes/page {
		t.Errorf("%d pages are kept for the next body", n)
	}
	s.mu.Lock()
	s.idle[0].since = s.idle[0].since.Add(-keptFor)
	s.mu.Unlock()
	s.cool()
	if n := resident(t, whole); n != 0 || s.kept != 0 {
		t.Errorf("%d pages are kept for nobody, %d bytes counted", n, s.kept)
	}
}

// TestBuffersCoolAgain: a stretch without memory lies idle, and one that joins it with some doesn't keep it for ever.
func TestBuffersCoolAgain(t *testing.T) {
	s := stretchesOf(8 << 20) // a size that no other test uses
	use := func(b *buffer) {
		b.bytes = append(b.bytes, "body"...)
		b.recycle()
	}
	first, second := s.take(), s.take()
	use(first)
	use(second)
	for range 2 {
		if !s.cooling {
			t.Fatal("memory is kept, and nothing will take it away")
		}
		s.mu.Lock()
		for i := range s.idle {
			s.idle[i].since = s.idle[i].since.Add(-keptFor)
		}
		s.mu.Unlock()
		s.cool()
		if s.cooling || s.kept != 0 {
			t.Fatalf("%d bytes kept of what was idle, cooling %v", s.kept, s.cooling)
		}
		use(s.take())
	}
}

// TestManyIdleBuffersHoldLittle: after a crowd has gone, what it used isn't all kept.
func TestManyIdleBuffersHoldLittle(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("bodies lie on the heap here")
	}
	s := stretchesOf(7 << 20) // a size that no other test uses
	var crowd []*buffer
	var whole [][]byte
	for range 4 * KeptInAll / keptBytes {
		b := s.take()
		b.bytes = b.bytes[:keptBytes]
		for i := range b.bytes {
			b.bytes[i] = 'x'
		}
		crowd, whole = append(crowd, b), append(whole, b.bytes[:cap(b.bytes)])
	}
	for _, b := range crowd {
		b.recycle()
	}
	held := 0
	for _, b := range whole {
		held += resident(t, b) * os.Getpagesize()
	}
	if held != KeptInAll || s.kept != held {
		t.Errorf("%d bytes are held, %d counted", held, s.kept)
	}
	for range whole {
		s.take()
	}
	if s.kept != 0 {
		t.Errorf("all are taken, and %d bytes counted", s.kept)
	}
}
