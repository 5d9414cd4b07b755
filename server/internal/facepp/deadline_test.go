package facepp_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestACallersDeadlineIsATimeout: whose time is up before the call's budget has not left. The breaker counts such a call, and the scan
// that it was for is given back.
func TestACallersDeadlineIsATimeout(t *testing.T) {
	held := make(gate)
	client := newClient(t, serve(t, &facepptest.Upstream{Answer: held.answer}))
	defer close(held)
	timeouts := 0
	for i := range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		_, err := client.Recognize(ctx, picture(t, uint8(i)))
		cancel()
		switch e, ok := errors.AsType[*facepp.Error](err); {
		case ok && e.Kind == facepp.Timeout:
			timeouts++
		case ok && e.Kind == facepp.BreakerOpen && timeouts > 0:
			return
		default:
			t.Fatalf("call %d: %v", i, err)
		}
	}
	t.Errorf("%d timeouts, and the breaker is closed", timeouts)
}
