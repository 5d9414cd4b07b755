// Package auth decides who may call: the server's own page, machine clients with a key and a secret, and, as long as no
// keys are configured, programs on the same machine.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync/atomic"

	"ocrbankcard/internal/cardpp"
)

// Kind tells callers apart, for logs and limits.
type Kind string

// The kinds of callers.
const (
	Page     Kind = "page"     // the server's own page, known by being same-origin
	Loopback Kind = "loopback" // a program on this machine, while no keys are configured
	Machine  Kind = "machine"  // a client with a key
	Session  Kind = "session"  // a page with a session of a shop's
	Nobody   Kind = "nobody"   // none of these
)

// Kinds lists them.
var Kinds = []Kind{Page, Loopback, Machine, Session, Nobody}

// Gate holds the keys, hashed. It is safe for concurrent use.
type Gate struct {
	config Config
	keys   atomic.Pointer[keyring]
	shops  atomic.Pointer[[]string] // origins of the shops that open sessions
}

// keyring holds salted hashes, so that neither a memory dump nor a timing gives the pairs away.
type keyring struct {
	salt  [16]byte
	pairs map[[32]byte][32]byte // hash of key → hash of secret
}

// New returns a Gate for a validated Config.
func New(c Config) *Gate {
	g := &Gate{config: c}
	g.SetKeys(c.Keys)
	g.SetShops(nil)
	g.config.Keys = nil
	return g
}

// SetKeys replaces the keys, while calls go on.
func (g *Gate) SetKeys(pairs []string) {
	k := &keyring{pairs: map[[32]byte][32]byte{}}
	rand.Read(k.salt[:])
	for _, pair := range pairs {
		key, secret, _ := strings.Cut(pair, ":")
		k.pairs[k.hash(key)] = k.hash(secret)
	}
	g.keys.Store(k)
}

// SetShops replaces the origins of the shops that open sessions, while calls go on. Their pages may call, each with its
// own shop's sessions.
func (g *Gate) SetShops(origins []string) { g.shops.Store(&origins) }

func (k *keyring) hash(s string) [32]byte { return sha256.Sum256(append(k.salt[:], s...)) }

// Keyed reports whether machine clients need a key.
func (g *Gate) Keyed() bool { return len(g.keys.Load().pairs) > 0 }

// Identify tells what is known of a caller before the body is read. Nobody may still turn out to be Machine.
func (g *Gate) Identify(r *http.Request) Kind {
	switch {
	case g.sameOrigin(r):
		return Page
	case !g.Keyed() && !g.config.Closed && !g.foreign(r) && g.ClientAddr(r).IsLoopback():
		return Loopback
	}
	return Nobody
}

// Admit decides about the credentials of a call. Callers that Identify knows need none, but wrong ones are refused
// even so when keys are configured.
func (g *Gate) Admit(kind Kind, key, secret string, hasKey, hasSecret bool) (Kind, error) {
	switch {
	case kind != Nobody && (!g.Keyed() || !hasKey && !hasSecret):
		return kind, nil
	case !hasKey:
		return kind, cardpp.NewError(cardpp.MissingArguments, cardpp.ParamKey)
	case !hasSecret:
		return kind, cardpp.NewError(cardpp.MissingArguments, cardpp.ParamSecret)
	case !g.match(key, secret):
		return kind, cardpp.NewError(cardpp.AuthenticationError, "")
	}
	return Machine, nil
}

// match compares in constant time: equal work whether the key, the secret or neither is right.
func (g *Gate) match(key, secret string) bool {
	k := g.keys.Load()
	want, known := k.pairs[k.hash(key)]
	got := k.hash(secret)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && known
}
