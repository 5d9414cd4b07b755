// Package facepp calls Face++'s OCR Bank Card API: the only code that knows the key and the secret. They travel in the
// request's body and appear in no error, log or printed value.
//
// A call waits for its turn under the key's QPS, is tried again where that may help, and shares its answer with calls
// for the same picture at the same time. There is no hedging: under a QPS limit it would spend what others wait for.
package facepp

import (
	"context"
	"errors"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit"
)

// Client calls the API. It is safe for concurrent use.
type Client struct {
	config   Config
	beta, v1 *url.URL     // to call; the same where the endpoint is of neither's path
	lost     atomic.Int64 // when v1 was last not found, in Unix nanoseconds
	form     atomic.Pointer[form]
	way      way
	breaker  *gobreaker.TwoStepCircuitBreaker[struct{}]
	flights  *flights
}

// New returns a client; the error is Config.Validate's.
func New(c Config) (*Client, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	endpoint, err := url.Parse(c.Endpoint)
	if err != nil {
		return nil, err
	}
	way, err := newWay(endpoint, c)
	if err != nil {
		return nil, err
	}
	client := &Client{config: c, beta: endpoint, v1: v1Of(endpoint), way: way, breaker: newBreaker(c.Observer), flights: newFlights()}
	client.SetCredentials(c.Key, c.Secret)
	return client, nil
}

// SetCredentials changes key and secret for the calls that begin from now on, which also queue under the new key's QPS.
func (c *Client) SetCredentials(key, secret Secret) {
	if c.config.Queue != nil {
		c.config.Queue.SetKey(queueKey(key))
	}
	c.form.Store(newForm(key, secret))
}

// Close closes the idle connections.
func (c *Client) Close() { c.way.close() }

// Recognize sends a picture and returns the upstream's answer as it is; only bank_cards is sure to be there. It takes
// no longer than the context's deadline and Config.Budget allow, and refuses at once what can't be done by then. When the
// context is cancelled it returns at once, unless callers with an equal picture wait for the same answer. The file isn't
// touched after it has returned. The error is always an *Error, which unwraps to a *cardpp.Error.
func (c *Client) Recognize(ctx context.Context, file []byte) (cardpp.Answer, error) {
	start := time.Now()
	ctx, stop := context.WithTimeout(ctx, c.config.Budget) // in all, however often it joins others' calls or makes its own
	defer stop()
	endpoint := c.endpoint(ctx)
	answer, err := c.recognize(ctx, endpoint, file)
	if endpoint != c.beta && kindOfError(err) == NotFound {
		c.lost.Store(start.UnixNano())
		answer, err = c.recognize(ctx, c.beta, file)
	}
	c.config.Observer.Called(kindOfError(err), time.Since(start))
	return answer, err
}

func (c *Client) recognize(ctx context.Context, endpoint *url.URL, file []byte) (cardpp.Answer, error) {
	for ctx.Err() == nil {
		answer, err, shared := c.flights.fly(ctx, endpoint, file, c.callWithRetries)
		if !shared {
			return answer, err
		}
		c.config.Observer.Shared()
		if err == nil || !ranOutOfTime(err) {
			return answer, err
		}
		// The call we joined had begun earlier, and its time was up. Ours is not.
	}
	return cardpp.Answer{}, contextError(ctx)
}

// ranOutOfTime tells the failures of a call that one with more time needn't share.
func ranOutOfTime(err error) bool {
	e := asError(err)
	switch e.Kind {
	case Timeout, Cancelled, QueueFull:
		return true
	}
	return e.cutShort
}

// attempt makes one request: past the breaker, in its turn. last is what the one before met.
func (c *Client) attempt(ctx context.Context, f *flight, last *Error) (cardpp.Answer, error) {
	start := time.Now()
	answer, err := c.guarded(ctx, f, last)
	c.config.Observer.Attempted(kindOfError(err), time.Since(start))
	return answer, err
}

func (c *Client) guarded(ctx context.Context, f *flight, last *Error) (answer cardpp.Answer, err error) {
	report, err := c.breaker.Allow()
	if err != nil {
		return answer, c.breakerError()
	}
	defer func() {
		if err != nil && limitedTo(ctx, last) {
			report(last) // it had but the rest of a call's time: that says nothing of the upstream
			return
		}
		report(err)
	}()
	turn, err := c.join(ctx)
	if err != nil {
		return answer, err
	}
	defer turn.Leave()
	return c.exchange(ctx, f, turn)
}

func (c *Client) breakerError() *Error {
	e := newError(BreakerOpen, errors.New("the upstream failed too often of late"))
	e.RetryAfter = openFor
	return e
}

// join takes a place in the queue that leaves time for the request itself.
func (c *Client) join(ctx context.Context) (turn, error) {
	if c.config.Queue == nil {
		return noQueue{}, nil
	}
	latest := time.Now().Add(c.config.Budget)
	if end, ok := ctx.Deadline(); ok {
		latest = end.Add(-min(time.Second, time.Until(end)/4))
	}
	t, err := c.config.Queue.Join(ctx, latest)
	if err != nil {
		return nil, queueError(err)
	}
	return t, nil
}

// queueError is for what a queue returns: a refusal, a context's cause, or its limiter's trouble.
func queueError(err error) error {
	if refused, ok := errors.AsType[*limit.Refused](err); ok {
		return &Error{Kind: QueueFull, Public: cardpp.NewError(cardpp.ConcurrencyLimit, ""), RetryAfter: refused.RetryAfter, cause: refused}
	}
	return newError(Internal, err)
}

// turn is a *limit.Turn, or none.
type turn interface {
	Wait(context.Context) error
	Leave()
}

type noQueue struct{}

func (noQueue) Wait(context.Context) error { return nil }
func (noQueue) Leave()                     {}

// exchange sends the picture when its turn comes, and reads the answer. It waits with the connection made and nothing
// sent, so that little but the network's own time lies between the turn and the upstream, which counts what arrives.
// The time for an attempt begins with the turn; until then, connecting included, the call's own deadline holds.
func (c *Client) exchange(call context.Context, f *flight, t turn) (cardpp.Answer, error) {
	ctx, stop := context.WithCancelCause(call)
	defer stop(nil)
	clock := time.AfterFunc(time.Hour, func() { stop(newError(Timeout, errors.New("no answer in time"))) })
	defer clock.Stop()
	sent := false
	answer, err := c.roundTrip(ctx, f, func() error {
		defer clock.Reset(c.config.Attempt)
		err := c.await(ctx, t)
		sent = err == nil
		return err
	})
	if err == nil || ctx.Err() == nil {
		return answer, err
	}
	if e, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
		return answer, e
	}
	e := contextError(call)
	e.Spent = sent && e.Kind == Cancelled
	return answer, e
}

// await returns when the call may go, unless the upstream has failed too often since it joined the queue.
func (c *Client) await(ctx context.Context, t turn) error {
	switch err := t.Wait(ctx); {
	case err == nil:
	case ctx.Err() != nil:
		return err
	default:
		return queueError(err)
	}
	if c.breaker.State() == gobreaker.StateOpen {
		return c.breakerError()
	}
	return nil
}

func (c *Client) roundTrip(ctx context.Context, f *flight, ready func() error) (cardpp.Answer, error) {
	form := c.form.Load()
	resp, err := c.way.exchange(ctx, request{f.endpoint, form.contentType, traceparent(ctx), form.body(f.file)}, ready)
	if err != nil {
		return cardpp.Answer{}, transportError(err)
	}
	defer resp.Body.Close()
	return readAnswer(resp)
}
