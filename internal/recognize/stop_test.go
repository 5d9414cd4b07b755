//go:build !wasm

package recognize

import (
	"context"
	"errors"
	"reflect"
	"sync/atomic"
	"testing"

	"ocrbankcard/internal/recognize/weights"
)

// short is a context that ends after it was asked so often.
type short struct {
	context.Context
	asked, after atomic.Int32
}

func (s *short) Err() error {
	if s.asked.Add(1) > s.after.Load() {
		return context.Canceled
	}
	return nil
}

// TestAReadingEndsWithItsContext, wherever it is: of a picture that is looked at for long, hardly a step is begun any more.
func TestAReadingEndsWithItsContext(t *testing.T) {
	const few = 8 // of the 1,000 and more that it takes: each helper asks, too
	e, err := New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	card := picture(t, "embossed16.jpg")
	before, err := e.ReadContext(t.Context(), card)
	if err != nil || len(before) != 1 {
		t.Fatal(before, err)
	}
	f := clutter(75, 200, 110)
	whole := &short{Context: t.Context()}
	whole.after.Store(1 << 20)
	if _, err := e.ReadContext(whole, f); err != nil || whole.asked.Load() < mostPieces {
		t.Fatalf("%v after %d steps", err, whole.asked.Load())
	}
	for _, after := range []int32{0, 7, 61, 364} {
		ctx := &short{Context: t.Context()}
		ctx.after.Store(after)
		cards, err := e.ReadContext(ctx, f)
		if more := ctx.asked.Load() - after; !errors.Is(err, context.Canceled) || cards != nil || more > few {
			t.Errorf("ended after %d steps: %d cards, %v, %d more", after, len(cards), err, more)
		}
	}
	if after, err := e.Read(card); err != nil || !reflect.DeepEqual(after, before) {
		t.Errorf("then a card reads %+v, %v, and %+v before", after, err, before)
	}
}
