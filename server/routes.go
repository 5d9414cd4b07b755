package main

import (
	"net/http"
	"strings"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/session"
)

// routes is the tree of all that the server answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{cardpp.PathBeta, cardpp.PathV1} {
		mux.Handle("POST "+path, s.gateway)
		mux.HandleFunc("OPTIONS "+path, s.gateway.Preflight)
	}
	mux.HandleFunc("/cardpp/", s.gateway.NotFound)
	mux.Handle(session.Path, s.sessions)
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	if s.config.Admin == "" {
		mux.Handle("GET /metrics", s.forThisMachine(s.metrics.Handler()))
	}
	mux.Handle("/", s.site)
	return slashes(mux)
}

// slashes takes slashes that follow each other for one: a client whose base address ends in a slash, be it the host's or the API's
// ("/cardpp/v1/"), would else be redirected, and few follow that with a POST.
func slashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "//") {
			u := *r.URL
			for u.RawPath = ""; strings.Contains(u.Path, "//"); {
				u.Path = strings.ReplaceAll(u.Path, "//", "/")
			}
			r = r.WithContext(r.Context()) // a copy
			r.URL = &u
		}
		next.ServeHTTP(w, r)
	})
}

// adminRoutes is what ADMIN_ADDR answers, for those who watch over the server.
func (s *Server) adminRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	return s.guarded(mux)
}

// forThisMachine hides a handler from all but programs on this machine.
func (s *Server) forThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.gateway.Callers.ClientAddr(r).IsLoopback() {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// alive says that the process runs.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready says whether calls should come here: not while the server is stopping.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.stopping.Load() {
		say(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	say(w, http.StatusOK, "ready: "+s.gateway.Recognizer.Name())
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
