package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/recognizer"
)

// TestARefusalKeepsItsConnection: where nothing is left unread on it, or HTTP/2 ends what is.
func TestARefusalKeepsItsConnection(t *testing.T) {
	certificate, key := testCertificate(t)
	plain := start(t, nil, reader(t))
	secure := strings.Replace(start(t, map[string]string{"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}, reader(t)), "http:", "https:", 1)
	contentType, text := form(t, image1([]byte("no picture")))
	_, large := form(t, image1(make([]byte, 1<<20)))
	for name, c := range map[string]struct {
		base, origin string
		body         []byte
		status       int
	}{
		"nothing sent": {plain, "", nil, 400}, "all of it read": {plain, "", text, 400}, "HTTP/2, unread": {secure, "https://evil.example", large, 403},
	} {
		client := insecure(t)
		client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
		for i := range 3 {
			reused := false
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(g httptrace.GotConnInfo) { reused = g.Reused }})
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+cardpp.PathBeta, bytes.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", contentType)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := read1(t, answer); got.status != c.status || reused != (i > 0) {
				t.Errorf("%s, call %d: %d %q, on a connection used before: %v", name, i, got.status, got.json.ErrorMessage, reused)
			}
		}
	}
}

// TestARefusedCallEndsWithItsAnswer: the time for which the rest of its body is read on is not the call's.
func TestARefusedCallEndsWithItsAnswer(t *testing.T) {
	const kept = 600 * time.Millisecond
	base, s := startServer(t, nil, reader(t), io.Discard)
	events := make(chan *observe.Event, 1)
	s.gateway.Observe = func(e *observe.Event) { events <- e }
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: scanner.example\r\nOrigin: https://evil.example\r\nContent-Length: 1000\r\n\r\na part", cardpp.PathBeta)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != http.StatusForbidden {
		t.Fatal(answer, err)
	}
	time.Sleep(kept)
	conn.Close()
	if e := <-events; e.Total >= kept || e.Total <= 0 {
		t.Errorf("a call refused at once took %v", e.Total)
	}
}

// TestARefusedCallEndsWithItsRefusalByHTTP2, where the rest of its body is read before the answer.
func TestARefusedCallEndsWithItsRefusalByHTTP2(t *testing.T) {
	certificate, key := testCertificate(t)
	base, s := startServer(t, map[string]string{"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}, reader(t), io.Discard)
	events := make(chan *observe.Event, 1)
	s.gateway.Observe = func(e *observe.Event) { events <- e }
	refused := make(refusing, 1)
	s.gateway.Limits.Limiter = refused
	client := insecure(t)
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	body, rest := io.Pipe()
	var ended time.Time
	go func() {
		io.WriteString(rest, "a part")
		<-refused
		time.Sleep(600 * time.Millisecond)
		ended = time.Now()
		rest.Close()
	}()
	r, err := http.NewRequest(http.MethodPost, strings.Replace(base, "http:", "https:", 1)+cardpp.PathBeta, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := read1(t, answer); got.status != http.StatusForbidden || answer.ProtoMajor != 2 {
		t.Errorf("%s %d", answer.Proto, got.status)
	}
	if e := <-events; e.Total <= 0 || e.Start.Add(e.Total).After(ended) {
		t.Errorf("a call refused at once took %v", e.Total)
	}
}

// refusing is a limiter that allows nothing, and tells when it was asked.
type refusing chan struct{}

func (r refusing) Take(context.Context, string, limit.Rate) (limit.Decision, error) {
	r <- struct{}{}
	return limit.Decision{RetryAfter: time.Second}, nil
}

// waits recognizes nothing until the caller has gone.
type waits struct{ began chan struct{} }

func (waits) Name() string { return "waits" }
func (w waits) Recognize(ctx context.Context, _ recognizer.Picture) (recognizer.Result, error) {
	close(w.began)
	<-ctx.Done()
	return recognizer.Result{}, ctx.Err()
}

// TestTheMetricsTellWhoHungUp: those, and calls of what doesn't exist, are no faults of the server's.
func TestTheMetricsTellWhoHungUp(t *testing.T) {
	w := waits{make(chan struct{})}
	base := start(t, nil, w)
	ask(t, http.DefaultClient, base, "GET "+cardpp.PathV1)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-w.began
		leave()
	}()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+cardpp.PathBeta, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if _, err := http.DefaultClient.Do(r); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for _, outcome := range []string{"caller_gone", "api_not_found"} {
		awaitMetric(t, base, `outcome="`+outcome+`"`)
	}
}

// awaitMetric waits until the metrics show a text. A call whose body isn't read, or whose caller has gone, is counted after
// its answer was sent.
func awaitMetric(t *testing.T, base, text string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(text1(t, base+"/metrics"), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s in the metrics", text)
		}
	}
}

// TestTheLogAndTheMetricsTellWhy: of a fault its cause, of a refusal the limit.
func TestTheLogAndTheMetricsTellWhy(t *testing.T) {
	var log lockedBuffer
	base, _, stop := startStoppable(t, map[string]string{"LIMIT_ADDRESS": "1"}, remote(errors.New("the cable is cut")), &log)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for _, want := range []int{500, 403} {
		if r := post(t, base+cardpp.PathBeta, contentType, body, header("Sec-Fetch-Site", "same-origin")); r.status != want {
			t.Errorf("%d, want %d", r.status, want)
		}
	}
	awaitMetric(t, base, `scanner_limited_total{on="address"} 1`)
	if err := stop(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"the cable is cut", "limited_on=address"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log", want)
		}
	}
}

// TestNoSeriesBeginsWithACall: Prometheus sees no rise in what a counter begins with, so that a first burst of faults would
// raise no alert; and as long as there is no call, the dashboard would find no job to choose.
func TestNoSeriesBeginsWithACall(t *testing.T) {
	base := start(t, map[string]string{"LIMIT_ADDRESS": "1"}, reader(t))
	series := regexp.MustCompile(`(?m)^scanner_(?:calls_total|limited_total|call_seconds_count|recognize_seconds_count)(?:\{.*\})? `)
	before := series.FindAllString(text1(t, base+"/metrics"), -1)
	contentType, picture := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for _, site := range []string{"", "same-origin", "same-origin", "cross-site"} {
		for _, body := range [][]byte{picture, []byte("--x--")} {
			post(t, base+cardpp.PathBeta, contentType, body, header("Sec-Fetch-Site", site))
		}
	}
	if answer, err := http.Get(base + cardpp.PathBeta); err != nil || answer.Body.Close() != nil {
		t.Fatal(err)
	}
	for _, s := range series.FindAllString(text1(t, base+"/metrics"), -1) {
		if !slices.Contains(before, s) {
			t.Errorf("not shown before it counts: %s", s)
		}
	}
}
