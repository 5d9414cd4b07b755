package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// mailbox serves the scanner and keeps the pictures that are sent to it.
type mailbox struct {
	address string
	t       *testing.T
	mu      sync.Mutex
	kept    [][]byte
}

// newMailbox serves under a reading policy, and gives every picture the same answer; "" leaves either to the scanner's own
// server.
func newMailbox(t *testing.T, policy, answer string) *mailbox {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	m := &mailbox{t: t}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			m.keep(r)
			if answer != "" {
				io.WriteString(w, answer)
				return
			}
		case r.URL.Path == "/config.json" && policy != "":
			fmt.Fprintf(w, `{"read":%q}`, policy)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	m.address = s.URL
	return m
}

// keep keeps a request's picture; the request can be read once more.
func (m *mailbox) keep(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		m.t.Error(err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	twin := r.Clone(r.Context())
	twin.Body = io.NopCloser(bytes.NewReader(body))
	file, _, err := twin.FormFile("image_file")
	if err != nil {
		m.t.Error(err)
		return
	}
	picture, err := io.ReadAll(file)
	if err != nil {
		m.t.Error(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append(m.kept, picture)
}

func (m *mailbox) pictures() [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept
}
