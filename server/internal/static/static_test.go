package static

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

const (
	page   = "<!doctype html><title>Scan</title>"
	module = "\x00asm and much more of it, much more of it, much more of it, much more of it"
)

// site writes a small build as web/build does.
func site(t *testing.T) (dir string, s *httptest.Server) {
	t.Helper()
	dir = t.TempDir()
	var br, gz bytes.Buffer
	b, g := brotli.NewWriter(&br), gzip.NewWriter(&gz)
	io.WriteString(b, module)
	io.WriteString(g, module)
	b.Close()
	g.Close()
	for name, text := range map[string]string{
		"index.html": page, "sub/index.html": page, "main.0123456789ab.wasm": module,
		"main.0123456789ab.wasm.br": br.String(), "main.0123456789ab.wasm.gz": gz.String(),
		"old.ba9876543210.wasm": module, // of an earlier build
		"secret.txt":            "not listed", "_headers": "not for browsers",
		"headers.json": `[
			{"path": "/index.html", "headers": {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'"}},
			{"path": "/sub/index.html", "headers": {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}},
			{"path": "/main.0123456789ab.wasm", "headers": {"Content-Type": "application/wasm", "Cache-Control": "public, max-age=31536000, immutable"}}
		]`,
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s = httptest.NewServer(New(dir, []string{"https://shop.example"}))
	t.Cleanup(s.Close)
	return dir, s
}

// get asks without the transport's own gzip.
func get(t *testing.T, method, url string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
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

func TestFilesComeWithTheirHeaders(t *testing.T) {
	_, s := site(t)
	time.Sleep(grain + 100*time.Millisecond) // as files do that were copied before
	for path, want := range map[string][3]string{
		"/":                       {"text/html; charset=utf-8", "no-cache", page},
		"/index.html":             {"text/html; charset=utf-8", "no-cache", page},
		"/index":                  {"text/html; charset=utf-8", "no-cache", page},
		"/sub/":                   {"text/html; charset=utf-8", "no-cache", page},
		"/main.0123456789ab.wasm": {"application/wasm", "public, max-age=31536000, immutable", module},
		"/old.ba9876543210.wasm":  {"application/wasm", "public, max-age=31536000, immutable", module},
	} {
		r, body := get(t, "GET", s.URL+path)
		if got := [3]string{r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"), body}; r.StatusCode != 200 || got != want {
			t.Errorf("%s: %d %q", path, r.StatusCode, got)
		}
	}
	r, _ := get(t, "GET", s.URL+"/")
	if got := r.Header.Get("Content-Security-Policy"); got != "default-src 'none'; frame-ancestors 'self' https://shop.example" {
		t.Errorf("policy %q", got)
	}
}

func TestEncodings(t *testing.T) {
	_, s := site(t)
	url := s.URL + "/main.0123456789ab.wasm"
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br": "br", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip", "identity": "", "GZIP;q=0.5": "gzip",
	} {
		r, body := get(t, "GET", url, "Accept-Encoding", accept)
		if got := r.Header.Get("Content-Encoding"); got != want && !(want == "br" && got == "gzip") {
			t.Errorf("%q: %q", accept, got)
		}
		var plain io.Reader = strings.NewReader(body)
		switch r.Header.Get("Content-Encoding") {
		case "br":
			plain = brotli.NewReader(plain)
		case "gzip":
			var err error
			if plain, err = gzip.NewReader(plain); err != nil {
				t.Fatal(err)
			}
		}
		if text, err := io.ReadAll(plain); err != nil || string(text) != module {
			t.Errorf("%q: %v", accept, err)
		}
		if r.Header.Get("Vary") != "Accept-Encoding" || r.ContentLength != int64(len(body)) || r.Header.Get("Content-Type") != "application/wasm" {
			t.Errorf("%q: headers %v", accept, r.Header)
		}
		again, _ := get(t, "GET", url, "Accept-Encoding", accept, "If-None-Match", r.Header.Get("ETag"))
		if again.StatusCode != 304 {
			t.Errorf("%q: asked again: %d", accept, again.StatusCode)
		}
	}
}

func TestWhatIsNotServed(t *testing.T) {
	_, s := site(t)
	for _, path := range []string{"/secret.txt", "/_headers", "/headers.json", "/main.0123456789ab.wasm.br", "/none", "/sub", "/../static.go", "/%2e%2e/static.go", "/sub/../../x"} {
		if r, _ := get(t, "GET", s.URL+path); r.StatusCode != 404 && r.StatusCode != 400 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r, body := get(t, "HEAD", s.URL+"/"); r.StatusCode != 200 || body != "" || r.ContentLength != int64(len(page)) {
		t.Errorf("HEAD: %d", r.StatusCode)
	}
	if r, _ := get(t, "POST", s.URL+"/"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", r.StatusCode)
	}
}

func TestANewBuildIsSeen(t *testing.T) {
	dir, s := site(t)
	get(t, "GET", s.URL+"/")
	next := t.TempDir()
	for name, text := range map[string]string{
		"index.html":   "new",
		"headers.json": `[{"path": "/index.html", "headers": {"Content-Type": "text/html; charset=utf-8"}}]`,
	} {
		if err := os.WriteFile(filepath.Join(next, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r, _ := get(t, "GET", s.URL+"/"); r.StatusCode != 503 {
		t.Errorf("without a build: %d", r.StatusCode)
	}
	if err := os.Rename(next, dir); err != nil {
		t.Fatal(err)
	}
	if r, body := get(t, "GET", s.URL+"/"); r.StatusCode != 200 || body != "new" {
		t.Errorf("after: %d %q", r.StatusCode, body)
	}
}

// Files that only another user may read are told at the start, as missing ones are.
func TestAWholeBuildCanBeRead(t *testing.T) {
	dir, _ := site(t)
	if err := New(dir, nil).Built(); err != nil {
		t.Error(err)
	}
	empty, _ := site(t)
	over(t, empty, "main.0123456789ab.wasm.br", "")
	if err := New(empty, nil).Built(); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "main.0123456789ab.wasm.br is empty") {
		t.Errorf("%v", err)
	}
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	if err := os.Chmod(filepath.Join(dir, "main.0123456789ab.wasm.gz"), 0); err != nil {
		t.Fatal(err)
	}
	if err := New(dir, nil).Built(); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "main.0123456789ab.wasm.gz") {
		t.Errorf("%v", err)
	}
}

func TestAncestorsChange(t *testing.T) {
	dir, _ := site(t)
	s := New(dir, []string{"https://old.example"})
	s.SetAncestors([]string{"https://new.example", "https://newer.example"})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Header().Get("Content-Security-Policy"); got != "default-src 'none'; frame-ancestors 'self' https://new.example https://newer.example" {
		t.Errorf("policy %q", got)
	}
}

// TestAFileBeingCopiedIsKeptByNobody: cp cuts a file before it writes it again, and what a browser gets of it meanwhile would
// else be its file for a year.
func TestAFileBeingCopiedIsKeptByNobody(t *testing.T) {
	dir, s := site(t)
	const name, whole = "/old.ba9876543210.wasm", "public, max-age=31536000, immutable"
	over(t, dir, name[1:], "")
	if answer, _ := get(t, "GET", s.URL+name); answer.StatusCode != 503 || answer.Header.Get("Cache-Control") != "" || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("nothing of it: %s, %v", answer.Status, answer.Header)
	}
	for _, part := range []string{module[:20], module} {
		over(t, dir, name[1:], part)
		if answer, body := get(t, "GET", s.URL+name); answer.StatusCode != 200 || body != part || answer.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%d bytes of %d: %s, Cache-Control %q", len(body), len(module), answer.Status, answer.Header.Get("Cache-Control"))
		}
	}
	time.Sleep(grain + 100*time.Millisecond)
	if answer, body := get(t, "GET", s.URL+name); body != module || answer.Header.Get("Cache-Control") != whole {
		t.Errorf("later: %s, Cache-Control %q", answer.Status, answer.Header.Get("Cache-Control"))
	}
}

// TestAMissingFileIsKeptByNobody: a roll-back may bring it again.
func TestAMissingFileIsKeptByNobody(t *testing.T) {
	dir, s := site(t)
	const name = "/old.ba9876543210.wasm"
	if answer, _ := get(t, "GET", s.URL+name); answer.StatusCode != 200 {
		t.Fatal(answer.Status)
	}
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	if answer, _ := get(t, "GET", s.URL+name); answer.StatusCode != 404 || answer.Header.Get("Cache-Control") != "" {
		t.Errorf("%s, Cache-Control %q", answer.Status, answer.Header.Get("Cache-Control"))
	}
}
