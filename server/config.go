package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/fetch"
	"ocrbankcard/server/internal/gateway"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/request"
	"ocrbankcard/server/internal/session"
	"ocrbankcard/server/internal/setting"
)

// Config is the server's whole configuration: its own settings, and those of its rooms.
type Config struct {
	Addr        string           // host:port to listen on
	Admin       string           // host:port for metrics; "" shows them on Addr, to this machine alone
	Dist        string           // folder of the static site
	Certificate *tls.Certificate // nil serves plain HTTP
	Drain       time.Duration    // between the signal to stop and the end of listening, for load balancers to notice
	Stop        time.Duration    // for calls to end, after that
	Calls       time.Duration    // deadline of a call, from the end of its body on
	Connections int              // of callers at once; more are closed
	Redis       string           // URL; "" keeps limits in memory

	FacePP   facepp.Config // with a key, Face++ reads; without, the embedded engine
	QPS      float64       // that Face++ grants the key
	MaxWait  time.Duration // for a turn under QPS
	Fallback bool          // the embedded engine reads where Face++ fails

	Log      observe.LogConfig
	Callers  auth.Config
	Sessions session.Config
	Limits   gateway.LimitConfig
	Request  request.Config
	Uploads  gateway.UploadConfig
	Fetch    fetch.Config
	Engine   recognizer.GateConfig
}

// Load reads the configuration and validates it. Its error names every variable that is wrong, and holds no value.
func Load(s *setting.Source) (Config, error) {
	c := Config{
		Addr: "localhost:8080", Dist: "web/dist", Stop: 30 * time.Second, Calls: 15 * time.Second, Connections: 2048, QPS: 1, MaxWait: 6 * time.Second,
		Log: observe.LoadLog(s), Callers: auth.Load(s), Sessions: session.Load(s), Limits: gateway.LoadLimits(s), Request: request.Load(s),
		Uploads: gateway.LoadUploads(s), Fetch: fetch.Load(s), Engine: recognizer.LoadGate(s),
	}
	s.Text("ADDR", &c.Addr)
	s.Text("ADMIN_ADDR", &c.Admin)
	s.Text("DIST", &c.Dist)
	s.Text("REDIS_URL", &c.Redis)
	s.Int("MAX_CONNECTIONS", &c.Connections)
	s.Duration("DRAIN_DELAY", &c.Drain)
	s.Duration("STOP_TIMEOUT", &c.Stop)
	s.Duration("CALL_DEADLINE", &c.Calls)
	c.loadFacePP(s)
	c.loadCertificate(s)
	c.Callers.Closed = len(c.Sessions.Merchants) > 0
	s.Fail(c.Validate())
	return c, s.Err()
}

func (c *Config) loadFacePP(s *setting.Source) {
	var key, secret string
	c.FacePP.Endpoint, c.FacePP.Budget, c.FacePP.Attempt = cardpp.Endpoint, facepp.DefaultBudget, facepp.DefaultAttempt
	s.Text("FACEPP_API_KEY", &key)
	s.Text("FACEPP_API_SECRET", &secret)
	s.Text("FACEPP_ENDPOINT", &c.FacePP.Endpoint)
	s.Duration("FACEPP_BUDGET", &c.FacePP.Budget)
	s.Duration("FACEPP_ATTEMPT", &c.FacePP.Attempt)
	s.Float("FACEPP_QPS", &c.QPS)
	s.Duration("FACEPP_MAX_WAIT", &c.MaxWait)
	s.Flag("FACEPP_FALLBACK", &c.Fallback)
	c.FacePP.Key, c.FacePP.Secret = facepp.NewSecret(key), facepp.NewSecret(secret)
}

func (c *Config) loadCertificate(s *setting.Source) {
	var certificate, key string
	s.Text("TLS_CERT", &certificate)
	s.Text("TLS_KEY", &key)
	if certificate == "" && key == "" {
		return
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		s.Fail(errors.New("TLS_CERT and TLS_KEY: want a certificate and its key in PEM; paths of such files go into TLS_CERT_FILE and TLS_KEY_FILE"))
		return
	}
	c.Certificate = &pair
}

// Validate reports settings that can't work, those of all rooms included.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, name, want string) {
		if !ok {
			errs = append(errs, setting.Invalid(name, want))
		}
	}
	check(hostPort(c.Addr), "ADDR", "host:port")
	check(c.Admin == "" || hostPort(c.Admin), "ADMIN_ADDR", "host:port")
	check(c.Drain >= 0, "DRAIN_DELAY", "at least 0s")
	check(c.Stop > 0, "STOP_TIMEOUT", "more than 0s")
	check(c.Calls > 0, "CALL_DEADLINE", "more than 0s")
	check(c.Connections > 0, "MAX_CONNECTIONS", "at least 1")
	check(c.Uploads.Memory >= c.Request.MaxBody+64<<10, "UPLOAD_MEMORY_BYTES", "65536 more than MAX_BODY_BYTES: the largest body would else always be refused")
	check(c.QPS > 0 && c.QPS <= 1e6, "FACEPP_QPS", "a number over 0, up to a million")
	check(c.MaxWait > 0, "FACEPP_MAX_WAIT", "more than 0s")
	check(c.FacePP.Budget > 0, "FACEPP_BUDGET", "more than 0s")
	check(c.FacePP.Attempt > 0, "FACEPP_ATTEMPT", "more than 0s")
	if u, err := url.Parse(c.Redis); c.Redis != "" {
		check(err == nil && (u.Scheme == "redis" || u.Scheme == "rediss"), "REDIS_URL", "redis://host:6379/0")
	}
	switch {
	case c.Remote():
		errs = append(errs, c.FacePP.Validate())
	case !c.FacePP.Secret.IsZero():
		errs = append(errs, setting.Invalid("FACEPP_API_KEY", "it together with FACEPP_API_SECRET"))
		fallthrough
	default: // like the other settings of Face++, before there is a key
		errs = append(errs, facepp.ValidateEndpoint(c.FacePP.Endpoint))
	}
	return errors.Join(append(errs, c.Log.Validate(), c.Callers.Validate(), c.Limits.Validate(), c.Request.Validate(),
		c.Uploads.Validate(), c.Fetch.Validate(), c.Engine.Validate())...)
}

func hostPort(s string) bool {
	_, _, err := net.SplitHostPort(s)
	return err == nil
}

// Remote reports whether Face++ reads.
func (c Config) Remote() bool { return !c.FacePP.Key.IsZero() }
