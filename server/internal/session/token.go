package session

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"ocrbankcard/server/internal/observe"
)

// Audience is what every token is made for.
const Audience = "bank-card-scanner"

// The reading policies: where the engine runs.
var policies = []string{"server", "device", "both"}

// Request is what a shop asks of a new session; it is also the body of POST /v1/sessions.
type Request struct {
	Origin string          `json:"origin"`         // one of the merchant's; may be left out where there is just one
	Scans  int             `json:"scans"`          // 1 to MaxScans; 0 means DefaultScans
	Read   string          `json:"read"`           // "server" (default), "device" or "both"
	TTL    int             `json:"ttl"`            // seconds, at most MaxLifetime; 0 means DefaultLifetime
	Mask   bool            `json:"mask,omitempty"` // only first six and last four leave the scanner in the clear
	Key    json.RawMessage `json:"key,omitempty"`  // the shop's public P-256 key as JWK; needed for Mask
}

// Claims is what a token says.
type Claims struct {
	jwt.RegisteredClaims
	Origin string          `json:"origin"`
	Scans  int             `json:"scans"`
	Read   string          `json:"read"`
	Mask   bool            `json:"mask,omitempty"`
	Key    json.RawMessage `json:"key,omitempty"`
}

// Name tells a session from all others. Shops that sign for themselves choose the jti, and know only their own: no two
// merchants' are the same session (RFC 7519, 4.1.7). A merchant's id holds no colon.
func (c *Claims) Name() string { return c.Issuer + ":" + c.ID }

// RequestError is a request that can't become a session; its text may be shown to the shop's developer.
type RequestError struct{ Field, Reason string }

func (e *RequestError) Error() string { return e.Field + ": " + e.Reason }

// Book knows the merchants, opens sessions and checks tokens. It keeps no state, and is safe for concurrent use.
type Book struct {
	Observe func(*observe.Event) // told of each request for a session; nothing after NewBook

	merchants atomic.Pointer[map[string]*Merchant] // by id
	now       func() time.Time
}

// NewBook returns the book of a configuration.
func NewBook(c Config) *Book {
	b := &Book{Observe: func(*observe.Event) {}, now: time.Now}
	b.SetMerchants(c)
	return b
}

// SetMerchants replaces the merchants, while calls go on. Tokens that are signed with a key that is gone are forged from
// then on.
func (b *Book) SetMerchants(c Config) {
	known := map[string]*Merchant{}
	for i := range c.Merchants {
		known[c.Merchants[i].ID] = &c.Merchants[i]
	}
	b.merchants.Store(&known)
}

// merchant returns nil for an unknown id.
func (b *Book) merchant(id string) *Merchant { return (*b.merchants.Load())[id] }

// Configured reports whether any merchant is known: without one, no token can be valid.
func (b *Book) Configured() bool { return len(*b.merchants.Load()) > 0 }

// Origins returns every merchant's origins, sorted, for frame-ancestors and CORS.
func (b *Book) Origins() []string {
	var all []string
	for _, m := range *b.merchants.Load() {
		all = append(all, m.Origins...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Open makes a token for a merchant's request. It fails with a *RequestError only.
func (b *Book) Open(m *Merchant, r Request) (token string, c *Claims, err error) {
	if c, err = b.claims(m, r); err != nil {
		return "", nil, err
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	t.Header["kid"] = m.ID
	token, err = t.SignedString(m.key.bytes)
	return token, c, err
}

func (b *Book) claims(m *Merchant, r Request) (*Claims, error) {
	if r.Origin == "" && len(m.Origins) == 1 {
		r.Origin = m.Origins[0]
	}
	if r.Read == "" {
		r.Read = "server"
	}
	if r.Scans == 0 {
		r.Scans = DefaultScans
	}
	if r.TTL == 0 {
		r.TTL = int(DefaultLifetime / time.Second)
	}
	r.TTL = max(-1, min(r.TTL, int(MaxLifetime/time.Second)+1)) // what lies beyond is as wrong, and as a time.Duration might not be
	now := b.now()
	c := &Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: m.ID, Audience: jwt.ClaimStrings{Audience}, ID: rand.Text(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Duration(r.TTL) * time.Second)),
		},
		Origin: r.Origin, Scans: r.Scans, Read: r.Read, Mask: r.Mask, Key: r.Key,
	}
	return c, c.check(m)
}

// check holds what a token must say whoever signed it, ourselves or the shop.
func (c *Claims) check(m *Merchant) error {
	if string(c.Key) == "null" { // as typed languages write what isn't set
		c.Key = nil
	}
	switch {
	case !m.Allows(c.Origin):
		return &RequestError{"origin", "is not one of the merchant's origins"}
	case c.Scans < 1 || c.Scans > MaxScans:
		return &RequestError{"scans", fmt.Sprintf("want 1 to %d", MaxScans)}
	case !slices.Contains(policies, c.Read):
		return &RequestError{"read", "want server, device or both"}
	case c.ExpiresAt == nil || c.IssuedAt == nil || !c.ExpiresAt.After(c.IssuedAt.Time) || c.ExpiresAt.Sub(c.IssuedAt.Time) > MaxLifetime:
		return &RequestError{"ttl", fmt.Sprintf("want 1 to %d seconds", int(MaxLifetime/time.Second))}
	case len(c.ID) < 16 || len(c.ID) > 128:
		return &RequestError{"jti", "want 16 to 128 characters that no other session has"}
	case c.Mask && len(c.Key) == 0:
		return &RequestError{"key", "the masked mode needs the shop's public key"}
	}
	if len(c.Key) > 0 {
		return checkKey(c.Key)
	}
	return nil
}

// checkKey accepts a public P-256 key as JWK (RFC 7518, section 6.2) and refuses one that comes with its private half.
func checkKey(raw json.RawMessage) error {
	var k struct{ Kty, Crv, X, Y, D string }
	if err := json.Unmarshal(raw, &k); err != nil || k.Kty != "EC" || k.Crv != "P-256" {
		return &RequestError{"key", `want a JWK with kty "EC" and crv "P-256"`}
	}
	if k.D != "" {
		return &RequestError{"key", "this is the private key: send the public one, without d"}
	}
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
		return &RequestError{"key", "x and y are 32 bytes each, base64url without padding"}
	}
	if _, err := ecdh.P256().NewPublicKey(slices.Concat([]byte{4}, x, y)); err != nil {
		return &RequestError{"key", "x and y are no point of the curve"}
	}
	return nil
}

// The ways a token can fail. Each is AUTHENTICATION_ERROR or AUTHORIZATION_ERROR on the wire; these are for the log.
var (
	ErrForged  = errors.New("session: the token is not signed by a known merchant")
	ErrExpired = errors.New("session: the token has expired or is not valid yet")
	ErrOrigin  = errors.New("session: the token was made for another origin")
	ErrClaims  = errors.New("session: the token's claims are not acceptable")
)

// Verify checks a token's signature, times and claims. It does not count the scan: see limit.Counter.
func (b *Book) Verify(token string) (*Claims, error) {
	var c Claims
	var m *Merchant
	_, err := jwt.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if m = b.merchant(id); m == nil {
			return nil, ErrForged
		}
		return m.key.bytes, nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(Audience), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithLeeway(5*time.Second), jwt.WithTimeFunc(b.now))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return nil, ErrExpired
	case errors.Is(err, jwt.ErrTokenInvalidClaims):
		return nil, ErrClaims
	case err != nil:
		return nil, ErrForged
	}
	if c.Issuer != m.ID || c.check(m) != nil {
		return nil, ErrClaims
	}
	return &c, nil
}
