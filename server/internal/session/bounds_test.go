package session

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// TestTheBoundsOfASession: what the README promises to shops that sign for themselves holds to the last one, for clocks that
// differ by a few seconds too.
func TestTheBoundsOfASession(t *testing.T) {
	b, m := newBook(t)
	for name, c := range map[string]struct {
		change func(c *Claims, now time.Time)
		ok     bool
	}{
		"an hour":           {func(c *Claims, now time.Time) { c.ExpiresAt = jwt.NewNumericDate(now.Add(MaxLifetime)) }, true},
		"a second more":     {func(c *Claims, now time.Time) { c.ExpiresAt = jwt.NewNumericDate(now.Add(MaxLifetime + time.Second)) }, false},
		"no life":           {func(c *Claims, now time.Time) { c.ExpiresAt = jwt.NewNumericDate(now) }, false},
		"a clock ahead":     {func(c *Claims, now time.Time) { c.IssuedAt = jwt.NewNumericDate(now.Add(3 * time.Second)) }, true},
		"a clock behind":    {func(c *Claims, now time.Time) { ends(c, now, -3*time.Second) }, true},
		"ended":             {func(c *Claims, now time.Time) { ends(c, now, -7*time.Second) }, false},
		"no time of issue":  {func(c *Claims, _ time.Time) { c.IssuedAt = nil }, false},
		"the most scans":    {func(c *Claims, _ time.Time) { c.Scans = MaxScans }, true},
		"no scans":          {func(c *Claims, _ time.Time) { c.Scans = 0 }, false},
		"the shortest id":   {func(c *Claims, _ time.Time) { c.ID = strings.Repeat("x", 16) }, true},
		"a shorter id":      {func(c *Claims, _ time.Time) { c.ID = strings.Repeat("x", 15) }, false},
		"the longest id":    {func(c *Claims, _ time.Time) { c.ID = strings.Repeat("x", 128) }, true},
		"a longer id":       {func(c *Claims, _ time.Time) { c.ID = strings.Repeat("x", 129) }, false},
		"no audience":       {func(c *Claims, _ time.Time) { c.Audience = nil }, false},
		"a key that's null": {func(c *Claims, _ time.Time) { c.Key = json.RawMessage(`null`) }, true},
		"null for a key":    {func(c *Claims, _ time.Time) { c.Mask, c.Key = true, json.RawMessage(`null`) }, false},
		"a key that is bad": {func(c *Claims, _ time.Time) { c.Key = json.RawMessage(`{}`) }, false},
	} {
		claims, err := b.claims(m, Request{Origin: shop})
		if err != nil {
			t.Fatal(err)
		}
		c.change(claims, claims.IssuedAt.Time)
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
		token.Header["kid"] = m.ID
		signed, err := token.SignedString(m.key.bytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Verify(signed); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// ends gives a session a minute of life that ends at a moment.
func ends(c *Claims, now time.Time, in time.Duration) {
	c.ExpiresAt, c.IssuedAt = jwt.NewNumericDate(now.Add(in)), jwt.NewNumericDate(now.Add(in-time.Minute))
}

// halvesMoved is the key with a byte of x at the begin of y: together they are the same point.
func halvesMoved(t *testing.T) string {
	t.Helper()
	var k map[string]string
	if err := json.Unmarshal([]byte(publicJWK), &k); err != nil {
		t.Fatal(err)
	}
	raw := base64.RawURLEncoding
	x, errX := raw.DecodeString(k["x"])
	y, errY := raw.DecodeString(k["y"])
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	k["x"], k["y"] = raw.EncodeToString(x[:31]), raw.EncodeToString(append(x[31:], y...))
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
