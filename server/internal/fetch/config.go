package fetch

import (
	"net/netip"
	"time"

	"ocrbankcard/server/internal/setting"
)

// Config bounds downloads.
type Config struct {
	Deadline  time.Duration  // for a whole download, redirects included
	Redirects int            // at most
	Allow     []netip.Prefix // networks to download from although they are not public, on any port
}

// Load returns the defaults, changed by the environment.
func Load(s *setting.Source) Config {
	c := Config{Deadline: 5 * time.Second, Redirects: 3}
	s.Duration("IMAGE_URL_DEADLINE", &c.Deadline)
	s.Int("IMAGE_URL_REDIRECTS", &c.Redirects)
	s.Prefixes("IMAGE_URL_ALLOW", &c.Allow)
	return c
}

// Validate reports settings that can't work.
func (c Config) Validate() error {
	switch {
	case c.Deadline <= 0:
		return setting.Invalid("IMAGE_URL_DEADLINE", "more than 0s")
	case c.Redirects < 0 || c.Redirects > 10:
		return setting.Invalid("IMAGE_URL_REDIRECTS", "0 to 10")
	}
	return nil
}
