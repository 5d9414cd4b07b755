package main

import (
	"log/slog"
	"time"

	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/fetch"
	"ocrbankcard/server/internal/gateway"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/session"
	"ocrbankcard/server/internal/static"
)

// NewServer puts the parts of a server together, for a valid Config.
func NewServer(c Config, log *slog.Logger) (*Server, error) {
	s := &Server{config: c, log: log, metrics: observe.NewMetrics(), engine: recognizer.NewGate(c.Engine), slowest: slowest(c)}
	s.connections.most, s.connections.refused = int64(c.Connections), s.metrics.ConnectionRefused
	s.certificate.Store(c.Certificate)
	if err := s.openStore(); err != nil {
		return nil, err
	}
	r, err := s.chooseRecognizer()
	if err != nil {
		return nil, err
	}
	s.assemble(r)
	return s, nil
}

// slowest is how long a caller may take over one request and its answer: five minutes, or what the settings allow to a call and a
// minute to read its answer in. It would else be cut off from the answer that its picture was sent to Face++ for.
func slowest(c Config) time.Duration {
	return max(5*time.Minute, c.Request.Longest()+c.Calls+time.Minute)
}

// assemble builds what stands around a recognizer.
func (s *Server) assemble(r recognizer.Recognizer) {
	c := s.config
	s.sessions = session.NewBook(c.Sessions)
	s.sessions.Observe = func(e *observe.Event) {
		e.Log(s.log)
		s.metrics.CountSession(e)
	}
	s.site = static.New(c.Dist, s.ancestors())
	s.gateway = &gateway.Gateway{
		Recognizer: r,
		Callers:    auth.New(c.Callers),
		Fetcher:    fetch.New(c.Fetch),
		Uploads:    gateway.NewUploads(c.Uploads),
		Limits:     &gateway.Limits{Config: c.Limits, Limiter: s.store},
		Sessions:   s.sessions,
		Counter:    s.store,
		Request:    c.Request,
		Deadline:   c.Calls,
		Observe:    s.observe,
	}
	s.gateway.Callers.SetShops(s.sessions.Origins())
	s.zeroMetrics()
	s.metrics.Gauge("scanner_engine_waiting", "Pictures that wait for the embedded engine.", func() float64 { return float64(s.engine.Waiting()) })
	s.metrics.Gauge("scanner_connections", "Connections of callers.", func() float64 { return float64(s.connections.open.Load()) })
	s.metrics.Gauge("scanner_upload_bytes", "Memory granted to bodies.", func() float64 { return float64(s.gateway.Uploads.InUse()) })
}

// zeroMetrics shows what this server can count before it counts.
func (s *Server) zeroMetrics() {
	readers := []string{s.gateway.Recognizer.Name()}
	if s.config.Remote() && s.config.Fallback {
		readers = append(readers, recognizer.Embedded)
	}
	var callers []string
	for _, k := range auth.Kinds {
		callers = append(callers, string(k))
	}
	s.metrics.Zero(readers, callers)
}

// ancestors are the origins whose pages may show ours in a frame: the shops that open sessions, or as long as there are
// none, the shop that is being developed on this machine.
func (s *Server) ancestors() []string {
	if !s.sessions.Configured() {
		return []string{"http://localhost:*", "http://127.0.0.1:*"}
	}
	return s.sessions.Origins()
}

// observe is told of every call.
func (s *Server) observe(e *observe.Event) {
	e.Log(s.log)
	s.metrics.Count(e)
}

// openStore keeps limits in Redis, shared by all replicas, or in memory.
func (s *Server) openStore() error {
	if s.config.Redis == "" {
		s.store = limit.NewMemory()
		return nil
	}
	redis, err := limit.NewRedis(s.config.Redis)
	if err != nil {
		return err
	}
	store := limit.NewFailover(redis, s.log, s.metrics.RedisAway)
	s.store, s.closers = store, append(s.closers, store.Close)
	return nil
}

// chooseRecognizer returns Face++ where its credentials are set, or else the embedded engine.
func (s *Server) chooseRecognizer() (recognizer.Recognizer, error) {
	if !s.config.Remote() {
		return s.embedded()
	}
	remote, err := s.remote()
	if err != nil || !s.config.Fallback {
		return remote, err
	}
	local, err := s.embedded()
	return recognizer.Fallback{First: remote, Second: local}, err
}

func (s *Server) embedded() (recognizer.Recognizer, error) {
	engine, err := recognizer.NewEngine()
	return recognizer.Local{Engine: engine, Gate: s.engine}, err
}

// remote is Face++ behind the queue that keeps its QPS.
func (s *Server) remote() (recognizer.Recognizer, error) {
	c := s.config.FacePP
	queue, err := limit.NewQueue(limit.QueueConfig{
		Limiter: s.store, QPS: s.config.QPS, MaxWait: s.config.MaxWait, Observer: s.metrics,
	})
	if err != nil {
		return nil, err
	}
	c.Queue, c.Observer = queue, s.metrics
	s.upstream, err = facepp.New(c)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() error { s.upstream.Close(); return nil })
	return recognizer.Remote{Upstream: s.upstream}, nil
}
