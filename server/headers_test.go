package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

// smallSite is a folder as web/build leaves it: a page and a script.
func smallSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"index.html": "<!doctype html><title>Scan</title>", "boot.0123456789ab.js": "start()",
		"headers.json": `[
			{"path": "/index.html", "headers": {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'", "Permissions-Policy": "camera=(self)"}},
			{"path": "/boot.0123456789ab.js", "headers": {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"}}
		]`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// every is a call of each kind that the server answers, by method and path: answers and errors of every room.
var every = []struct {
	call   string
	status int
	cached string // Cache-Control, where it is not no-store
}{
	{"POST " + cardpp.PathBeta, 400, ""}, {"POST " + cardpp.PathV1, 400, ""}, {"GET " + cardpp.PathBeta, 404, ""}, {"OPTIONS " + cardpp.PathBeta, 204, ""},
	{"POST /cardpp/none", 404, ""}, {"POST /v1/sessions", 401, ""}, {"GET /v1/sessions", 405, ""}, {"OPTIONS /v1/sessions", 405, ""},
	{"GET /healthz", 200, ""}, {"GET /readyz", 200, ""}, {"POST /readyz", 405, ""}, {"GET /metrics", 200, ""},
	{"GET /", 200, "no-cache"}, {"HEAD /index.html", 200, "no-cache"}, {"GET /boot.0123456789ab.js", 200, "public, max-age=31536000, immutable"},
	{"GET /boot.ffffffffffff.js", 404, ""}, {"GET /headers.json", 404, ""}, {"POST /", 405, ""}, {"GET /.env", 404, ""}, {"DELETE /v1/other", 405, ""},
}

// ask makes a call of the list above.
func ask(t *testing.T, client *http.Client, base, call string, edit ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	r, err := http.NewRequest(method, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range edit {
		f(r)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// TestEveryAnswerHasItsHeaders: no answer is stored that should not be, guessed at, or leaves TLS once there; a page says
// what it may load and who may frame it; no page of another origin is let in that is not configured.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	env := map[string]string{"DIST": smallSite(t), "MERCHANTS": "shop:0123456789abcdef0123456789abcdef:https://shop.example", "CORS_ORIGINS": "https://cdn.example", "TRUSTED_PROXIES": "127.0.0.1"}
	secure := map[string]string{}
	for name, value := range env {
		secure[name] = value
	}
	secure["TLS_CERT_FILE"], secure["TLS_KEY_FILE"] = testCertificate(t)
	client := insecure(t)
	time.Sleep(2100 * time.Millisecond) // files that were copied a moment ago are kept by nobody
	for name, c := range map[string]struct {
		base string
		edit func(*http.Request)
		hsts bool
	}{
		"plain":                 {start(t, env, reader(t)), header("X", "y"), false},
		"TLS":                   {strings.Replace(start(t, secure, reader(t)), "http:", "https:", 1), header("X", "y"), true},
		"TLS at a proxy":        {start(t, env, reader(t)), header("X-Forwarded-Proto", "https"), true},
		"a proxy for plain":     {start(t, env, reader(t)), header("X-Forwarded-Proto", "http"), false},
		"a page of the scanner": {start(t, env, reader(t)), header("Origin", "https://cdn.example"), false},
		"a page of a shop":      {start(t, env, reader(t)), header("Origin", "https://shop.example"), false},
		"a foreign page":        {start(t, env, reader(t)), header("Origin", "https://evil.example"), false},
	} {
		for _, e := range every {
			answer, _ := ask(t, client, c.base, e.call, c.edit)
			h := answer.Header
			if name == "plain" && answer.StatusCode != e.status { // who else calls may be refused before that
				t.Errorf("%s, %s: %d, want %d", name, e.call, answer.StatusCode, e.status)
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": or(e.cached, "no-store"),
				"Access-Control-Allow-Credentials": "", "Server": "", "Set-Cookie": "",
			} {
				if got := strings.Join(h.Values(header), " | "); got != want {
					t.Errorf("%s, %s: %s is %q, want %q", name, e.call, header, got, want)
				}
			}
			if got := h.Get("Strict-Transport-Security"); (got == "max-age=63072000") != c.hsts || (got == "") == c.hsts {
				t.Errorf("%s, %s: Strict-Transport-Security is %q", name, e.call, got)
			}
			if policy := h.Get("Content-Security-Policy"); e.cached == "no-cache" && (policy != "default-src 'none'; frame-ancestors 'self' https://shop.example" || h.Get("Permissions-Policy") != "camera=(self)") {
				t.Errorf("%s, %s: a page's policy is %q", name, e.call, policy)
			}
			want := ""
			if strings.Contains(e.call, "/cardpp/") && (strings.HasPrefix(name, "a page of")) {
				want = map[string]string{"a page of the scanner": "https://cdn.example", "a page of a shop": "https://shop.example"}[name]
			}
			if got := h.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s, %s: Access-Control-Allow-Origin is %q, want %q", name, e.call, got, want)
			}
		}
	}
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// TestTheAdminsAnswersHaveThem, too: what they hold is of a moment.
func TestTheAdminsAnswersHaveThem(t *testing.T) {
	c, err := Load(setting.Map(map[string]string{"DIST": smallSite(t)}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/nothing"} {
		w := httptest.NewRecorder()
		s.adminRoutes().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
}
