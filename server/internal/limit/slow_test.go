package limit_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestARedisTooSlowToBeUsedIsAway: one that answers, but after each place in the schedule is over, loses no call; each replica
// goes on by itself, until Redis is quick again.
func TestARedisTooSlowToBeUsedIsAway(t *testing.T) {
	server := limittest.StartRedis(t)
	var delay atomic.Int64
	delay.Store(int64(300 * time.Millisecond))
	var log lines
	f := limit.NewFailover(newRedis(t, "redis://"+slowWay(t, strings.TrimPrefix(server.URL, "redis://"), &delay)), slog.New(slog.NewTextHandler(&log, nil)), nil)
	defer f.Close()
	q := newQueue(t, limit.QueueConfig{Limiter: f, QPS: 200})
	for range 10 {
		turn, err := q.Join(t.Context(), time.Now().Add(8*time.Second))
		if err == nil {
			err = turn.Wait(t.Context())
		}
		if err != nil {
			t.Fatalf("a call was lost: %v", err)
		}
	}
	time.Sleep(1500 * time.Millisecond) // Redis is asked again, and is as slow
	if n := log.count(""); n != 1 || !f.Away() {
		t.Errorf("%d lines, away %v:\n%s", n, f.Away(), &log.buf)
	}
	delay.Store(0)
	for end := time.Now().Add(10 * time.Second); f.Away(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the return wasn't noticed")
		}
	}
}

// slowWay passes what is sent to an address on, and answers back after a delay.
func slowWay(t *testing.T, to string, delay *atomic.Int64) (at string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			go func() {
				io.Copy(far, near) // ends when either side has gone, which is all there is to know
				far.Close()
			}()
			go func() {
				answers := make([]byte, 64<<10)
				for {
					n, err := far.Read(answers)
					time.Sleep(time.Duration(delay.Load()))
					if _, failed := near.Write(answers[:n]); err != nil || failed != nil {
						near.Close()
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// tooSlow counts how often a limiter was told that it is too slow.
type tooSlow struct {
	delayed
	told atomic.Int32
}

func (s *tooSlow) TooSlow() { s.told.Add(1) }

// TestALimiterFarAwayIsNotTooSlow where the places lie so far apart that one in time can be had.
func TestALimiterFarAwayIsNotTooSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := &tooSlow{delayed: delayed{limit.NewMemory(), 300 * time.Millisecond}}
		q := newQueue(t, limit.QueueConfig{Limiter: far, QPS: 2})
		for range 20 {
			turn, err := q.Join(context.Background(), time.Now().Add(8*time.Second))
			if err == nil {
				err = turn.Wait(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second) // so that the schedule is empty each time
		}
		if n := far.told.Load(); n != 0 {
			t.Errorf("told %d times", n)
		}
	})
}
