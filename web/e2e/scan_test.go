package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"ocrbankcard/internal/geometry"
)

// specimen is a line of testdata/specimens.jsonl.
type specimen struct {
	File    string
	Number  string
	Corners [][2]float64
}

func specimenOf(t *testing.T, file string) specimen {
	t.Helper()
	lines, err := os.ReadFile(filepath.Join(root, "testdata", "specimens.jsonl"))
	must(t, err)
	for line := range bytes.Lines(lines) {
		var s specimen
		must(t, json.Unmarshal(line, &s))
		if s.File == file {
			return s
		}
	}
	t.Fatalf("no specimen %s", file)
	return specimen{}
}

// serveScanner starts the real server with the real site, and returns its address.
func serveScanner(t *testing.T, env ...string) (string, *process) {
	t.Helper()
	p := port(t)
	address := "http://localhost:" + p
	return address, start(t, address+"/healthz", append([]string{"ADDR=localhost:" + p, "DIST=" + dist(t), "LOG_LEVEL=debug"}, env...), program(t, "./server"))
}

// number is what stands in the fields of the result.
const number = `Array.from(document.querySelectorAll(".group")).map(g => g.value).join("")`

// resultShown is true once the page shows a number to compare.
const resultShown = `document.documentElement.dataset.view === "result" && document.querySelector(".group") !== null`

// beingRead holds once a picture is made and somebody is asked to read it.
const beingRead = `document.querySelector(".waiting") !== null && document.querySelector(".picture image") !== null`

// bound returns the outline that the page shows, in pixels of the camera's frame.
func bound(t *testing.T, ctx context.Context) geometry.Quad {
	t.Helper()
	return quadOf(t, ask[string](t, ctx, shownBound))
}

const shownBound = `JSON.stringify(document.querySelector(".picture").dataset.bound.split(" ").map(p => p.split(",").map(Number)))`

func quadOf(t *testing.T, text string) (q geometry.Quad) {
	t.Helper()
	var corners [4][2]float64
	must(t, json.Unmarshal([]byte(text), &corners))
	for i, c := range corners {
		q[i] = geometry.Point{X: c[0], Y: c[1]}
	}
	return q
}

// A card before the camera becomes a number on the page, with no account and no secret.
func TestACardBeforeTheCameraBecomesANumber(t *testing.T) {
	want := specimenOf(t, "embossed16.jpg")
	address, _ := serveScanner(t)
	ctx := browser(t, camera(t, want.File))
	must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	// Within 2 % of the card's longer side, corner by corner.
	var truth geometry.Quad
	for i, c := range want.Corners {
		truth[i] = geometry.Point{X: c[0], Y: c[1]}
	}
	near(t, bound(t, ctx), truth)
}

// faceppStandIn answers like Face++ and keeps what it was sent.
func faceppStandIn(t *testing.T, number string) (endpoint string, sent func() string) {
	t.Helper()
	var mu sync.Mutex
	var bodies bytes.Buffer
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		bodies.Write(body)
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"bank_cards":[{"bound":{"left_top":{"x":50,"y":60},"right_top":{"x":600,"y":60},"right_bottom":{"x":600,"y":420},"left_bottom":{"x":50,"y":420}},"number":"`+number+`"}],"time_used":40,"request_id":"1473759244,40dfde25-6d1a-4c90-a994-813556c81e30"}`)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/cardpp/beta/ocrbankcard", func() string {
		mu.Lock()
		defer mu.Unlock()
		return bodies.String()
	}
}

// record puts a proxy before a server and keeps every byte that it answers with, uncompressed.
func record(t *testing.T, address string) (proxied string, received func() []byte) {
	t.Helper()
	target, err := url.Parse(address)
	must(t, err)
	var mu sync.Mutex
	var all bytes.Buffer
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target) // and the host with it
		r.Out.Header.Set("Accept-Encoding", "identity")
		if r.Out.Header.Get("Origin") != "" {
			r.Out.Header.Set("Origin", address)
		}
	}}
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err := r.Header.Write(&all); err != nil {
			return err
		}
		all.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		return nil
	}
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1), func() []byte {
		mu.Lock()
		defer mu.Unlock()
		return bytes.Clone(all.Bytes())
	}
}

// With Face++ configured, the same page is served by it; the secret is in the call to it and nowhere else.
func TestTheSecretGoesToFaceppAndNowhereElse(t *testing.T) {
	const key, secret = "an-api-key-of-this-test", "the-secret-of-this-test-7f3a"
	want := specimenOf(t, "flat16.jpg")
	endpoint, sent := faceppStandIn(t, want.Number)
	address, server := serveScanner(t, "FACEPP_API_KEY="+key, "FACEPP_API_SECRET="+secret, "FACEPP_ENDPOINT="+endpoint)
	proxied, received := record(t, address)
	ctx := browser(t, camera(t, want.File))
	must(t, chromedp.Do(ctx, chromedp.Navigate(proxied)))
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than Face++ read (%d digits)", len(got))
	}
	if body := sent(); !strings.Contains(body, secret) || !strings.Contains(body, key) {
		t.Error("the call to Face++ lacks key or secret")
	}
	if all := received(); len(all) < 1<<20 {
		t.Errorf("only %d bytes were seen on their way to the browser", len(all))
	} else if bytes.Contains(all, []byte(secret)) {
		t.Error("the browser received the secret")
	}
	if strings.Contains(server.out.String(), secret) {
		t.Error("the secret is in the log")
	}
	must(t, filepath.WalkDir(dist(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s holds the secret", path)
		}
		return err
	}))
}

// With data-read="device" nothing but the page's own files is asked for: no request leaves the page with the picture.
func TestOnDeviceReadingSendsNothing(t *testing.T) {
	want := specimenOf(t, "embossed16.jpg")
	address, _ := serveScanner(t)
	var mu sync.Mutex
	var calls []string
	target, err := url.Parse(address)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/config.json" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"read":"device"}`)
			return
		}
		mu.Lock()
		calls = append(calls, r.Method+" "+r.URL.Path)
		mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	ctx := browser(t, camera(t, want.File))
	must(t, chromedp.Do(ctx, chromedp.Navigate(front.URL)))
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	mu.Lock()
	defer mu.Unlock()
	for _, c := range calls {
		if !strings.HasPrefix(c, "GET ") || strings.Contains(c, "cardpp") {
			t.Errorf("the page asked for %s", c)
		}
	}
}
