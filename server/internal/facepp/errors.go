package facepp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
)

// Kind says what went wrong, finer than the contract does: a metric's label.
type Kind string

// The kinds. None is success.
const (
	None Kind = ""

	// Rows of the contract's table, as the upstream answered them.
	Picture     Kind = "picture"     // format, pixel size, file size
	Arguments   Kind = "arguments"   // missing, bad or coexisting ones
	Credentials Kind = "credentials" // AUTHENTICATION_ERROR
	Denied      Kind = "denied"      // AUTHORIZATION_ERROR
	Limited     Kind = "limited"     // CONCURRENCY_LIMIT_EXCEEDED
	NotFound    Kind = "not_found"   // API_NOT_FOUND
	Server      Kind = "server"      // 500
	Gateway     Kind = "gateway"     // 502, 503, 504

	// What an upstream should never answer.
	Unexpected Kind = "unexpected" // another status, an unknown error, a redirect
	Malformed  Kind = "malformed"  // an answer that isn't the contract's JSON
	TooLong    Kind = "too_long"   // an answer over maxAnswer

	// No answer at all.
	DNS         Kind = "dns"
	TLS         Kind = "tls"
	Certificate Kind = "certificate"
	Refused     Kind = "refused"
	Reset       Kind = "reset" // the connection ended before the answer did
	Timeout     Kind = "timeout"
	Transport   Kind = "transport" // any other trouble on the way

	// Not asked.
	QueueFull   Kind = "queue_full"
	BreakerOpen Kind = "breaker_open"
	Cancelled   Kind = "cancelled" // by the caller
	Internal    Kind = "internal"  // a fault of this program or its limiter
)

// Error is a failed call. It unwraps to the *cardpp.Error that tells a client in the contract's words. Its own text is
// for logs: what happened, without a byte of what the upstream sent, as that may hold a card number.
type Error struct {
	Kind       Kind
	Public     *cardpp.Error
	RetryAfter time.Duration // when to try again, 0 if nothing is known
	Attempts   int           // requests sent, or tried to
	Spent      bool          // the caller left when the picture was on its way: the upstream counts it all the same
	cutShort   bool          // with more time, it would have been tried again
	cause      error         // of our own making, or a context's; nil where Public tells it all
}

func (e *Error) Error() string {
	s := fmt.Sprintf("facepp: %s: %v", e.Kind, e.Public)
	if e.Attempts > 1 {
		s += fmt.Sprintf(" after %d attempts", e.Attempts)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the contract's error and the private cause.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Public}
	}
	return []error{e.Public, e.cause}
}

// newError returns an error that a client sees as INTERNAL_ERROR.
func newError(kind Kind, cause error) *Error {
	return &Error{Kind: kind, Public: cardpp.NewError(cardpp.InternalError, ""), cause: cause}
}

// retryable lists the kinds that another attempt may cure. A limit is retried for as long as the budget lasts, the
// others at most maxAttempts times.
func (k Kind) retryable() bool {
	switch k {
	case Limited, Server, Gateway, DNS, TLS, Refused, Reset, Timeout, Transport:
		return true
	}
	return false
}

// statusError turns an answer that isn't 200 into an error. Only the contract's own words get through: an answer that
// isn't the contract's JSON is told by its status.
func statusError(status int, message string) *Error {
	public := cardpp.ParseMessage(status, message)
	if status == http.StatusRequestEntityTooLarge { // plain text or a proxy's HTML, never JSON
		public = cardpp.NewError(cardpp.EntityTooLarge, "")
	}
	kind := kindOf(public)
	switch {
	case kind != Unexpected:
		public.Detail = harmless(public.Detail)
		return &Error{Kind: kind, Public: public}
	case status == http.StatusNotFound:
		return &Error{Kind: NotFound, Public: cardpp.NewError(cardpp.APINotFound, "")}
	case status == http.StatusInternalServerError:
		kind = Server
	case status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout:
		kind = Gateway
	}
	return newError(kind, fmt.Errorf("status %d", status))
}

// kindOf tells the row of the contract's table, Unexpected where code and status make none.
func kindOf(e *cardpp.Error) Kind {
	if cardpp.Status(e.Code) != e.Status {
		return Unexpected
	}
	switch e.Code {
	case cardpp.UnsupportedFormat, cardpp.InvalidImageSize, cardpp.InvalidImageURL, cardpp.FileTooLarge,
		cardpp.DownloadTimeout, cardpp.EntityTooLarge:
		return Picture
	case cardpp.MissingArguments, cardpp.BadArguments, cardpp.Coexistence:
		return Arguments
	case cardpp.AuthenticationError:
		return Credentials
	case cardpp.AuthorizationError:
		return Denied
	case cardpp.ConcurrencyLimit:
		return Limited
	case cardpp.APINotFound:
		return NotFound
	case cardpp.InternalError:
		return Server
	}
	return Unexpected
}

// harmless passes the details that the contract knows: names of parameters and reasons. Anything else might echo what
// was sent or read.
func harmless(detail string) string {
	switch detail {
	case cardpp.DeniedByClient, cardpp.DeniedByAdmin, cardpp.InsufficientBalance:
		return detail
	}
	for name := range strings.SplitSeq(detail, ", ") {
		switch name {
		case cardpp.ParamKey, cardpp.ParamSecret, cardpp.ParamFile, cardpp.ParamBase64, cardpp.ParamURL:
		default:
			return ""
		}
	}
	return detail
}

// contextError tells why a context ended.
func contextError(ctx context.Context) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return newError(Timeout, context.DeadlineExceeded)
	}
	return newError(Cancelled, context.Canceled)
}

// kindOfError is None for no error.
func kindOfError(err error) Kind {
	if err == nil {
		return None
	}
	return asError(err).Kind
}

// asError finds the *Error in what a call returned.
func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return newError(Internal, err)
}
