package gateway

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/ids"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
)

// writeResult writes a success in the contract's JSON. What the contract has no field for goes into headers.
func writeResult(w http.ResponseWriter, e *observe.Event, r recognizer.Result, v1 bool) {
	a := cardpp.Answer{Cards: r.Cards, ImageID: r.ImageID, RequestID: e.RequestID, TimeUsed: timeUsed(e)}
	if a.ImageID == "" {
		a.ImageID = ids.Image()
	}
	if !v1 { // the beta document has neither
		a.Cards = slices.Clone(a.Cards) // callers with equal pictures share them
		for i := range a.Cards {
			a.Cards[i].Bank, a.Cards[i].Organization = "", nil
		}
	}
	h := w.Header()
	h.Set("X-Recognizer", r.By)
	if len(r.Digits) > 0 {
		h.Set("X-Confidence", decimal(r.Confidence, 3))
		h.Set("X-Digit-Confidence", decimals(r.Digits))
	}
	e.Status, e.Cards, e.Outcome = http.StatusOK, len(a.Cards), "card"
	if len(a.Cards) == 0 {
		e.Outcome = "no_card"
	}
	writeBody(w, e, "application/json", a.AppendJSON(nil))
	e.Total = time.Since(e.Start)
}

// writeError writes any error as one of the contract's.
func writeError(w http.ResponseWriter, r *http.Request, e *observe.Event, err error) {
	known := public(err)
	e.Status, e.Outcome = known.Status, known.Code
	if known.Code == cardpp.InternalError {
		e.Cause = err
	}
	if r.Context().Err() != nil {
		e.Outcome = observe.CallerGone
	}
	if known.Code == cardpp.ConcurrencyLimit {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter(err)))
	}
	contentType, body := "application/json", []byte(nil)
	if known.Code == cardpp.EntityTooLarge { // the one error that is plain text
		contentType, body = "text/plain; charset=utf-8", []byte(known.Message())
	} else {
		body = cardpp.AppendErrorJSON(nil, known, e.RequestID, timeUsed(e))
	}
	e.Total = time.Since(e.Start) // what is read of its body from now on is none of its time
	early := answerEarly(w, r)
	writeBody(w, e, contentType, body)
	early()
}

// public is what the caller is told of an error: the contract's own as they are, everything else INTERNAL_ERROR.
func public(err error) *cardpp.Error {
	var fault *recognizer.Fault
	var known *cardpp.Error
	switch {
	case errors.As(err, &fault):
	case errors.As(err, &known):
		return cardpp.NewError(known.Code, known.Detail)
	}
	return cardpp.NewError(cardpp.InternalError, "")
}

func writeBody(w http.ResponseWriter, e *observe.Event, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(e.Status)
	w.Write(body)                         // a caller that has gone can't be told
	http.NewResponseController(w).Flush() // so that it doesn't wait for the log
}

// timeUsed is in whole milliseconds, as the contract wants it.
func timeUsed(e *observe.Event) int { return int(time.Since(e.Start) / time.Millisecond) }

// retryAfter is in whole seconds, at least one.
func retryAfter(err error) int {
	var upstream *facepp.Error
	var tooOften *limited
	var after time.Duration
	switch {
	case errors.As(err, &upstream):
		after = upstream.RetryAfter
	case errors.As(err, &tooOften):
		after = tooOften.after
	}
	return max(1, int(math.Ceil(after.Seconds())))
}

func decimal(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }

func decimals(v []float64) string {
	s := make([]string, len(v))
	for i := range v {
		s[i] = decimal(v[i], 2)
	}
	return strings.Join(s, ",")
}
