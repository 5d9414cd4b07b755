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

// ServeHTTP opens a session. It is called by backends, never by browsers: a request with an Origin header is refused,
// so that a merchant key pasted into a page is found out at once. The merchant signs in with HTTP Basic (RFC 7617),
// its id as the user and its key as the password.
func (b *Book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if !b.Configured() {
		answer(w, http.StatusNotFound, failed{"there are no merchants here: the scanner's operator lists them in MERCHANTS"})
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed, failed{"open a session with POST"})
		return
	}
	if r.Header.Get("Origin") != "" {
		answer(w, http.StatusForbidden, failed{"sessions are opened by the shop's backend: a page must never hold the merchant key"})
		return
	}
	m := b.signIn(r)
	if m == nil {
		w.Header().Set("WWW-Authenticate", `Basic realm="sessions"`)
		answer(w, http.StatusUnauthorized, failed{"merchant id and key do not match"})
		return
	}
	req, err := decode(r)
	if err != nil {
		answer(w, http.StatusBadRequest, failed{err.Error()})
		return
	}
	token, c, err := b.Open(m, req)
	var bad *RequestError
	switch {
	case errors.As(err, &bad):
		answer(w, http.StatusBadRequest, failed{bad.Error()})
	case err != nil:
		answer(w, http.StatusInternalServerError, failed{"the session could not be signed"})
	default:
		answer(w, http.StatusCreated, opened{token, c.ExpiresAt.UTC(), c.Scans, c.Read, c.Origin})
	}
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
		return req, errors.New("the body could not be read")
	case len(body) > maxRequestBytes:
		return req, errors.New("the body is too long")
	case len(strings.TrimSpace(string(body))) == 0:
		return req, nil
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&req); err != nil {
		return req, errors.New("the body is no JSON of the form {origin, scans, read, ttl, mask, key}")
	}
	if d.More() {
		return req, errors.New("the body holds more than one JSON value")
	}
	return req, nil
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that went away can't be told so; there is nothing else to fail here.
	_ = json.NewEncoder(w).Encode(v)
}

// Bearer returns the token of an "Authorization: Bearer …" header (RFC 6750, section 2.1), or "".
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
