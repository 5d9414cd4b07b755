package main

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestFaultsOfTheUpstream: what a caller of the gateway sees when the upstream breaks, on the level of connections. Package
// facepp has the whole table, with what each costs; here are its kinds, through the whole server.
func TestFaultsOfTheUpstream(t *testing.T) {
	const json = "application/json"
	for _, c := range []struct {
		name   string
		answer func(net.Conn)
		status int
		want   string
	}{
		{"reset before the answer", facepptest.Reset(""), 500, "INTERNAL_ERROR"},
		{"cut in the answer", facepptest.Send(facepptest.Head + "Content-Length: 500\r\n\r\n{"), 500, "INTERNAL_ERROR"},
		{"slow header", facepptest.Trickle("HTTP/1.1 200 OK\r\nX: ", "x"), 500, "INTERNAL_ERROR"},
		{"slow body", facepptest.Trickle(facepptest.Head+"Content-Length: 100000\r\n\r\n", " "), 500, "INTERNAL_ERROR"},
		{"no answer", facepptest.Silent, 500, "INTERNAL_ERROR"},
		{"truncated JSON", facepptest.Send(facepptest.Whole("200 OK", json, `{"bank_cards":[`)), 500, "INTERNAL_ERROR"},
		{"100 MB of JSON", facepptest.Flood(facepptest.Head+"Content-Length: 104857600\r\n\r\n", false), 500, "INTERNAL_ERROR"},
		{"HTML 502", facepptest.Send(facepptest.HTML("502 Bad Gateway")), 500, "INTERNAL_ERROR"},
		{"HTML 413", facepptest.Send(facepptest.HTML("413 Request Entity Too Large")), 413, "Request Entity Too Large"},
		{"text 413", facepptest.Send(facepptest.Whole("413 Request Entity Too Large", "text/plain", "Request Entity Too Large")), 413, "Request Entity Too Large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &facepptest.Raw{Answer: c.answer}
			endpoint := u.Start()
			t.Cleanup(u.Close)
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
			if n := u.Requests.Load(); n < 1 || n > 4 {
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
	if metrics := text1(t, base+"/metrics"); !strings.Contains(metrics, "scanner_upstream_queue_refused_total 2") {
		t.Error("the refusals aren't counted")
	}
}

// TestACallerWhoLeavesIsNoFault: in the log, what needs an operator stands apart from shoppers who close the page.
func TestACallerWhoLeavesIsNoFault(t *testing.T) {
	var log lockedBuffer
	base, _, stop := startStoppable(t, withFacePP(t, &facepptest.Upstream{Delay: 5 * time.Second}), nil, &log)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+cardpp.PathBeta, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	impatient := http.Client{Timeout: 300 * time.Millisecond}
	if answer, err := impatient.Do(r); err == nil {
		answer.Body.Close()
		t.Fatal("the answer came too soon")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if got := log.String(); !strings.Contains(got, "outcome=caller_gone") || strings.Contains(got, "level=ERROR") {
		t.Errorf("the log tells %s", got)
	}
}
