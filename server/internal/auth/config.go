package auth

import (
	"net/netip"
	"strings"

	"ocrbankcard/server/internal/setting"
)

// Config says who may call.
type Config struct {
	Keys    []string       // key:secret pairs of machine clients; when empty, callers on loopback need none
	Origins []string       // origins of foreign pages that may call with a key (CORS); "*" for all
	Closed  bool           // callers on loopback need a key or a session in any case
	Proxies []netip.Prefix // networks whose X-Forwarded-For and X-Forwarded-Proto are believed
}

// Load returns the defaults, changed by the environment.
func Load(s *setting.Source) Config {
	var c Config
	s.List("API_KEYS", &c.Keys)
	s.List("CORS_ORIGINS", &c.Origins)
	s.Prefixes("TRUSTED_PROXIES", &c.Proxies)
	return c
}

// Validate reports settings that can't work.
func (c Config) Validate() error {
	seen := map[string]bool{}
	for _, pair := range c.Keys {
		key, secret, _ := strings.Cut(pair, ":")
		switch {
		case key == "" || secret == "":
			return setting.Invalid("API_KEYS", "key:secret pairs separated by commas")
		case seen[key]: // a key has one secret: the others would be refused, and nobody told why
			return setting.Invalid("API_KEYS", "each key once")
		}
		seen[key] = true
	}
	for _, o := range c.Origins {
		if o != "*" && !setting.WebOrigin(o) {
			return setting.Invalid("CORS_ORIGINS", "origins such as https://shop.example, separated by commas, or *")
		}
	}
	return nil
}
