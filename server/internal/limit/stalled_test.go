package limit_test

import (
	"log/slog"
	"testing"
	"time"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestARedisThatStallsCountsAUseOnce: it answers after its time, and was asked again meanwhile. A session of one scan would have none
// left at its first.
func TestARedisThatStallsCountsAUseOnce(t *testing.T) {
	server := limittest.StartRedis(t)
	f := limit.NewFailover(newRedis(t, server.URL), slog.New(slog.DiscardHandler), nil)
	defer f.Close()
	until := time.Now().Add(time.Hour)
	if _, err := f.Use(t.Context(), "another", limit.NewUse(), 1, until); err != nil { // a connection is made, and the script known
		t.Fatal(err)
	}
	goOn := server.Stall(t)
	time.AfterFunc(1200*time.Millisecond, goOn)
	for _, want := range []bool{true, true, false} {
		if u, err := f.Use(t.Context(), "session", limit.NewUse(), 2, until); err != nil || u.Allowed != want {
			t.Errorf("%+v, %v, want %v", u, err, want)
		}
	}
}
