package limit_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestRedisWhoseClockWentBack: what it holds ends as much later as its clock went back. Callers are let in all the same, and
// the schedule that begins anew is one for all who share it; one that is merely full stays.
func TestRedisWhoseClockWentBack(t *testing.T) {
	server := limittest.StartRedis(t)
	one, other := newRedis(t, server.URL), newRedis(t, server.URL)
	rate := limit.Per(1, time.Hour)
	take := func(r *limit.Redis, allowed bool) {
		t.Helper()
		if d, err := r.Take(t.Context(), "a", rate); err != nil || d.Allowed != allowed {
			t.Errorf("%+v, error %v", d, err)
		}
	}
	take(one, true)
	take(other, false)
	clockGoesBack(t, server.URL, 8*time.Hour)
	take(one, true)
	take(other, false)
	take(one, false)
}

// clockGoesBack leaves a Redis with what it would hold then: all that tells a time lies so far ahead.
func clockGoesBack(t *testing.T, url string, by time.Duration) {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	defer client.Close()
	moved, err := client.Eval(t.Context(), `
		local keys = redis.call("KEYS", "*")
		for _, k in ipairs(keys) do
			local ends = redis.call("PTTL", k) + ARGV[1] * 1000
			redis.call("SET", k, string.format("%.6f", redis.call("GET", k) + ARGV[1]), "PX", ends)
		end
		return #keys`, nil, int(by.Seconds())).Int()
	if err != nil || moved == 0 {
		t.Fatalf("%d keys moved, error %v", moved, err)
	}
}
