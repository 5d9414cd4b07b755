package recognizer

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

// GateConfig bounds the embedded engine's use of the machine.
type GateConfig struct {
	Workers int // pictures read at the same time
	Queue   int // pictures that may wait for a worker; more are refused at once
	Memory  int // bytes that the pictures being decoded may take together
}

// LoadGate returns the defaults, changed by the environment.
func LoadGate(s *setting.Source) GateConfig {
	cores := runtime.GOMAXPROCS(0)
	c := GateConfig{Workers: cores, Queue: 16 * cores, Memory: 192 << 20}
	s.Int("ENGINE_WORKERS", &c.Workers)
	s.Int("ENGINE_QUEUE", &c.Queue)
	s.Int("ENGINE_MEMORY_BYTES", &c.Memory)
	return c
}

// Validate reports settings that can't work.
func (c GateConfig) Validate() error {
	switch {
	case c.Workers < 1:
		return setting.Invalid("ENGINE_WORKERS", "at least 1")
	case c.Queue < 0:
		return setting.Invalid("ENGINE_QUEUE", "at least 0")
	case c.Memory < 16<<20:
		return setting.Invalid("ENGINE_MEMORY_BYTES", "at least 16777216")
	}
	return nil
}

// Gate lets a bounded number of pictures in, in the order of their coming.
type Gate struct {
	config  GateConfig
	workers *semaphore.Weighted
	memory  *semaphore.Weighted
	waiting atomic.Int64
}

// NewGate returns an open gate.
func NewGate(c GateConfig) *Gate {
	return &Gate{
		config:  c,
		workers: semaphore.NewWeighted(int64(c.Workers)),
		memory:  semaphore.NewWeighted(int64(c.Memory)),
	}
}

// Enter waits for a worker and for memory, or returns the contract's CONCURRENCY_LIMIT_EXCEEDED when the queue is full
// or the caller has gone. leave must be called once.
func (g *Gate) Enter(ctx context.Context, bytes int) (leave func(), err error) {
	if !g.workers.TryAcquire(1) {
		if err := g.wait(ctx); err != nil {
			return nil, err
		}
	}
	weight := min(int64(bytes), int64(g.config.Memory)) // a picture larger than all of it goes alone
	if g.memory.Acquire(ctx, weight) != nil {
		g.workers.Release(1)
		return nil, busy()
	}
	return func() {
		g.memory.Release(weight)
		g.workers.Release(1)
	}, nil
}

func (g *Gate) wait(ctx context.Context) error {
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > int64(g.config.Queue) || g.workers.Acquire(ctx, 1) != nil {
		return busy()
	}
	return nil
}

// Waiting is how many pictures wait for a worker now.
func (g *Gate) Waiting() int { return int(g.waiting.Load()) }

func busy() error { return cardpp.NewError(cardpp.ConcurrencyLimit, "") }
