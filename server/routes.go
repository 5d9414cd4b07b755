package main

import (
	"net/http"

	"ocrbankcard/internal/cardpp"
)

// routes is the tree of all that the server answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{cardpp.PathBeta, cardpp.PathV1} {
		mux.Handle("POST "+path, s.gateway)
		mux.HandleFunc("OPTIONS "+path, s.gateway.Preflight)
	}
	mux.HandleFunc("/cardpp/", s.gateway.NotFound)
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("/", s.site)
	return mux
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
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
