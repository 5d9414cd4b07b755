package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/gateway"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/session"
	"ocrbankcard/server/internal/static"
)

// Server is one running server and its parts.
type Server struct {
	config      Config
	log         *slog.Logger
	metrics     *observe.Metrics
	gateway     *gateway.Gateway
	sessions    *session.Book
	site        *static.Site
	upstream    *facepp.Client // nil when the embedded engine reads alone
	engine      *recognizer.Gate
	store       limit.Store
	certificate atomic.Pointer[tls.Certificate]
	connections connections
	slowest     time.Duration // that a caller may take over one request and its answer
	stopping    atomic.Bool
	closers     []func() error
}

// Serve answers on a listener until the context ends. Then it refuses to be ready, lets load balancers notice, stops
// listening and finishes every call taken.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.httpServer()
	if s.certificate.Load() != nil {
		l = tls.NewListener(l, s.tlsConfig())
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return errors.Join(err, s.close())
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.log.Info("stopping", "drain", s.config.Drain)
	time.Sleep(s.config.Drain)
	end, cancel := context.WithTimeout(context.Background(), s.config.Stop)
	defer cancel()
	return errors.Join(server.Shutdown(end), s.close())
}

// httpServer bounds every caller in time and in size. Bodies and answers have deadlines of their own: see package
// request, and polite.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.polite(s.guarded(s.routes())),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // of bodies that nobody wants: net/http reads them before it answers
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ConnState:         s.connections.state,
		// Calls over one connection, and what of their bodies may lie unread.
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: 32, MaxReceiveBufferPerConnection: 256 << 10, MaxReceiveBufferPerStream: 256 << 10},
		ErrorLog: newNetLog(s.log),
	}
}

// polite bounds the time that a caller may take to read its answer, and while the server is stopping asks callers for
// new connections, so that none is closed on a call just sent.
func (s *Server) polite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.slowest)) != nil {
			s.log.Debug("a connection has no write deadline")
		}
		if s.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// guarded gives every answer, whoever writes it, the headers that none goes without: nothing is stored that does not say
// otherwise, no type is guessed, no address is passed on, and who came by TLS stays with it (RFC 6797).
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if s.gateway.Callers.Secure(r) {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

// tlsConfig serves TLS 1.2 and 1.3 with Go's choice of ciphers, and whatever certificate is the latest.
func (s *Server) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return s.certificate.Load(), nil
		},
	}
}

func (s *Server) close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
