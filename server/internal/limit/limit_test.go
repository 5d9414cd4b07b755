package limit_test

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// stores are the kinds of Store under test, each new and empty.
func stores(t *testing.T) map[string]limit.Store {
	redis := newRedis(t, limittest.StartRedis(t).URL)
	failover := limit.NewFailover(newRedis(t, limittest.StartRedis(t).URL), slog.New(slog.DiscardHandler), nil)
	t.Cleanup(func() { failover.Close() })
	return map[string]limit.Store{"memory": limit.NewMemory(), "Redis": redis, "failover": failover}
}

func newRedis(t *testing.T, url string) *limit.Redis {
	t.Helper()
	r, err := limit.NewRedis(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestBurstThenRefusal(t *testing.T) {
	rate := limit.Per(5, time.Hour) // one place in 12 minutes: the test's own time doesn't count
	for name, s := range stores(t) {
		for i := range 7 {
			d, err := s.Take(t.Context(), "a", rate)
			if err != nil {
				t.Fatal(err)
			}
			if d.Allowed != (i < 5) {
				t.Errorf("%s: event %d: %+v", name, i, d)
			}
			if ahead := time.Duration(i) * rate.Interval; d.Allowed && (d.Wait > ahead || d.Wait < ahead-time.Minute) {
				t.Errorf("%s: event %d lies %v ahead", name, i, d.Wait)
			}
			if !d.Allowed && (d.RetryAfter > rate.Interval || d.RetryAfter < rate.Interval-time.Minute) {
				t.Errorf("%s: event %d: again after %v", name, i, d.RetryAfter)
			}
		}
		if d, err := s.Take(t.Context(), "b", rate); err != nil || !d.Allowed || d.Wait != 0 {
			t.Errorf("%s: another key: %+v, %v", name, d, err)
		}
	}
}

func TestMemoryRateOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, rate, allowed := limit.NewMemory(), limit.Per(3, time.Second), 0
		for range 1000 { // ten seconds, a hundred tries in each
			d, err := m.Take(t.Context(), "a", rate)
			if err != nil {
				t.Fatal(err)
			}
			if d.Allowed {
				allowed++
			}
			time.Sleep(10 * time.Millisecond)
		}
		if allowed != 32 { // the burst of 3, then one every third of a second
			t.Errorf("%d of 1000 allowed", allowed)
		}
	})
}

func TestUsesAreCountedOnce(t *testing.T) {
	for name, s := range stores(t) {
		until := time.Now().Add(time.Hour)
		var allowed atomic.Int32
		var one atomic.Int64
		var wait sync.WaitGroup
		for range 30 {
			wait.Go(func() {
				use := limit.NewUse()
				u, err := s.Use(t.Context(), "session", use, 10, until)
				if err != nil {
					t.Error(err)
				}
				if u.Allowed {
					allowed.Add(1)
					one.Store(int64(use))
				}
			})
		}
		wait.Wait()
		if allowed.Load() != 10 {
			t.Errorf("%s: %d of 30 uses allowed", name, allowed.Load())
		}
		for range 2 { // as a Redis is told that was slow to answer
			if err := s.GiveBack(t.Context(), "session", limit.Use(one.Load())); err != nil {
				t.Error(err)
			}
		}
		for _, want := range []limit.Usage{{Allowed: true}, {}} {
			if u, err := s.Use(t.Context(), "session", limit.NewUse(), 10, until); err != nil || u != want {
				t.Errorf("%s: after one was given back: %+v, %v", name, u, err)
			}
		}
		if u, err := s.Use(t.Context(), "over", limit.NewUse(), 10, time.Now().Add(-time.Second)); err != nil || u.Allowed {
			t.Errorf("%s: a use after the end: %+v, %v", name, u, err)
		}
		if err := s.GiveBack(t.Context(), "unknown", limit.NewUse()); err != nil {
			t.Error(err)
		}
		if u, err := s.Use(t.Context(), "unknown", limit.NewUse(), 1, until); err != nil || u != (limit.Usage{Allowed: true}) {
			t.Errorf("%s: giving back what was never used: %+v, %v", name, u, err)
		}
	}
}

func TestCountsAreForgottenAtTheirEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit.NewMemory()
		for range 3 {
			until := time.Now().Add(time.Minute)
			for i := range 2 {
				if u, _ := m.Use(t.Context(), "session", limit.NewUse(), 1, until); u.Allowed != (i == 0) {
					t.Errorf("use %d: %+v", i, u)
				}
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	m := limit.NewMemory()
	hour := time.Now().Add(time.Hour)
	for i := range 400_000 {
		key := fmt.Sprint(i)
		if d, err := m.Take(t.Context(), key, limit.Per(1, time.Hour)); err != nil || !d.Allowed {
			t.Fatal(d, err)
		}
		if u, err := m.Use(t.Context(), key, limit.NewUse(), 1, hour); err != nil || !u.Allowed {
			t.Fatal(u, err)
		}
	}
	if n := m.Keys(); n > 2*32*8192 {
		t.Errorf("%d keys are held", n)
	}
}

// TestWhatIsOverIsForgotten: a server's memory is of the sessions of the last minutes, not of all since it began.
func TestWhatIsOverIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit.NewMemory()
		for i := range 50_000 {
			time.Sleep(time.Second)
			key := fmt.Sprint(i)
			if d, err := m.Take(t.Context(), key, limit.Per(1, time.Minute)); err != nil || !d.Allowed {
				t.Fatal(d, err)
			}
			if u, err := m.Use(t.Context(), key, limit.NewUse(), 1, time.Now().Add(15*time.Minute)); err != nil || !u.Allowed {
				t.Fatal(u, err)
			}
		}
		if n := m.Keys(); n > 10_000 {
			t.Errorf("%d keys are held, of 960 that count", n)
		}
	})
}

func TestAddressesGroup(t *testing.T) {
	for _, c := range []struct{ addr, want string }{
		{"192.0.2.7", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::1%eth0", "2001:db8:1:2::/64"},
	} {
		if got := limit.AddressKey(netip.MustParseAddr(c.addr)); got != c.want {
			t.Errorf("%s is counted as %s", c.addr, got)
		}
	}
}

func TestRedisURLIsNeverRepeated(t *testing.T) {
	for _, url := range []string{"localhost:6379", "http://user:hunter2@host", "redis://user:hunter2@host:port:x/0"} {
		_, err := limit.NewRedis(url)
		if err == nil || !strings.Contains(err.Error(), "REDIS_URL") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %v", err)
		}
	}
}
