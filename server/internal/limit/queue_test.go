package limit_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/server/internal/limit"
)

func newQueue(t *testing.T, c limit.QueueConfig) *limit.Queue {
	t.Helper()
	if c.Limiter == nil {
		c.Limiter = limit.NewMemory()
	}
	q, err := limit.NewQueue(c)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func far() time.Time { return time.Now().Add(time.Hour) }

// TestNoSecondHoldsMoreThanTheQPS lets callers come at random through several queues that share a limiter, as replicas
// do, and counts as the upstream would. The limiter answers late, those whose turn has come are held up for longer than
// they may be, and each call is on its way for up to what Slack leaves to the network.
func TestNoSecondHoldsMoreThanTheQPS(t *testing.T) {
	for _, c := range []struct {
		qps   float64
		calls int
	}{{0.5, 10}, {1, 20}, {3, 60}, {20, 400}, {100, 2000}} {
		synctest.Test(t, func(t *testing.T) {
			shared := &slowLimiter{Limiter: limit.NewMemory(), upTo: 60 * time.Millisecond}
			var arrivals times
			var wait sync.WaitGroup
			for replica := range 3 {
				q := newQueue(t, limit.QueueConfig{Limiter: shared, QPS: c.qps, MaxWait: time.Hour})
				r := rand.New(rand.NewPCG(1, uint64(replica)))
				for range c.calls / 3 {
					start := time.Duration(r.Float64() * float64(c.calls) / c.qps / 2 * float64(time.Second))
					way := time.Duration(r.Float64() * float64(limit.Slack-limit.Lateness))
					heldUp := time.Duration(r.Float64() * 2 * float64(limit.Lateness))
					leaves := r.IntN(10) == 0
					wait.Go(func() {
						time.Sleep(start)
						turn, err := q.Join(t.Context(), far())
						if err != nil {
							t.Error(err)
							return
						}
						if leaves {
							turn.Leave()
							return
						}
						if err := turn.Wait(t.Context()); err != nil {
							t.Error(err)
						}
						time.Sleep(heldUp)
						if err := turn.Wait(t.Context()); err != nil { // again, if it was too long
							t.Error(err)
						}
						time.Sleep(way)
						arrivals.add(time.Now())
					})
				}
			}
			wait.Wait()
			window, want := time.Second, int(c.qps)
			if c.qps < 1 {
				window, want = time.Duration(float64(time.Second)/c.qps), 1
			}
			if got := arrivals.most(window); got > want {
				t.Errorf("%v a second: %d arrived within %v", c.qps, got, window)
			}
		})
	}
}

type times struct {
	mu  sync.Mutex
	all []time.Time
}

func (a *times) add(t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, t)
}

// most counts the obvious way: from each arrival on.
func (a *times) most(window time.Duration) int {
	most := 0
	for _, from := range a.all {
		n := 0
		for _, t := range a.all {
			if d := t.Sub(from); d >= 0 && d < window {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t, limit.QueueConfig{QPS: 2, MaxWait: time.Hour})
		var order []int
		var mu sync.Mutex
		var wait sync.WaitGroup
		for i := range 20 {
			turn, err := q.Join(t.Context(), far())
			if err != nil {
				t.Fatal(err)
			}
			if i%5 == 4 {
				turn.Leave() // those behind move up
				continue
			}
			wait.Go(func() {
				if err := turn.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait()
		}
		start := time.Now()
		wait.Wait()
		if !slices.IsSorted(order) || len(order) != 16 {
			t.Errorf("served in the order %v", order)
		}
		if took := time.Since(start); took != 15*550*time.Millisecond {
			t.Errorf("16 calls took %v: places were lost", took)
		}
	})
}

func TestRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := &watcher{}
		q := newQueue(t, limit.QueueConfig{QPS: 1, MaxWait: 4 * time.Second, Observer: seen})
		start := time.Now()
		for i := range 10 { // turns come at 0, 1.1, 2.2, 3.3 s
			turn, err := q.Join(t.Context(), far())
			if err == nil {
				go turn.Wait(t.Context())
				synctest.Wait()
			}
			refused, ok := errors.AsType[*limit.Refused](err)
			if ok != (i >= 4) {
				t.Fatalf("call %d: %v", i, err)
			}
			if ok && (refused.RetryAfter <= 0 || refused.RetryAfter > 1100*time.Millisecond) {
				t.Errorf("call %d is to come again in %v", i, refused.RetryAfter)
			}
		}
		if _, err := q.Join(t.Context(), time.Now().Add(time.Second)); err == nil {
			t.Error("a call got in whose deadline its turn can't meet")
		}
		if _, err := q.Join(t.Context(), time.Now().Add(-time.Second)); err == nil {
			t.Error("a call got in whose deadline has passed")
		}
		if time.Since(start) != 0 {
			t.Error("refusals took time")
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if seen.refused != 8 || seen.waited != 4 || seen.longest != 3 || seen.waiting != 0 {
			t.Errorf("observed %+v", *seen)
		}
	})
}

type watcher struct{ waiting, longest, waited, refused, missed int }

func (w *watcher) Waiting(n int)         { w.waiting, w.longest = n, max(w.longest, n) }
func (w *watcher) Waited(time.Duration)  { w.waited++ }
func (w *watcher) Refused(time.Duration) { w.refused++ }
func (w *watcher) Missed()               { w.missed++ }

func TestAGivenUpPlaceIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t, limit.QueueConfig{QPS: 1})
		ctx, leave := context.WithCancel(t.Context())
		join := func() *limit.Turn {
			turn, err := q.Join(t.Context(), far())
			if err != nil {
				t.Fatal(err)
			}
			return turn
		}
		start := time.Now()
		if err := join().Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		second, third := join(), join()
		go leave()
		if err := second.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("the one who left got %v", err)
		}
		if err := third.Wait(t.Context()); err != nil || time.Since(start) != 1100*time.Millisecond {
			t.Errorf("the third was served after %v, error %v", time.Since(start), err)
		}
		if err := join().Wait(t.Context()); err != nil || time.Since(start) != 2200*time.Millisecond || q.Spare() != 0 {
			t.Errorf("the fourth was served after %v, error %v", time.Since(start), err)
		}
	})
}

// TestTurnsGoToThoseWhoAreReady: a call that is still connecting holds nobody up, and calls that become ready all at
// once, when their places have passed, are not let go all at once.
func TestTurnsGoToThoseWhoAreReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t, limit.QueueConfig{QPS: 1, MaxWait: time.Hour})
		var turns []*limit.Turn
		for range 5 {
			turn, err := q.Join(t.Context(), far())
			if err != nil {
				t.Fatal(err)
			}
			turns = append(turns, turn)
		}
		start := time.Now()
		if err := turns[4].Wait(t.Context()); err != nil || time.Since(start) != 0 {
			t.Errorf("the only one who was ready went after %v, error %v", time.Since(start), err)
		}
		time.Sleep(10 * time.Second)
		late := time.Now()
		for i, turn := range turns[:4] {
			want := time.Duration(i) * 1100 * time.Millisecond
			if err := turn.Wait(t.Context()); err != nil || time.Since(late) != want {
				t.Errorf("call %d went after %v, error %v", i, time.Since(late), err)
			}
		}
	})
}

func TestQPSMustMakeSense(t *testing.T) {
	for _, qps := range []float64{0, -1, 2e6} {
		if _, err := limit.NewQueue(limit.QueueConfig{Limiter: limit.NewMemory(), QPS: qps}); err == nil {
			t.Errorf("a QPS of %v is taken", qps)
		}
	}
}

// brokenLimiter stands for one whose context ended.
type brokenLimiter struct{ error }

func (b brokenLimiter) Take(context.Context, string, limit.Rate) (limit.Decision, error) {
	return limit.Decision{}, b.error
}

func TestLimiterErrorsPass(t *testing.T) {
	want := errors.New("broken")
	q := newQueue(t, limit.QueueConfig{Limiter: brokenLimiter{want}, QPS: 1})
	if _, err := q.Join(t.Context(), far()); err != want {
		t.Errorf("error %v", err)
	}
}
