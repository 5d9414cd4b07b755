package gateway

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestTheCrowdIsLetInByFew: three at a time, the next when one leaves, takes long to send, or waits for its answer; in the
// order of coming.
func TestTheCrowdIsLetInByFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(3)
		start := time.Now()
		var mu sync.Mutex
		var began []time.Duration
		var order []int // in threes: those of one moment run in any order
		come := func(i int, sends, stays time.Duration) {
			go func() {
				v, err := c.enter(t.Context())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				began, order = append(began, time.Since(start)), append(order, i/3)
				mu.Unlock()
				time.Sleep(sends)
				v.received()
				time.Sleep(stays)
				v.end()
			}()
			synctest.Wait()
		}
		for i := range 6 {
			come(i, time.Hour, 0) // senders that are slow
		}
		for i := range 3 {
			come(6+i, time.Millisecond, time.Hour) // waiting for long
		}
		for i := range 4 {
			come(9+i, 0, time.Millisecond) // quick ones
		}
		time.Sleep(time.Second)
		synctest.Wait()
		ms := time.Millisecond
		// The timer comes every 2 ms.
		want := []time.Duration{0, 0, 0, 10 * ms, 10 * ms, 10 * ms, 20 * ms, 20 * ms, 20 * ms, 24 * ms, 24 * ms, 24 * ms, 25 * ms}
		if !slices.Equal(began, want) {
			t.Errorf("began after %v", began)
		}
		if !slices.IsSorted(order) {
			t.Errorf("in the order %v", order)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if len(c.in)+len(c.waiting) > 0 || c.armed {
			t.Errorf("%d are in, %d wait, armed %v", len(c.in), len(c.waiting), c.armed)
		}
	})
}

// TestWhoLeavesTheLineHoldsNobodyUp: a caller that goes while it waits is forgotten.
func TestWhoLeavesTheLineHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		first, err := c.enter(t.Context())
		first.until = time.Now().Add(time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		second, err := c.enter(ctx)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		second.end()
		first.end()
		start := time.Now()
		if _, err := c.enter(t.Context()); err != nil || time.Since(start) > 0 {
			t.Errorf("let in after %v, error %v", time.Since(start), err)
		}
	})
}
