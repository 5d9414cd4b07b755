package main

import (
	"errors"
	"net"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/fetch"
	"ocrbankcard/server/internal/gateway"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/request"
	"ocrbankcard/server/internal/setting"
)

// Config is the server's whole configuration: its own settings, and those of its rooms.
type Config struct {
	Addr  string        // host:port to listen on
	Dist  string        // folder of the static site
	Drain time.Duration // between the signal to stop and the end of listening, for load balancers to notice
	Stop  time.Duration // for calls to end, after that

	Key, Secret facepp.Secret // of Face++; without them the embedded engine reads
	Endpoint    string

	Calls   time.Duration // deadline of a call, from the end of its body on
	Log     observe.LogConfig
	Callers auth.Config
	Request request.Config
	Uploads gateway.UploadConfig
	Fetch   fetch.Config
	Engine  recognizer.GateConfig
}

// Load reads the configuration and validates it. Its error names every variable that is wrong.
func Load(s *setting.Source) (Config, error) {
	c := Config{
		Addr: "localhost:8080", Dist: "web/dist", Stop: 30 * time.Second, Endpoint: cardpp.Endpoint, Calls: 15 * time.Second,
		Log: observe.LoadLog(s), Callers: auth.Load(s), Request: request.Load(s), Uploads: gateway.LoadUploads(s),
		Fetch: fetch.Load(s), Engine: recognizer.LoadGate(s),
	}
	s.Text("ADDR", &c.Addr)
	s.Text("DIST", &c.Dist)
	s.Duration("DRAIN_DELAY", &c.Drain)
	s.Duration("STOP_TIMEOUT", &c.Stop)
	s.Duration("CALL_DEADLINE", &c.Calls)
	c.Key, c.Secret = secret(s, "FACEPP_API_KEY"), secret(s, "FACEPP_API_SECRET")
	s.Text("FACEPP_ENDPOINT", &c.Endpoint)
	return c, errors.Join(s.Err(), c.Validate())
}

func secret(s *setting.Source, name string) facepp.Secret {
	var text string
	s.Text(name, &text)
	return facepp.NewSecret(text)
}

// Validate reports settings that can't work, those of all rooms included.
func (c Config) Validate() error {
	var errs []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		errs = append(errs, setting.Invalid("ADDR", "host:port"))
	}
	if c.Drain < 0 {
		errs = append(errs, setting.Invalid("DRAIN_DELAY", "at least 0s"))
	}
	if c.Stop <= 0 {
		errs = append(errs, setting.Invalid("STOP_TIMEOUT", "more than 0s"))
	}
	if c.Calls <= 0 {
		errs = append(errs, setting.Invalid("CALL_DEADLINE", "more than 0s"))
	}
	if c.Key.IsZero() != c.Secret.IsZero() {
		errs = append(errs, errors.New("FACEPP_API_KEY and FACEPP_API_SECRET: want both or neither"))
	}
	return errors.Join(append(errs, c.Log.Validate(), c.Callers.Validate(), c.Request.Validate(), c.Uploads.Validate(),
		c.Fetch.Validate(), c.Engine.Validate())...)
}

// Remote reports whether Face++ reads.
func (c Config) Remote() bool { return !c.Key.IsZero() }
