package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestFaultsOfTheUpstream: what a caller of the gateway sees when the upstream breaks, on the level of connections. Package
// facepp has the whole table, with what each costs; here are its kinds, through the whole server.
func TestFaultsOfTheUpstream(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
	page := func(status string) string {
		return "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"
	}
	for _, c := range []struct {
		name   string
		answer func(net.Conn)
		status int
		want   string
	}{
		{"reset before the answer", func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }, 500, "INTERNAL_ERROR"},
		{"cut in the answer", says(ok + "500\r\n\r\n{"), 500, "INTERNAL_ERROR"},
		{"slow header", drips("HTTP/1.1 200 OK\r\nX: "), 500, "INTERNAL_ERROR"},
		{"slow body", drips(ok + "100000\r\n\r\n"), 500, "INTERNAL_ERROR"},
		{"no answer", func(c net.Conn) { io.Copy(io.Discard, c) }, 500, "INTERNAL_ERROR"},
		{"truncated JSON", says(ok + "15\r\n\r\n{\"bank_cards\":["), 500, "INTERNAL_ERROR"},
		{"100 MB of JSON", func(c net.Conn) { flood(c, ok+"104857600\r\n\r\n") }, 500, "INTERNAL_ERROR"},
		{"HTML 502", says(page("502 Bad Gateway")), 500, "INTERNAL_ERROR"},
		{"HTML 413", says(page("413 Request Entity Too Large")), 413, "Request Entity Too Large"},
		{"text 413", says("HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\nRequest Entity Too Large"), 413, "Request Entity Too Large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			endpoint, asked := upstream(t, c.answer)
			env := map[string]string{"FACEPP_API_KEY": "k", "FACEPP_API_SECRET": "s", "FACEPP_ENDPOINT": endpoint, "FACEPP_QPS": "1000",
				"FACEPP_BUDGET": "400ms", "FACEPP_ATTEMPT": "300ms"}
			base := start(t, env, nil)
			contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
			r := post(t, base+cardpp.PathBeta, contentType, body)
			message := r.json.ErrorMessage
			if r.status == http.StatusRequestEntityTooLarge {
				message = r.text
			}
			if r.status != c.status || message != c.want {
				t.Errorf("%d %q, want %d %q", r.status, message, c.status, c.want)
			}
			if n := asked.Load(); n < 1 || n > 4 {
				t.Errorf("the upstream was asked %d times", n)
			}
		})
	}
	for name, endpoint := range map[string]string{"refused": "http://" + freeAddress(t), "no such host": "http://upstream.invalid", "no TLS": strings.Replace(silentServer(t), "http:", "https:", 1)} {
		base := start(t, map[string]string{"FACEPP_API_KEY": "k", "FACEPP_API_SECRET": "s", "FACEPP_ENDPOINT": endpoint, "FACEPP_BUDGET": "300ms"}, nil)
		contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
		if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 500 || r.json.ErrorMessage != "INTERNAL_ERROR" {
			t.Errorf("%s: %d %q", name, r.status, r.json.ErrorMessage)
		}
	}
}

// upstream listens, reads each request, and leaves the rest to answer.
func upstream(t *testing.T, answer func(net.Conn)) (endpoint string, asked *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked = new(atomic.Int32)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					if _, err := io.Copy(io.Discard, r.Body); err == nil {
						asked.Add(1)
						answer(c)
					}
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return "http://" + l.Addr().String() + cardpp.PathBeta, asked
}

func says(text string) func(net.Conn) {
	return func(c net.Conn) { io.WriteString(c, text) }
}

func drips(text string) func(net.Conn) {
	return func(c net.Conn) {
		for _, err := io.WriteString(c, text); err == nil; _, err = io.WriteString(c, " ") {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func flood(c net.Conn, header string) {
	_, err := io.WriteString(c, header)
	for chunk := strings.Repeat(" ", 1<<20); err == nil; {
		_, err = io.WriteString(c, chunk)
	}
}

// TestTheQueueIsFull: under a QPS that leaves no turn in time, a call is refused at once and told when to come again.
func TestTheQueueIsFull(t *testing.T) {
	u := &facepptest.Upstream{}
	base := start(t, withFacePP(t, u, "FACEPP_QPS", "0.05"), nil) // one in 22 s
	for i, want := range []string{"", cardpp.ConcurrencyLimit, cardpp.ConcurrencyLimit} {
		contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200+i, barsNumber))))
		r := post(t, base+cardpp.PathBeta, contentType, body)
		after, _ := strconv.Atoi(r.header.Get("Retry-After"))
		if r.json.ErrorMessage != want || (want != "") != (r.status == 403 && after > 1 && after <= 22) {
			t.Errorf("call %d: %d %q, Retry-After %d", i, r.status, r.json.ErrorMessage, after)
		}
	}
	if n := len(u.Calls()); n != 1 {
		t.Errorf("%d calls were made", n)
	}
	if metrics := text1(t, base+"/metrics"); !strings.Contains(metrics, fmt.Sprintf("scanner_upstream_queue_refused_total %d", 2)) {
		t.Error("the refusals aren't counted")
	}
}
