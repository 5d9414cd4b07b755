package session

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"ocrbankcard/server/internal/observe"
)

// Path is where a shop's backend opens a session.
const Path = "/v1/sessions"

// maxRequestBytes bounds the body of a request; a public key is the longest part of it.
const maxRequestBytes = 4 << 10

// opened is the answer to a request for a session.
type opened struct {
	Session string    `json:"session"`
	Expires time.Time `json:"expires"`
	Scans   int       `json:"scans"`
	Read    string    `json:"read"`
	Origin  string    `json:"origin"`
}

// failed is the answer to a request that can't be served.
type failed struct {
	Error string `json:"error"`
}

// refusal is why a request isn't served, in words for whoever asks.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// ServeHTTP opens a session. It is called by backends, never by browsers: a request with an Origin header is refused,
// so that a merchant key pasted into a page is found out at once. The merchant signs in with HTTP Basic (RFC 7617),
// its id as the user and its key as the password.
func (b *Book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := observe.Begin(r)
	e.Caller, e.Status, e.Outcome = "nobody", http.StatusCreated, "opened"
	session, err := b.serve(r, e)
	var v any = session
	if err != nil {
		var text string
		e.Status, text = told(err)
		e.Outcome, e.Cause, v = http.StatusText(e.Status), err, failed{text}
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	switch e.Status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Basic realm="sessions"`)
	}
	w.WriteHeader(e.Status)
	// A client that went away can't be told so; there is nothing else to fail here.
	_ = json.NewEncoder(w).Encode(v)
	e.Total = time.Since(e.Start)
	b.Observe(e)
}

// told is what is told of an error.
func told(err error) (status int, text string) {
	var refused *refusal
	var bad *RequestError
	switch {
	case errors.As(err, &refused):
		return refused.status, refused.text
	case errors.As(err, &bad):
		return http.StatusBadRequest, bad.Error()
	}
	return http.StatusInternalServerError, "the session could not be signed"
}

// serve opens the session that a request asks for, and notes who asks once that is sure.
func (b *Book) serve(r *http.Request, e *observe.Event) (opened, error) {
	switch {
	case !b.Configured():
		return opened{}, &refusal{http.StatusNotFound, "there are no merchants here: the scanner's operator lists them in MERCHANTS"}
	case r.Method != http.MethodPost:
		return opened{}, &refusal{http.StatusMethodNotAllowed, "open a session with POST"}
	case r.Header.Get("Origin") != "":
		return opened{}, &refusal{http.StatusForbidden, "sessions are opened by the shop's backend: a page must never hold the merchant key"}
	}
	m := b.signIn(r)
	if m == nil {
		return opened{}, &refusal{http.StatusUnauthorized, "merchant id and key do not match"}
	}
	e.Caller, e.Merchant = "merchant", m.ID
	req, err := decode(r)
	if err != nil {
		return opened{}, err
	}
	token, c, err := b.Open(m, req)
	if err != nil {
		return opened{}, err
	}
	return opened{token, c.ExpiresAt.UTC(), c.Scans, c.Read, c.Origin}, nil
}

// signIn compares the hashes in constant time, and compares even when the merchant is unknown.
func (b *Book) signIn(r *http.Request) *Merchant {
	id, secret, ok := r.BasicAuth()
	if !ok {
		return nil
	}
	m := b.merchant(id)
	var want [32]byte
	if m != nil {
		want = sha256.Sum256(m.key.bytes)
	}
	got := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return nil
	}
	return m
}

func decode(r *http.Request) (Request, error) {
	var req Request
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes+1))
	switch {
	case err != nil:
		return req, &refusal{http.StatusBadRequest, "the body could not be read"}
	case len(body) > maxRequestBytes:
		return req, &refusal{http.StatusBadRequest, "the body is too long"}
	case len(strings.TrimSpace(string(body))) == 0:
		return req, nil
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&req); err != nil {
		return req, &refusal{http.StatusBadRequest, "the body is no JSON of the form {origin, scans, read, ttl, mask, key}"}
	}
	if d.More() {
		return req, &refusal{http.StatusBadRequest, "the body holds more than one JSON value"}
	}
	return req, nil
}

// Bearer returns the token of an "Authorization: Bearer …" header (RFC 6750, section 2.1), or "".
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
