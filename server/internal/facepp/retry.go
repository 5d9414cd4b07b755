package facepp

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"

	"ocrbankcard/internal/cardpp"
)

// maxAttempts bounds the requests that one call may cost where the upstream or the way to it fails. Attempts that met
// the QPS limit don't count: they cost the upstream nothing, and only time ends them.
const maxAttempts = 4

// Pauses are drawn from 0 to firstPause, doubled with each further attempt up to longestPause.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 2 * time.Second
)

// fullJitter spreads the retries of many callers evenly (Brooker, "Exponential Backoff And Jitter", AWS 2015).
type fullJitter struct {
	pause time.Duration
	draw  func(below time.Duration) time.Duration // evenly, from 0; rand.N
}

func newJitter() *fullJitter { return &fullJitter{draw: rand.N[time.Duration]} }

func (j *fullJitter) Reset() { j.pause = firstPause }

func (j *fullJitter) NextBackOff() time.Duration {
	p := j.draw(j.pause)
	j.pause = min(2*j.pause, longestPause)
	return p
}

// callWithRetries attempts a call until it is answered, or another attempt can't help or can't end in time.
func (c *Client) callWithRetries(ctx context.Context, f *flight) (cardpp.Answer, error) {
	r := &retries{client: c, flight: f}
	attempt := func() (cardpp.Answer, error) { return r.attempt(ctx) }
	options := []backoff.RetryOption{
		backoff.WithBackOff(newJitter()),
		backoff.WithMaxElapsedTime(c.config.Budget),
	}
	if end, ok := ctx.Deadline(); ok {
		options[1] = backoff.WithMaxElapsedTime(max(1, time.Until(end)))
	}
	answer, err := backoff.Retry(ctx, attempt, options...)
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil && (r.last == nil || !r.last.Spent) && !limitedTo(ctx, r.last) { // in a pause: backoff returns the context's own error
		r.last = contextError(ctx)
	}
	return answer, r.outcome()
}

// retries counts what a call has cost.
type retries struct {
	client   *Client
	flight   *flight
	sent     int
	failures int    // of those sent, all but the limited
	last     *Error // of the last attempt that reached for the upstream
}

func (r *retries) attempt(ctx context.Context) (cardpp.Answer, error) {
	answer, err := r.client.attempt(ctx, r.flight, r.last)
	if r.last != nil && !notAsked(err) {
		r.client.config.Observer.Retried(r.last.Kind)
	}
	if err == nil {
		return answer, nil
	}
	e := asError(err)
	if notAsked(e) {
		if r.last == nil { // else what came before tells the caller more
			r.last = e
		}
		return answer, backoff.Permanent(e)
	}
	r.sent++
	if limitedTo(ctx, r.last) {
		return answer, backoff.Permanent(e)
	}
	r.last = e
	if e.Kind != Limited {
		r.failures++
	}
	if !e.Kind.retryable() || r.failures == maxAttempts || ctx.Err() != nil {
		return answer, backoff.Permanent(e)
	}
	return answer, e
}

// limitedTo reports whether the last attempt met the QPS limit, and the call's time is up: that tells the caller more than how far
// another one came.
func limitedTo(ctx context.Context, last *Error) bool {
	return last != nil && last.Kind == Limited && errors.Is(ctx.Err(), context.DeadlineExceeded)
}

// notAsked tells the refusals that come before any request.
func notAsked(err error) bool {
	kind := kindOfError(err)
	return kind == QueueFull || kind == BreakerOpen
}

func (r *retries) outcome() *Error {
	r.last.Attempts, r.last.cutShort = r.sent, r.last.Kind.retryable() && r.failures < maxAttempts
	if r.last.Kind == Limited {
		r.last.RetryAfter = time.Second
	}
	return r.last
}
