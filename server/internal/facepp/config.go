package facepp

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/setting"
)

// DefaultBudget is what a call may take in all, for clients' patience begins at 10 s; DefaultAttempt what one request of it may.
const DefaultBudget, DefaultAttempt = 9 * time.Second, 6 * time.Second

// Config says how to call Face++. The zero value of all but Key and Secret is a good choice.
type Config struct {
	Key, Secret Secret
	Endpoint    string         // cardpp.Endpoint when ""
	Queue       *limit.Queue   // keeps the key's QPS, and is told the key's name; when nil, nothing does
	Budget      time.Duration  // for a call in all, waiting and retries included; DefaultBudget when 0
	Attempt     time.Duration  // for one request, without waiting for its turn; DefaultAttempt when 0
	RootCAs     *x509.CertPool // the system's when nil
	Observer    Observer       // may be nil

	// Proxy tells the proxy for the endpoint, nil for none; as the environment says when nil.
	Proxy func(*http.Request) (*url.URL, error)
}

func (c Config) withDefaults() Config {
	if c.Endpoint == "" {
		c.Endpoint = cardpp.Endpoint
	}
	if c.Budget == 0 {
		c.Budget = DefaultBudget
	}
	if c.Attempt == 0 {
		c.Attempt = DefaultAttempt
	}
	if c.Observer == nil {
		c.Observer = Unobserved{}
	}
	if c.Proxy == nil {
		c.Proxy = http.ProxyFromEnvironment
	}
	return c
}

// Validate names, in its error, each variable that is wrong, and never what it holds.
func (c Config) Validate() error {
	var errs []error
	if c.Key.IsZero() {
		errs = append(errs, setting.Invalid("FACEPP_API_KEY", "the account's key"))
	}
	if c.Secret.IsZero() {
		errs = append(errs, setting.Invalid("FACEPP_API_SECRET", "the key's secret"))
	}
	if c.Budget < 0 || c.Attempt < 0 {
		errs = append(errs, errors.New("facepp: a negative duration"))
	}
	return errors.Join(append(errs, ValidateEndpoint(c.withDefaults().Endpoint))...)
}

// ValidateEndpoint reports a URL that can't be called. Its error names the variable, and not what it holds.
func ValidateEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return setting.Invalid("FACEPP_ENDPOINT", "an http or https URL")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return setting.Invalid("FACEPP_ENDPOINT", "a URL without user, query and fragment: credentials travel in the body alone")
	}
	return nil
}

// queueKey names the key's schedule in a limiter that replicas share, without telling the key.
func queueKey(key Secret) string {
	sum := sha256.Sum256([]byte(key.Reveal()))
	return "facepp:" + hex.EncodeToString(sum[:8])
}
