package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/fetch"
	"ocrbankcard/server/internal/gateway"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/static"
)

// Server is one running server and its parts.
type Server struct {
	config   Config
	log      *slog.Logger
	gateway  *gateway.Gateway
	site     *static.Site
	stopping atomic.Bool
}

// NewServer puts the parts together.
func NewServer(c Config, log *slog.Logger) (*Server, error) {
	r, err := chooseRecognizer(c)
	if err != nil {
		return nil, err
	}
	return assemble(c, log, r), nil
}

func assemble(c Config, log *slog.Logger, r recognizer.Recognizer) *Server {
	return &Server{
		config: c,
		log:    log,
		site:   static.New(c.Dist, nil),
		gateway: &gateway.Gateway{
			Recognizer: r,
			Callers:    auth.New(c.Callers),
			Fetcher:    fetch.New(c.Fetch),
			Uploads:    gateway.NewUploads(c.Uploads, c.Request.MaxBody),
			Request:    c.Request,
			Deadline:   c.Calls,
			Observe:    gateway.Logged(log),
		},
	}
}

// chooseRecognizer returns Face++ where its credentials are set, or else the embedded engine.
func chooseRecognizer(c Config) (recognizer.Recognizer, error) {
	if c.Remote() {
		client, err := facepp.New(facepp.Config{Key: c.Key, Secret: c.Secret, Endpoint: c.Endpoint})
		return recognizer.Remote{Upstream: client}, err
	}
	engine, err := recognizer.NewEngine()
	return recognizer.Local{Engine: engine, Gate: recognizer.NewGate(c.Engine)}, err
}

// httpServer bounds every caller in time and in size. Bodies have deadlines of their own, see package request.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.polite(s.routes()),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// polite asks callers for new connections while the server is stopping, so that none is closed on a call just sent.
func (s *Server) polite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// Serve answers on a listener until the context ends; then it finishes every call taken.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.httpServer()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.log.Info("stopping", "drain", s.config.Drain)
	time.Sleep(s.config.Drain)
	end, cancel := context.WithTimeout(context.Background(), s.config.Stop)
	defer cancel()
	return server.Shutdown(end)
}
