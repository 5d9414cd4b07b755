package facepp_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// gate lets a test hold answers back.
type gate chan struct{}

func (g gate) answer(facepptest.Call) facepptest.Reply {
	<-g
	return facepptest.Success(cardpp.Answer{ImageID: "held"})
}

func TestEqualPicturesShareOneCall(t *testing.T) {
	held := make(gate)
	u := &facepptest.Upstream{Answer: held.answer}
	shared := make(counter, 100)
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Observer = shared })
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			if a, err := client.Recognize(t.Context(), picture(t, 7)); err != nil || a.ImageID != "held" {
				t.Errorf("answer %q, error %v", a.ImageID, err)
			}
		})
	}
	wait.Go(func() {
		if _, err := client.Recognize(t.Context(), picture(t, 8)); err != nil {
			t.Error(err)
		}
	})
	// Both pictures have arrived and all callers had time to join; one that comes late would make a call of its own,
	// which closing the gate answers.
	for client.Waiting() < 6 {
		time.Sleep(time.Millisecond)
	}
	close(held)
	wait.Wait()
	if n := len(u.Calls()); n != 2 {
		t.Errorf("%d calls for two pictures", n)
	}
	if len(shared) != 4 {
		t.Errorf("%d calls were told as shared", len(shared))
	}
}

// counter counts shared calls.
type counter chan struct{}

func (c counter) Shared()                            { c <- struct{}{} }
func (counter) Called(facepp.Kind, time.Duration)    {}
func (counter) Attempted(facepp.Kind, time.Duration) {}
func (counter) Retried(facepp.Kind)                  {}
func (counter) Breaker(string)                       {}

func TestTheFirstCallerMayLeave(t *testing.T) {
	held := make(gate)
	u := &facepptest.Upstream{Answer: held.answer}
	client := newClient(t, serve(t, u))
	first, leave := context.WithCancel(t.Context())
	gone, answered := make(chan error), make(chan error)
	go func() { _, err := client.Recognize(first, picture(t, 7)); gone <- err }()
	for client.Waiting() < 1 {
		time.Sleep(time.Millisecond)
	}
	go func() { _, err := client.Recognize(t.Context(), picture(t, 7)); answered <- err }()
	for client.Waiting() < 2 {
		time.Sleep(time.Millisecond)
	}
	leave()
	for client.Left() < 1 {
		time.Sleep(time.Millisecond)
	}
	close(held)
	if err := <-gone; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("the one who left got %v", err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the one who stayed got %v", err)
	}
	if calls := u.Calls(); len(calls) != 1 || !bytes.Equal(calls[0].File, picture(t, 7)) {
		t.Errorf("%d calls", len(calls))
	}
}

func TestACallNobodyWaitsForIsGivenUp(t *testing.T) {
	held := make(gate)
	defer close(held)
	client := newClient(t, serve(t, &facepptest.Upstream{Answer: held.answer}))
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := client.Recognize(ctx, picture(t, 7)); done <- err }()
	for client.Waiting() < 1 {
		time.Sleep(time.Millisecond)
	}
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for client.Flying() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// TestWhoJoinedLateHasItsOwnTime: the call that it joined met the QPS limit until its time was up, which ends no sooner for that.
func TestWhoJoinedLateHasItsOwnTime(t *testing.T) {
	t.Parallel()
	const budget = 2 * time.Second
	var over atomic.Bool
	u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply {
		if !over.Load() { // others with the same key had all of its QPS
			return facepptest.Failure(cardpp.ConcurrencyLimit, "")
		}
		return facepptest.Success(cardpp.Answer{ImageID: "late"})
	}}
	shared := make(counter, 100)
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Budget, c.Observer = budget, shared })
	first := make(chan error, 1)
	go func() {
		_, err := client.Recognize(t.Context(), picture(t, 7))
		over.Store(true)
		first <- err
	}()
	for client.Waiting() < 1 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(budget / 4)
	answer, err := client.Recognize(t.Context(), picture(t, 7))
	if err != nil || answer.ImageID != "late" || len(shared) != 1 {
		t.Errorf("answer %q, error %v; %d calls were shared", answer.ImageID, err, len(shared))
	}
	checkFault(t, <-first, facepp.Limited, cardpp.NewError(cardpp.ConcurrencyLimit, ""))
}
