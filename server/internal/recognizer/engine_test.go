package recognizer

import (
	"context"
	"errors"
	"testing"

	"ocrbankcard/internal/frame"
)

// TestTheEngineEndsWithItsCaller, and does nothing for one who has gone already.
func TestTheEngineEndsWithItsCaller(t *testing.T) {
	e, err := NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if cards, err := e.Read(ctx, &frame.Frame{Y: frame.NewPlane(320, 240)}); !errors.Is(err, context.Canceled) || len(cards) > 0 {
		t.Errorf("%d cards, %v", len(cards), err)
	}
}
