package facepp_test

import (
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestWhatIsSentAgainIsCounted: those requests, and not what the breaker kept from being sent.
func TestWhatIsSentAgainIsCounted(t *testing.T) {
	u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply { return facepptest.Failure(cardpp.InternalError, "") }}
	u.Script(facepptest.Reply{Body: "{}"}) // which isn't tried again, and has the breaker open in the midst of a call
	seen := &again{}
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Observer = seen })
	const calls = 3
	for range calls {
		if _, err := client.Recognize(t.Context(), picture(t, 0)); err == nil {
			t.Fatal("no error")
		}
	}
	if sent := len(u.Calls()); seen.opened != 1 || sent <= calls || seen.retried != sent-calls {
		t.Errorf("%d requests for %d calls, of which %d were sent again; the breaker opened %d times", sent, calls, seen.retried, seen.opened)
	}
}

type again struct {
	facepp.Unobserved
	retried, opened int
}

func (a *again) Retried(facepp.Kind) { a.retried++ }
func (a *again) Breaker(string)      { a.opened++ }
