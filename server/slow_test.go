package main

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

// hurried runs a server whose patience a test has shortened.
func hurried(t *testing.T, env map[string]string, shorten func(*Server, *http.Server)) (base string) {
	t.Helper()
	c, err := Load(setting.Map(env))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.gateway.Recognizer = reader(t)
	server := s.httpServer()
	shorten(s, server)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), s.close()); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// closes waits for the server to end a connection, and returns what it sent before.
func closes(t *testing.T, c net.Conn) string {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Error(err)
	}
	text, err := io.ReadAll(c)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		t.Error("the connection stays open")
	}
	return string(text)
}

// drip sends a body, 300 bytes a second.
func drip(t *testing.T, base string) {
	c := sent(t, base, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n")
	go func() {
		for err := error(nil); err == nil; time.Sleep(20 * time.Millisecond) {
			_, err = io.WriteString(c, "X: y\r\n")
		}
	}()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := read1(t, answer); r.json.ErrorMessage != "BAD_ARGUMENTS: body" {
		t.Errorf("%d %q", r.status, r.json.ErrorMessage)
	}
}

// TestCallersWhoTakeTheirTime: headers that don't end, connections that are left idle, bodies that drip, answers that
// nobody reads. The server has an end for each.
func TestCallersWhoTakeTheirTime(t *testing.T) {
	site := smallSite(t)
	large := make([]byte, 32<<20) // more than sockets hold
	if err := os.WriteFile(filepath.Join(site, "boot.0123456789ab.js"), large, 0o600); err != nil {
		t.Fatal(err)
	}
	var open *atomic.Int64
	base := hurried(t, map[string]string{"DIST": site, "BODY_GRACE": "300ms", "BODY_MIN_RATE": "16384"}, func(s *Server, h *http.Server) {
		if h.ReadHeaderTimeout <= 0 || h.ReadHeaderTimeout > 10*time.Second || h.ReadTimeout <= 0 || h.ReadTimeout > time.Minute || h.IdleTimeout <= 0 || h.IdleTimeout > 2*time.Minute || s.slowest <= 0 || s.slowest > 5*time.Minute {
			t.Errorf("patience of %v for headers, %v for bodies, %v for idle connections, %v in all", h.ReadHeaderTimeout, h.ReadTimeout, h.IdleTimeout, s.slowest)
		}
		h.ReadHeaderTimeout, h.ReadTimeout, h.IdleTimeout, s.slowest = 300*time.Millisecond, 500*time.Millisecond, 200*time.Millisecond, time.Second
		open = &s.connections.open
	})
	send := func(t *testing.T, text string) net.Conn { t.Helper(); return sent(t, base, text) }
	t.Run("nothing", func(t *testing.T) { closes(t, send(t, "")) })
	t.Run("half a header", func(t *testing.T) { closes(t, send(t, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nX: ")) })
	t.Run("idle", func(t *testing.T) {
		if got := closes(t, send(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")); !strings.HasPrefix(got, "HTTP/1.1 200 OK") {
			t.Errorf("answered with %q", got)
		}
	})
	t.Run("a body that drips", func(t *testing.T) { drip(t, base) })
	t.Run("bodies that nobody wants, or that never come", func(t *testing.T) {
		var all sync.WaitGroup
		for _, call := range []string{"POST /", "POST /healthz", "POST /v1/sessions", "POST /cardpp/none", "PUT " + cardpp.PathBeta, "POST " + cardpp.PathBeta} {
			for _, expect := range []string{"", "Expect: 100-continue\r\n"} {
				c := send(t, call+" HTTP/1.1\r\nHost: x\r\n"+expect+"Content-Length: 1000\r\n\r\n")
				all.Go(func() {
					if got := closes(t, c); strings.Contains(call, cardpp.PathBeta) && !strings.Contains(got, "error_message") {
						t.Errorf("%s %q: answered with %q", call, expect, got)
					}
				})
			}
		}
		all.Wait()
	})
	t.Run("an answer that nobody reads", func(t *testing.T) {
		for {
			c := send(t, "GET /boot.0123456789ab.js HTTP/1.1\r\nHost: x\r\n\r\n")
			if _, err := c.Read(make([]byte, 1)); err != nil {
				continue // a slow machine took longer than that over the file's ETag; in a while it is known
			}
			for open.Load() > 0 { // past its end: then what is in the sockets comes, and no more
				time.Sleep(10 * time.Millisecond)
			}
			if got := closes(t, c); len(got) >= len(large) {
				t.Errorf("%d bytes came of %d", len(got), len(large))
			}
			return
		}
	})
}

// TestWhoMaySendSlowlyGetsTheAnswer: where the settings give a body longer than usual to come in, its answer is waited for all the same.
func TestWhoMaySendSlowlyGetsTheAnswer(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        time.Duration
	}{
		{"BODY_GRACE", "10m", 10*time.Minute + 15*time.Second},
		{"BODY_MIN_RATE", "1024", 3072*time.Second + 15*time.Second},
		{"CALL_DEADLINE", "10m", 10 * time.Minute},
	} {
		hurried(t, map[string]string{c.name: c.value}, func(s *Server, _ *http.Server) {
			if s.slowest < c.want+30*time.Second {
				t.Errorf("%s=%s: the answer is given up %v after the call's begin", c.name, c.value, s.slowest)
			}
		})
	}
}

// sent is a connection over which a text was sent, and then nothing.
func sent(t *testing.T, base, text string) net.Conn {
	t.Helper()
	c := dial(t, base)
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTooManyConnections: one too many is closed at once, whatever it wanted; when another ends there is room again.
func TestTooManyConnections(t *testing.T) {
	base, s := startServer(t, map[string]string{"MAX_CONNECTIONS": "2"}, reader(t), io.Discard)
	ask := func(c net.Conn) (string, error) {
		if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return "", err
		}
		return bufio.NewReader(c).ReadString('\n')
	}
	first, second := dial(t, base), dial(t, base)
	defer first.Close()
	for _, c := range []net.Conn{first, second} {
		if line, err := ask(c); err != nil || !strings.Contains(line, "200") {
			t.Errorf("%q %v", line, err)
		}
	}
	third := dial(t, base)
	defer third.Close()
	if got := closes(t, third); got != "" {
		t.Errorf("the third one got %q", got)
	}
	if line, err := ask(first); err != nil || !strings.Contains(line, "200") {
		t.Errorf("the first one, then: %q %v", line, err)
	}
	second.Close()
	for s.connections.open.Load() > 1 {
		time.Sleep(time.Millisecond)
	}
	fourth := dial(t, base)
	defer fourth.Close()
	if line, err := ask(fourth); err != nil || !strings.Contains(line, "200") {
		t.Errorf("in the place of the second: %q %v", line, err)
	}
	first.Close()
	for s.connections.open.Load() > 1 {
		time.Sleep(time.Millisecond)
	}
	metrics := text1(t, base+"/metrics")
	if !strings.Contains(metrics, "scanner_connections_refused_total 1") {
		t.Error("the refusal isn't counted")
	}
}

// TestAFullServerIsAlive: by the manifest's probe. Kubernetes would else end it, with the calls that fill it.
func TestAFullServerIsAlive(t *testing.T) {
	base, s := startServer(t, map[string]string{"MAX_CONNECTIONS": "1"}, reader(t), io.Discard)
	admin := httptest.NewServer(s.adminRoutes())
	defer admin.Close()
	defer dial(t, base).Close()
	for s.connections.open.Load() < 1 {
		time.Sleep(time.Millisecond)
	}
	probe := regexp.MustCompile(`livenessProbe:\s+httpGet: \{path: (\S+), port: (\w+)\}`).FindStringSubmatch(text(t, "deploy/kubernetes/scanner.yaml"))
	if probe == nil {
		t.Fatal("no probe in the manifest")
	}
	if said := text1(t, map[string]string{"http": base, "admin": admin.URL}[probe[2]]+probe[1]); said != "ok\n" {
		t.Errorf("it says %q", said)
	}
}

// text1 is the body at an address.
func text1(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSlowSendersHoldNobodyUp: a caller whose picture is there is answered while far more than are begun at once have sent
// half of theirs, long before these are cut off.
func TestSlowSendersHoldNobodyUp(t *testing.T) {
	base, s := startServer(t, map[string]string{"BODY_GRACE": "5m"}, reader(t), io.Discard)
	const slow = 300
	for range slow {
		c := dial(t, base)
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	contentType, body := form(t, image1(asJPEG(t, drawBars(160, 100, barsNumber))))
	if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != http.StatusOK {
		t.Errorf("%d %q", r.status, r.json.ErrorMessage)
	}
	if left := s.connections.open.Load(); left < slow {
		t.Errorf("%d were cut off first", slow-left)
	}
}
