package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/request"
	"ocrbankcard/server/internal/session"
)

// caller is who calls, as far as it is known.
type caller struct {
	kind   auth.Kind
	claims *session.Claims // of a session; nil otherwise
}

// identify tells what the request's headers say of the caller, before the body is read: refuses pages of foreign
// origins and bad sessions, and keeps pages under the rate of their address.
func (g *Gateway) identify(r *http.Request, e *observe.Event) (c caller, err error) {
	c.kind = g.Callers.Identify(r)
	e.Caller = string(c.kind)
	if token := session.Bearer(r); token != "" {
		if c.claims, err = g.verify(r, token, e); err != nil {
			return c, err
		}
		c.kind = auth.Session
		e.Caller = string(c.kind)
	}
	switch {
	case c.kind != auth.Session && g.Callers.Foreign(r):
		return c, cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByAdmin)
	case c.kind == auth.Page && g.Sessions.Configured(): // pages have sessions where there are any
		return c, cardpp.NewError(cardpp.AuthenticationError, "")
	case c.kind == auth.Page || c.kind == auth.Session:
		err = g.Limits.address(r.Context(), g.Callers.ClientAddr(r), e)
	}
	return c, err
}

// verify checks a session's token. It may be used by the scanner's own page, be it this server's or of an origin that
// CORS_ORIGINS names (the scanner on a CDN), and by the shop's page that it was made for; not by another shop's.
//
// Which shop's page frames the scanner is not asked here. The frame has it from the browser (MessageEvent.origin) and
// refuses a session of another origin before it shows a camera: see web/host.js. A header that repeated it would be that
// same script's word, in honest browsers always right, and programs can write any header. What bounds a stolen token is
// what the server knows for itself: its signature, its minutes, its count.
func (g *Gateway) verify(r *http.Request, token string, e *observe.Event) (*session.Claims, error) {
	claims, err := g.Sessions.Verify(token)
	if err != nil {
		e.Cause = err
		return nil, cardpp.NewError(cardpp.AuthenticationError, "")
	}
	if !g.Callers.Scanner(r) && r.Header.Get("Origin") != claims.Origin {
		e.Cause = session.ErrOrigin
		return nil, cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByClient)
	}
	if claims.Read == "device" { // the shop wants no picture to leave the phone
		return nil, cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByClient)
	}
	return claims, nil
}

// admit decides about the credentials in the body, and keeps keys and sessions under their rates.
func (g *Gateway) admit(ctx context.Context, c caller, call *request.Call, e *observe.Event) error {
	if c.kind == auth.Session {
		return g.Limits.session(ctx, c.claims.Name(), e)
	}
	kind, err := g.Callers.Admit(c.kind, call.Key, call.Secret, call.HasKey, call.HasSecret)
	if err != nil {
		return err
	}
	e.Caller = string(kind)
	if kind == auth.Machine {
		return g.Limits.key(ctx, call.Key, e)
	}
	return nil
}

// counted is for how long a session's scans are counted beyond its end: a call that began before it may take a while to send
// its picture.
const counted = 5 * time.Minute

// spend takes one scan of a session. The result gives it back, for when the scan came to nothing through no fault of
// the caller's.
func (g *Gateway) spend(ctx context.Context, c caller) (giveBack func(), err error) {
	if c.claims == nil {
		return func() {}, nil
	}
	key, use := "session:"+c.claims.Name(), limit.NewUse()
	u, err := g.Counter.Use(ctx, key, use, c.claims.Scans, c.claims.ExpiresAt.Add(counted))
	switch {
	case err != nil:
		return nil, err
	case !u.Allowed:
		return nil, cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByClient)
	}
	return func() {
		// The scan is lost to the session when this fails, which is no reason to fail the answer.
		_ = g.Counter.GiveBack(context.WithoutCancel(ctx), key, use)
	}, nil
}

// oursToBear reports whether a recognizer's error is none of the picture's, so that the scan isn't counted. What is denied
// there is denied to our own key: an account without balance, for one. A caller who left when Face++ or the engine had the picture
// bears it: a token for one scan could else be spent on as many as its minutes allow.
func oursToBear(err error) bool {
	var upstream *facepp.Error
	if errors.As(err, &upstream) && upstream.Spent || errors.Is(err, recognizer.ErrLeft) {
		return false
	}
	var known *cardpp.Error
	return !errors.As(err, &known) || known.Status >= http.StatusInternalServerError || known.Code == cardpp.ConcurrencyLimit ||
		known.Code == cardpp.AuthorizationError
}
