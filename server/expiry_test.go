package main

import (
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

// TestASessionEndsOnce: whoever comes at its end, as clocks may differ, is let in or told that it has expired, and never that
// it has no scans left.
func TestASessionEndsOnce(t *testing.T) {
	base, open := shop(t, nil)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	token := open(`{"ttl": 1}`)
	time.Sleep(1200 * time.Millisecond)
	r := post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", base))
	if r.json.ErrorMessage != "" && r.json.ErrorMessage != cardpp.AuthenticationError {
		t.Errorf("%d %q", r.status, r.json.ErrorMessage)
	}
}
