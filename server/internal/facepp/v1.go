package facepp

import (
	"context"
	"net/url"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
)

type v1Key struct{}

// WithV1 returns a context whose calls ask for v1's answer, which names bank and organization; the documented path's doesn't.
func WithV1(ctx context.Context) context.Context { return context.WithValue(ctx, v1Key{}, true) }

// without is how long v1 isn't asked for again where it was not found: what stands in for the service may serve one path.
const without = 10 * time.Minute

// endpoint is where a call goes first.
func (c *Client) endpoint(ctx context.Context) *url.URL {
	if ctx.Value(v1Key{}) != nil && time.Since(time.Unix(0, c.lost.Load())) > without {
		return c.v1
	}
	return c.beta
}

// v1Of returns where v1 is served, for an endpoint that ends in the documented path; another is called as it is.
func v1Of(endpoint *url.URL) *url.URL {
	base, ok := strings.CutSuffix(endpoint.Path, cardpp.PathBeta)
	if !ok || endpoint.RawPath != "" {
		return endpoint
	}
	v1 := *endpoint
	v1.Path = base + cardpp.PathV1
	return &v1
}
