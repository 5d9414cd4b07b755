package request

import (
	"time"

	"ocrbankcard/server/internal/setting"
)

// Config bounds what is read of a caller.
type Config struct {
	MaxBody int           // bytes of a request body: a 2 MiB picture in base64 makes 2,796,542
	Grace   time.Duration // for a body to begin
	MinRate int           // bytes a second that a body must keep up on the average, after Grace
}

// Load returns the defaults, changed by the environment.
func Load(s *setting.Source) Config {
	c := Config{MaxBody: 3 << 20, Grace: 10 * time.Second, MinRate: 16 << 10}
	s.Int("MAX_BODY_BYTES", &c.MaxBody)
	s.Duration("BODY_GRACE", &c.Grace)
	s.Int("BODY_MIN_RATE", &c.MinRate)
	return c
}

// Validate reports settings that can't work.
func (c Config) Validate() error {
	switch {
	case c.MaxBody < 64<<10 || c.MaxBody > 64<<20:
		return setting.Invalid("MAX_BODY_BYTES", "65536 to 67108864")
	case c.Grace <= 0:
		return setting.Invalid("BODY_GRACE", "more than 0s")
	case c.MinRate < 1:
		return setting.Invalid("BODY_MIN_RATE", "at least 1 byte a second")
	}
	return nil
}

// Longest is how long the largest body may take to come in.
func (c Config) Longest() time.Duration {
	return c.Grace + time.Duration(float64(c.MaxBody)/float64(c.MinRate)*float64(time.Second))
}
