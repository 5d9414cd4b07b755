package request

import (
	"sync"
	"time"
)

// Bodies lie outside Go's heap. Each gets a stretch of addresses as long as the largest body allowed; memory comes to it
// page by page as the body comes in, so nothing is copied as it grows, and no more is used than was sent. On the heap, a
// few hundred pictures would let it grow to several times their size before it is next collected, and each collection
// would drop the buffers that are kept for the next bodies.
//
// What was used is wiped. Of that, up to keptBytes stay for the next body, with all stretches that are idle KeptInAll;
// and nothing stays with a stretch that nobody needed for keptFor.
const (
	keptBytes = 256 << 10 // most pictures fit
	keptFor   = 5 * time.Second
)

// KeptInAll is how many bytes may be kept beyond those of the bodies that are there.
const KeptInAll = 32 << 20

// stretches keeps stretches of one size, the last one used on top.
type stretches struct {
	size    int // of each, in bytes
	mu      sync.Mutex
	idle    []stretch
	kept    int         // bytes of memory that the idle ones hold
	timer   *time.Timer // runs, and cooling is true, while any that is idle holds memory
	cooling bool
}

type stretch struct {
	memory []byte
	warm   int       // bytes at its begin that hold memory
	since  time.Time // idle
}

var (
	bySizeMu sync.Mutex
	bySize   = map[int]*stretches{}
)

// stretchesOf returns those that hold bodies of up to a size. There are few sizes: it is a setting.
func stretchesOf(body int) *stretches {
	const step = 64 << 10
	size := (body + step) / step * step // one byte more at least, to see a body's end
	bySizeMu.Lock()
	defer bySizeMu.Unlock()
	s, ok := bySize[size]
	if !ok {
		s = &stretches{size: size}
		bySize[size] = s
	}
	return s
}

// buffer is a stretch in use.
type buffer struct {
	of    *stretches
	bytes []byte // what was written; its capacity is all there is
	warm  int
}

func (s *stretches) take() *buffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.idle) - 1
	if last < 0 {
		return &buffer{of: s, bytes: mapMemory(s.size)[:0]}
	}
	t := s.idle[last]
	s.idle[last] = stretch{}
	s.idle = s.idle[:last]
	s.kept -= t.warm
	return &buffer{s, t.memory[:0], t.warm}
}

// recycle wipes the buffer and leaves it to the next body. Nothing was ever written beyond its length.
func (b *buffer) recycle() {
	used := len(b.bytes)
	clear(b.bytes[:min(used, keptBytes)])
	memory := b.bytes[:cap(b.bytes)]
	if used > keptBytes {
		dropMemory(memory[keptBytes:]) // which wipes it
	}
	t := stretch{memory, min(max(b.warm, used), keptBytes), time.Now()}
	b.bytes = nil
	s := b.of
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept+t.warm > KeptInAll {
		dropMemory(t.memory[:t.warm])
		t.warm = 0
	}
	s.kept += t.warm
	s.idle = append(s.idle, t)
	if s.cooling || t.warm == 0 {
		return
	}
	s.cooling = true
	if s.timer == nil {
		s.timer = time.AfterFunc(keptFor, s.cool)
	} else {
		s.timer.Reset(keptFor)
	}
}

// cool takes the memory from what has long been idle, and comes again as long as there is any.
func (s *stretches) cool() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cooling = false
	for i := range s.idle {
		t := &s.idle[i]
		switch {
		case t.warm == 0:
		case time.Since(t.since) < keptFor:
			s.cooling = true
		default:
			dropMemory(t.memory[:t.warm])
			s.kept, t.warm = s.kept-t.warm, 0
		}
	}
	if s.cooling {
		s.timer.Reset(keptFor)
	}
}
