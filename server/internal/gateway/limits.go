package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/setting"
)

// LimitConfig bounds how often one caller may call; 0 sets no bound.
type LimitConfig struct {
	Address int // calls a minute from one address, by pages
	Key     int // calls a minute with one key
	Session int // calls a minute in one session
}

// LoadLimits returns the defaults, changed by the environment.
func LoadLimits(s *setting.Source) LimitConfig {
	c := LimitConfig{Address: 120, Session: 30}
	s.Int("LIMIT_ADDRESS", &c.Address)
	s.Int("LIMIT_KEY", &c.Key)
	s.Int("LIMIT_SESSION", &c.Session)
	return c
}

// Validate reports settings that can't work.
func (c LimitConfig) Validate() error {
	for name, v := range map[string]int{"LIMIT_ADDRESS": c.Address, "LIMIT_KEY": c.Key, "LIMIT_SESSION": c.Session} {
		if v < 0 || v > 1e6 {
			return setting.Invalid(name, "calls a minute: 0 to 1000000")
		}
	}
	return nil
}

// Limits keeps callers under their rates. Where the limiter fails, callers pass: a lost limit is no lost call.
type Limits struct {
	Config  LimitConfig
	Limiter limit.Limiter
}

// limited refuses a call beyond a rate.
type limited struct{ after time.Duration }

func (l *limited) Error() string {
	return "beyond the rate for another " + l.after.Round(time.Second).String()
}
func (l *limited) Unwrap() error { return cardpp.NewError(cardpp.ConcurrencyLimit, "") }

func (l *Limits) address(ctx context.Context, a netip.Addr, e *observe.Event) error {
	return l.take(ctx, observe.OnAddress, limit.AddressKey(a), l.Config.Address, e)
}

func (l *Limits) key(ctx context.Context, key string, e *observe.Event) error {
	sum := sha256.Sum256([]byte(key)) // so that Redis learns no key
	return l.take(ctx, observe.OnKey, hex.EncodeToString(sum[:8]), l.Config.Key, e)
}

func (l *Limits) session(ctx context.Context, id string, e *observe.Event) error {
	return l.take(ctx, observe.OnSession, id, l.Config.Session, e)
}

func (l *Limits) take(ctx context.Context, on, who string, perMinute int, e *observe.Event) error {
	if perMinute == 0 {
		return nil
	}
	d, err := l.Limiter.Take(ctx, on+":"+who, limit.Per(perMinute, time.Minute))
	if err != nil || d.Allowed {
		return nil
	}
	e.LimitedOn = on
	return &limited{d.RetryAfter}
}
