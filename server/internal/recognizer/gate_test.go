package recognizer

import (
	"context"
	"errors"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

func TestGate(t *testing.T) {
	g := NewGate(GateConfig{Workers: 1, Queue: 1, Memory: 16 << 20})
	leave, err := g.Enter(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	entered := make(chan func(), 1)
	go func() {
		leave, err := g.Enter(context.Background(), 1<<30) // more than all: goes alone
		if err != nil {
			t.Error(err)
		}
		entered <- leave
	}()
	for g.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	var known *cardpp.Error
	if _, err := g.Enter(t.Context(), 1); !errors.As(err, &known) || known.Code != cardpp.ConcurrencyLimit {
		t.Errorf("a full queue: %v", err)
	}
	leave()
	(<-entered)()
	if leave, err = g.Enter(t.Context(), 1); err != nil {
		t.Errorf("after all have left: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, err := g.Enter(ctx, 1); err == nil {
		t.Error("a caller that has gone got in")
	}
	leave()
	if leave, err = g.Enter(t.Context(), 1); err != nil {
		t.Error("a caller that has gone kept its place")
	} else {
		leave()
	}
	if n := g.Waiting(); n != 0 {
		t.Errorf("%d wait when all have left: the queue is so much shorter", n)
	}
}
