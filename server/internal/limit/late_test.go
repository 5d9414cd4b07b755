package limit_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/server/internal/limit"
)

// TestAMissedTurnComesAgain: a call that wasn't let run when its turn came keeps its rank for the next one, and the schedule
// loses what was missed.
func TestAMissedTurnComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := &watcher{}
		q := newQueue(t, limit.QueueConfig{QPS: 1, Observer: seen})
		var turns []*limit.Turn
		for range 3 {
			turn, err := q.Join(t.Context(), far())
			if err != nil {
				t.Fatal(err)
			}
			turns = append(turns, turn)
		}
		start := time.Now()
		wait := func(turn *limit.Turn, want time.Duration) {
			t.Helper()
			if err := turn.Wait(t.Context()); err != nil || time.Since(start) != want {
				t.Errorf("went after %v, not %v, error %v", time.Since(start), want, err)
			}
		}
		wait(turns[0], 0)
		time.Sleep(limit.Lateness)
		wait(turns[0], limit.Lateness) // just in time
		time.Sleep(time.Nanosecond)
		var others sync.WaitGroup
		others.Go(func() { turns[1].Wait(t.Context()) })
		synctest.Wait()
		wait(turns[0], 1100*time.Millisecond) // the second place
		others.Wait()
		if took := time.Since(start); took != 2200*time.Millisecond {
			t.Errorf("the one behind went after %v", took)
		}
		wait(turns[2], 3300*time.Millisecond)
		synctest.Wait()
		if seen.missed != 1 || seen.waited != 5 {
			t.Errorf("observed %+v", *seen)
		}
	})
}

// TestAMissedTurnThatCannotComeAgain: it is refused, not left to wait for what can't be.
func TestAMissedTurnThatCannotComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t, limit.QueueConfig{QPS: 1})
		turn, err := q.Join(t.Context(), time.Now().Add(time.Second))
		if err == nil {
			err = turn.Wait(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(limit.Lateness + 1)
		err = turn.Wait(t.Context()) // the next place comes after 1.1 s
		if refused, ok := errors.AsType[*limit.Refused](err); !ok || refused.RetryAfter <= 0 {
			t.Errorf("error %v", err)
		}
	})
}

// TestAMissedTurnThatComesTooLate: where others have taken all places up to then, the call is refused as soon as that is
// known, though one that came after it here has a place. That one keeps it.
func TestAMissedTurnThatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared, seen := limit.NewMemory(), &watcher{}
		q := newQueue(t, limit.QueueConfig{Limiter: shared, QPS: 1, Observer: seen})
		other := newQueue(t, limit.QueueConfig{Limiter: shared, QPS: 1})
		start := time.Now()
		join := func(q *limit.Queue, latest time.Duration) *limit.Turn {
			turn, err := q.Join(t.Context(), start.Add(latest))
			if err != nil {
				t.Fatal(err)
			}
			return turn
		}
		missed := join(q, 2*time.Second)
		join(other, time.Hour)
		join(other, time.Hour)
		time.Sleep(limit.Lateness + 1)
		behind := join(q, time.Hour)
		err := missed.Wait(t.Context())
		refused, ok := errors.AsType[*limit.Refused](err)
		if want := 3300*time.Millisecond - limit.Lateness - 1; !ok || refused.RetryAfter != want || time.Since(start) != limit.Lateness+1 {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
		if err := behind.Wait(t.Context()); err != nil || time.Since(start) != 3300*time.Millisecond {
			t.Errorf("the one behind went after %v, error %v", time.Since(start), err)
		}
		if synctest.Wait(); seen.missed != 1 || seen.refused != 1 || seen.waiting != 0 {
			t.Errorf("observed %+v", *seen)
		}
	})
}

// TestALimiterThatIsAlwaysSlow, though evenly, as one far away is, costs no places once its way is known.
func TestALimiterThatIsAlwaysSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := &watcher{}
		far := delayed{limit.NewMemory(), 80 * time.Millisecond}
		q := newQueue(t, limit.QueueConfig{Limiter: far, QPS: 10, MaxWait: time.Hour, Observer: seen})
		for range 50 {
			turn, err := q.Join(t.Context(), time.Now().Add(time.Hour))
			if err == nil {
				err = turn.Wait(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if seen.missed != 1 {
			t.Errorf("%d places were missed", seen.missed)
		}
	})
}

// delayed answers after a time, half of it on the way there.
type delayed struct {
	limit.Limiter
	by time.Duration
}

func (d delayed) Take(ctx context.Context, key string, r limit.Rate) (limit.Decision, error) {
	time.Sleep(d.by / 2)
	defer time.Sleep(d.by / 2)
	return d.Limiter.Take(ctx, key, r)
}

// slowLimiter takes up to a time for an answer, part of it before it decides, part of it after.
type slowLimiter struct {
	limit.Limiter
	upTo time.Duration
}

func (s *slowLimiter) Take(ctx context.Context, key string, r limit.Rate) (limit.Decision, error) {
	time.Sleep(rand.N(s.upTo) / 2)
	d, err := s.Limiter.Take(ctx, key, r)
	time.Sleep(rand.N(s.upTo) / 2)
	return d, err
}

// early is a limiter whose schedule began anew, as when Redis has lost it: its second place comes too soon.
type early struct{ taken int }

func (e *early) Take(context.Context, string, limit.Rate) (limit.Decision, error) {
	e.taken++
	return limit.Decision{Allowed: true, Wait: time.Duration(e.taken-1) * 80 * time.Millisecond}, nil
}

// TestNoTurnComesTooSoon: whatever the limiter says, an interval lies between two turns of one process.
func TestNoTurnComesTooSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t, limit.QueueConfig{Limiter: &early{}, QPS: 10})
		start := time.Now()
		var turns []*limit.Turn
		for range 2 {
			turn, err := q.Join(t.Context(), far())
			if err != nil {
				t.Fatal(err)
			}
			turns = append(turns, turn)
		}
		for i, want := range []time.Duration{0, 110 * time.Millisecond} {
			if err := turns[i].Wait(t.Context()); err != nil || time.Since(start) != want {
				t.Errorf("went after %v, not %v, error %v", time.Since(start), want, err)
			}
		}
	})
}
