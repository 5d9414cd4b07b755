package limit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestUsesAreCountedWhateverRedisTakesTheTimeToBe: a count that ended by Redis' clock would be over at once where that is ahead
// of ours by more than a session lasts. Here it is by decades.
func TestUsesAreCountedWhateverRedisTakesTheTimeToBe(t *testing.T) {
	redis := limittest.StartRedis(t)
	synctest.Test(t, func(t *testing.T) { // where it is the year 2000
		r, err := limit.NewRedis(redis.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		until := time.Now().Add(time.Minute)
		for i, want := range []bool{true, false} {
			if u, err := r.Use(t.Context(), "session", limit.NewUse(), 1, until); err != nil || u.Allowed != want {
				t.Errorf("use %d: %+v, %v", i+1, u, err)
			}
		}
	})
}
