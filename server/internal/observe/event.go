// Package observe tells what the server does: one Event a call, from which the log line and the metrics are made, so
// that both say the same. So it is with requests for sessions. An Event has no field for a card number, a file, an address
// of a picture or a credential.
package observe

import (
	"context"
	"net/http"
	"time"

	"ocrbankcard/server/internal/ids"
)

// Event is what is known of one call. The handler's stages fill it in; it belongs to one goroutine.
type Event struct {
	RequestID string
	Trace     Trace
	Start     time.Time
	Route     string // the pattern that matched, never the path as sent
	Method    string

	Caller     string // kind of caller
	Merchant   string // who has opened, or asked for, a session
	LimitedOn  string // what the limit is on that refused the call: one of the On… names
	Param      string // parameter that the picture came by
	Format     string
	Bytes      int // of the picture
	Width      int
	Height     int
	Recognizer string
	Cards      int

	Received   time.Duration // until the body was in
	Recognized time.Duration // inside the recognizer, waiting included
	Total      time.Duration

	Status  int
	Outcome string // "card", "no_card", CallerGone, or the contract's code of the error; of a session, "opened" or the status' text
	Cause   error  // what lies behind a fault; its text must be fit for a log
}

// Begin is the event of a request that comes in now.
func Begin(r *http.Request) *Event {
	now := time.Now()
	return &Event{
		RequestID: ids.Request(now), Trace: ParseTrace(r.Header.Get("Traceparent")),
		Start: now, Method: r.Method, Route: r.Pattern,
	}
}

// CallerGone is the outcome of a call whose caller didn't wait for the answer.
const CallerGone = "caller_gone"

// What limits on callers are on.
const (
	OnAddress = "address"
	OnKey     = "key"
	OnSession = "session"
)

type key struct{}

// With returns a context that carries e.
func With(ctx context.Context, e *Event) context.Context { return context.WithValue(ctx, key{}, e) }

// From returns the event of a context, or one that nobody will see.
func From(ctx context.Context) *Event {
	if e, ok := ctx.Value(key{}).(*Event); ok {
		return e
	}
	return &Event{}
}
