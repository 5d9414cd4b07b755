package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// startCaddy serves a site, under its path, by the very configuration in server/deploy/cdn.
func startCaddy(t *testing.T, folder, port, shops string) {
	t.Helper()
	example, err := os.ReadFile(filepath.Join(root, "server/deploy/cdn/Caddyfile"))
	must(t, err)
	dir := t.TempDir()
	site := strings.NewReplacer("root * /srv/scanner", "root * `"+strings.TrimSuffix(folder, under)+"`", "/srv/scanner/headers.caddy", "`"+folder+"/headers.caddy`").Replace(string(example))
	file := filepath.Join(dir, "Caddyfile")
	must(t, os.WriteFile(file, []byte("{\n\tadmin off\n}\n"+site), 0o600))
	env := []string{"SITE=http://localhost:" + port, "SHOPS=" + shops, "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	must(t, runIn(dir, env, "caddy", "validate", "--adapter", "caddyfile", "--config", file))
	start(t, "http://localhost:"+port+under+"/index.html", env, "caddy", "run", "--adapter", "caddyfile", "--config", file)
}

// The configurations that are given for CDNs send the headers that the build asks for, with every file.
func TestTheExamplesServeTheSite(t *testing.T) {
	const shops = "https://shop.example https://other.example"
	for program, startIt := range map[string]func(t *testing.T, folder, port, shops string){"nginx": startNginx, "caddy": startCaddy} {
		t.Run(program, func(t *testing.T) {
			need(t, program)
			folder, p := cdnSite(t, "https://api.example"), port(t)
			startIt(t, folder, p, shops)
			base := "http://localhost:" + p + under
			checkFiles(t, base, folder, shops)
			checkAbsent(t, base)
			checkFolder(t, base)
			checkEncodings(t, base, folder, map[string]string{"nginx": "gzip", "caddy": "br"}[program])
		})
	}
}

// checkFiles asks for every file of a build, and compares its bytes and headers with what headers.json says.
func checkFiles(t *testing.T, base, folder, shops string) {
	t.Helper()
	var rules []struct {
		Path    string
		Headers map[string]string
	}
	text, err := os.ReadFile(filepath.Join(folder, "headers.json"))
	must(t, err)
	must(t, json.Unmarshal(text, &rules))
	if len(rules) < 25 {
		t.Fatalf("only %d files", len(rules))
	}
	for _, rule := range rules {
		want, err := os.ReadFile(filepath.Join(folder, rule.Path))
		must(t, err)
		checkFile(t, base+rule.Path, rule.Headers, want, shops)
		if rule.Path == "/index.html" {
			checkFile(t, base+"/", rule.Headers, want, shops)
		}
	}
}

func checkFile(t *testing.T, url string, headers map[string]string, want []byte, shops string) {
	t.Helper()
	answer, body := get(t, url, "")
	if answer.StatusCode != http.StatusOK || !bytes.Equal(body, want) {
		t.Errorf("%s: %d, or other bytes", url, answer.StatusCode)
	}
	for name, value := range headers {
		got := answer.Header.Get(name)
		switch name {
		case "Content-Type": // with or without a charset
			got, _, err := mime.ParseMediaType(got)
			if kind, _, _ := mime.ParseMediaType(value); err != nil || got != kind {
				t.Errorf("%s: %s is %q, want %q", url, name, got, kind)
			}
			continue
		case "Content-Security-Policy":
			value += "; frame-ancestors 'self' " + shops
		}
		if got != value || len(answer.Header.Values(name)) != 1 {
			t.Errorf("%s: %s is %q, want %q", url, name, got, value)
		}
	}
	for _, name := range []string{"Referrer-Policy", "Permissions-Policy", "Integrity-Policy"} {
		if answer.Header.Get(name) == "" {
			t.Errorf("%s: no %s", url, name)
		}
	}
}

// checkAbsent: what is for hosts alone is not for browsers, and that a file is missing is remembered by nobody.
func checkAbsent(t *testing.T, base string) {
	t.Helper()
	for _, name := range []string{"_headers", "headers.json", "headers.nginx.conf", "headers.caddy", "boot.000000000000.js", "none.html", "../x"} {
		answer, _ := get(t, base+"/"+name, "")
		if answer.StatusCode != http.StatusNotFound || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, Cache-Control %q", name, answer.StatusCode, answer.Header.Get("Cache-Control"))
		}
	}
}

// checkFolder: the folder's address without its slash leads to the one with it, whatever scheme and port a load balancer
// before it has.
func checkFolder(t *testing.T, base string) {
	t.Helper()
	answer, _ := get(t, base, "")
	if got := answer.Header.Get("Location"); answer.StatusCode/100 != 3 || got != under+"/" {
		t.Errorf("the folder: %d, to %q", answer.StatusCode, got)
	}
}

// checkEncodings: the module comes compressed, as it lies beside, and is asked for again by its tag.
func checkEncodings(t *testing.T, base, folder, encoding string) {
	t.Helper()
	modules, err := filepath.Glob(filepath.Join(folder, "scanner.*.wasm"))
	must(t, err)
	want, err := os.ReadFile(modules[0])
	must(t, err)
	url := base + "/" + filepath.Base(modules[0])
	answer, body := get(t, url, "br, gzip")
	var plain io.Reader = brotli.NewReader(bytes.NewReader(body))
	if answer.Header.Get("Content-Encoding") == "gzip" {
		plain, err = gzip.NewReader(bytes.NewReader(body))
		must(t, err)
	}
	got, err := io.ReadAll(plain)
	if err != nil || !bytes.Equal(got, want) || answer.Header.Get("Content-Encoding") != encoding || answer.Header.Get("Content-Type") != "application/wasm" {
		t.Errorf("encoding %q, type %q, %v, or other bytes", answer.Header.Get("Content-Encoding"), answer.Header.Get("Content-Type"), err)
	}
	whole, _ := get(t, url, "") // a cache before it tells the two apart
	for form, got := range map[string][]string{encoding: answer.Header.Values("Vary"), "plain": whole.Header.Values("Vary")} {
		if len(got) != 1 || got[0] != "Accept-Encoding" {
			t.Errorf("%s: Vary is %q", form, got)
		}
	}
	page, _ := get(t, base+"/index.html", "")
	again, _ := get(t, base+"/index.html", "", "If-None-Match", page.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the page asked for again: %d", again.StatusCode)
	}
}

// get asks without the transport's own gzip.
func get(t *testing.T, url, accept string, header ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	must(t, err)
	r.Header.Set("Accept-Encoding", accept)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, body
}
