// Package session lets a browser scan without a standing credential: a short-lived signed token (JWT, RFC 7519) names
// the shop's origin, how many scans it is good for, the reading policy and, for the masked mode, the shop's public key.
//
// The shop's backend gets a token from POST /v1/sessions, or signs one itself with its merchant key: both are HS256
// tokens whose header names the merchant in kid. The gateway takes it as a bearer token, on the contract's own path.
package session

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"ocrbankcard/server/internal/setting"
)

// The bounds of a session.
const (
	DefaultLifetime = 10 * time.Minute
	MaxLifetime     = time.Hour
	DefaultScans    = 5
	MaxScans        = 50
	MinKeyBytes     = 32 // RFC 7518, section 3.2: an HS256 key is at least as long as the hash
)

// Merchant is a shop that may open sessions.
type Merchant struct {
	ID      string
	Origins []string // exact web origins, "https://shop.example"
	key     key
}

// key is a merchant's secret. It has no printable form.
type key struct{ bytes []byte }

func (key) String() string   { return "[merchant key]" }
func (key) GoString() string { return "[merchant key]" }

// String names the merchant, and never its key.
func (m Merchant) String() string { return "merchant " + m.ID }

// GoString names the merchant, and never its key.
func (m Merchant) GoString() string { return m.String() }

// Allows reports whether a web origin belongs to the merchant, by exact comparison.
func (m *Merchant) Allows(origin string) bool {
	for _, o := range m.Origins {
		if o == origin {
			return true
		}
	}
	return false
}

// Config lists the merchants. Without any, there are no sessions, and the server runs as for development.
type Config struct{ Merchants []Merchant }

// Load reads MERCHANTS: one merchant a line or between commas, written "id:key:origin origin …". What begins with # is a
// comment, to the end of its line. An unset variable is an empty configuration.
func Load(s *setting.Source) Config {
	var text string
	s.Text("MERCHANTS", &text)
	c, err := parse(text)
	if err != nil {
		s.Fail(fmt.Errorf("MERCHANTS: %w", err))
	}
	return c
}

// parse never puts a key into an error, nor what may be one where an entry is written in another order: it names entries by
// their place.
func parse(text string) (Config, error) {
	var c Config
	seen := map[string]bool{}
	for i, entry := range entries(text) {
		fail := func(format string, a ...any) (Config, error) {
			return Config{}, fmt.Errorf("entry %d: "+format, append([]any{i + 1}, a...)...)
		}
		parts := strings.SplitN(entry, ":", 3)
		if len(parts) != 3 || parts[0] == "" {
			return fail("want id:key:origin origin …")
		}
		m := Merchant{ID: parts[0], key: key{[]byte(parts[1])}, Origins: strings.Fields(parts[2])}
		switch {
		case seen[m.ID]:
			return fail("the merchant is listed twice")
		case len(m.key.bytes) < MinKeyBytes:
			return fail("the key has %d bytes, want at least %d", len(m.key.bytes), MinKeyBytes)
		case len(m.Origins) == 0:
			return fail("no origin")
		}
		for n, o := range m.Origins {
			if !shopOrigin(o) {
				return fail("origin %d is no web origin, want https://host or https://host:port", n+1)
			}
		}
		seen[m.ID] = true
		c.Merchants = append(c.Merchants, m)
	}
	return c, nil
}

// entries splits the text, without comments: a line that lists merchants and begins with # names none of them.
func entries(text string) (list []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		for entry := range strings.SplitSeq(line, ",") {
			if entry = strings.TrimSpace(entry); strings.HasPrefix(entry, "#") {
				break
			} else if entry != "" {
				list = append(list, entry)
			}
		}
	}
	return list
}

// shopOrigin accepts the origin of a page that comes by TLS, or from a developer's own machine.
func shopOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !setting.WebOrigin(s) {
		return false
	}
	h := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (h == "localhost" || strings.HasSuffix(h, ".localhost") || h == "127.0.0.1" || h == "::1")
}
