// Package limit keeps calls under a rate: the QPS that Face++ grants a key (Queue), how often a client may ask
// (Limiter), how many scans a session holds (Counter). The state lives in Redis, shared by all replicas, or in memory,
// for one process and for the time that Redis is away (Failover).
//
// Rates are kept by GCRA, the generic cell rate algorithm (ITU-T I.371, annex A; in its virtual scheduling form): of a
// key only its theoretical arrival time is stored, the moment when the place after the last one taken begins.
package limit

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"time"
)

// Rate allows one event an Interval, and up to Burst of them at once after a rest. Both are positive.
type Rate struct {
	Interval time.Duration
	Burst    int
}

// Per returns the rate of n events per period, all of which may come at once.
func Per(n int, period time.Duration) Rate { return Rate{period / time.Duration(n), n} }

// Decision is the answer to one event.
type Decision struct {
	Allowed bool
	// Wait is how far ahead the place lies that was taken: 0 for one that begins now. A limit on clients lets them go
	// at once and disregards it, a queue waits. Only when Allowed.
	Wait time.Duration
	// RetryAfter is the time until the event would be allowed. Only when not Allowed.
	RetryAfter time.Duration
}

// Limiter decides whether an event may happen now. A key's state is one whatever rates it is asked with.
type Limiter interface {
	Take(ctx context.Context, key string, r Rate) (Decision, error)
}

// Usage is the answer to one use.
type Usage struct {
	Allowed bool
	Left    int // further uses, after this one
}

// Use names one use, so that it counts once, and is given back once, however often a store is told.
type Use int64

// NewUse names another. Stores keep such numbers in eight bytes each; they are shorter than any card's.
func NewUse() Use { return Use(rand.Int64N(1e12)) }

// Counter counts the uses of something that allows max of them until a moment, and forgets it then.
type Counter interface {
	Use(ctx context.Context, key string, u Use, max int, until time.Time) (Usage, error)
	// GiveBack undoes a use, of which the user had nothing.
	GiveBack(ctx context.Context, key string, u Use) error
}

// Store keeps both.
type Store interface {
	Limiter
	Counter
}

// AddressKey names a client by its address. One IPv6 client commands a whole /64 (RFC 6177), so that counts as one.
func AddressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
