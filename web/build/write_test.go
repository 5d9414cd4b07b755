package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// Twins hold what their file holds, be they made now, kept from before, or kept and broken since. What an operator may change,
// and what is packed already, has none: the twin would be served instead, or cost time for nothing.
func TestTwins(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	code := "\x00asm\x01\x00\x00\x00\x01\x02ab\x0a\x03cde" // what stands before the code of a module is compressed apart
	files := []*file{{name: "a.wasm", data: []byte(code)}, {name: "index.html", data: []byte("page")}, {name: "config.json"}, {name: "headers.json"}, {name: "weights.bin"}}
	for _, when := range []string{"made now", "kept", "broken"} {
		if when == "broken" {
			kept, err := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "ocrbankcard", "*.br"))
			if err != nil || len(kept) != 2 {
				t.Fatal(kept, err)
			}
			for _, name := range kept {
				if err := os.WriteFile(name, []byte("no brotli"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		all, err := withTwins(files)
		if err != nil || len(all) != len(files)+4 {
			t.Fatalf("%s: %d files, %v", when, len(all), err)
		}
		for _, f := range all[len(files):] {
			var r io.Reader = brotli.NewReader(bytes.NewReader(f.data))
			name, packed := strings.CutSuffix(f.name, ".gz")
			if packed {
				if r, err = gzip.NewReader(bytes.NewReader(f.data)); err != nil {
					t.Fatal(err)
				}
			}
			want := map[string]string{"a.wasm": code, "index.html": "page"}[strings.TrimSuffix(name, ".br")]
			if got, err := io.ReadAll(r); err != nil || string(got) != want || want == "" {
				t.Errorf("%s, %s: %q, %v", when, f.name, got, err)
			}
		}
	}
}

// Of an earlier build the files stay that a page opened before asks for, where that is wanted, and no others.
func TestWhatStaysOfAnEarlierBuild(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for keep, want := range map[bool]string{
		true:  "headers.json locales/en.0123456789ab.json new.html",
		false: "headers.json new.html",
	} {
		out := filepath.Join(t.TempDir(), "dist")
		site := []*file{{name: "headers.json"}}
		if err := write(append(site, &file{name: "locales/en.0123456789ab.json"}, &file{name: "old.html"}), out, keep); err != nil {
			t.Fatal(err)
		}
		if err := write(append(site, &file{name: "new.html"}), out, keep); err != nil {
			t.Fatal(err)
		}
		var left []string
		err := filepath.WalkDir(out, func(p string, d os.DirEntry, err error) error {
			if name, _ := filepath.Rel(out, p); err == nil && !d.IsDir() && filepath.Ext(p) != ".br" && filepath.Ext(p) != ".gz" {
				left = append(left, filepath.ToSlash(name))
			}
			return err
		})
		if got := strings.Join(left, " "); err != nil || got != want {
			t.Errorf("keep %v: %s, %v", keep, got, err)
		}
	}
}

func TestWrittenSiteHasItsTwinsAndKeepsEarlierFiles(t *testing.T) {
	out := filepath.Join(t.TempDir(), "web", "dist")
	for _, module := range []string{"one", "two"} {
		files, err := newSite(map[string]string{"index.html": "<script>go()</script>", "scanner.wasm": module, "old.html": module}).resolve()
		if err != nil {
			t.Fatal(err)
		}
		headers, err := headersFile(files, "https://api.example")
		if err != nil {
			t.Fatal(err)
		}
		if err := write(append(files, headers...), out, true); err != nil {
			t.Fatal(err)
		}
	}
	modules, err := filepath.Glob(filepath.Join(out, "scanner.*.wasm"))
	if err != nil || len(modules) != 2 {
		t.Errorf("modules after two builds: %v, %v", modules, err)
	}
	for _, name := range append(modules, filepath.Join(out, "index.html")) {
		for _, ext := range []string{".br", ".gz"} {
			if _, err := os.Stat(name + ext); err != nil {
				t.Error(err)
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(out, "_headers"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/index.html\n", "\n/\n  Content-Type: text/html", "\n/old\n  Content-Type: text/html", "Content-Type: application/wasm", "immutable", "no-cache", "'wasm-unsafe-eval' 'sha256-", "connect-src 'self' https://api.example;", "frame-src 'none'", "worker-src blob:;", "Integrity-Policy: blocked-destinations=(script)",
		"Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin", "Cross-Origin-Embedder-Policy: require-corp", "Referrer-Policy: no-referrer", "Permissions-Policy: camera=(self)", "X-Content-Type-Options: nosniff"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("_headers lacks %q", want)
		}
	}
	var rules []rule
	if asJSON, err := os.ReadFile(filepath.Join(out, "headers.json")); err != nil || json.Unmarshal(asJSON, &rules) != nil || len(rules) != 3 {
		t.Fatalf("headers.json has %d rules, %v", len(rules), err)
	}
	for _, r := range rules { // hosts that read _headers send what our own server sends
		_, after, _ := strings.Cut("\n"+string(text), "\n"+r.Path+"\n")
		block, _, _ := strings.Cut(after, "\n/")
		for name, value := range r.Headers {
			if !strings.Contains("\n"+block+"\n", "\n  "+name+": "+value+"\n") {
				t.Errorf("_headers lacks %s of %s", name, r.Path)
			}
		}
	}
	if strings.Contains(string(text), "unsafe-inline") {
		t.Error("the policy allows inline code")
	}
}

// What is no earlier site stays as it is, and a link to a folder stays a link.
func TestASiteReplacesNothingElse(t *testing.T) {
	files, err := newSite(map[string]string{"index.html": "page"}).resolve()
	if err != nil {
		t.Fatal(err)
	}
	headers, err := headersFile(files, "")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, headers...)
	dir := t.TempDir()
	mine, link := filepath.Join(dir, "mine"), filepath.Join(dir, "link")
	if err := errors.Join(os.Mkdir(mine, 0o755), os.WriteFile(filepath.Join(mine, "orders.txt"), nil, 0o644), os.Symlink("real", link), os.Mkdir(filepath.Join(dir, "real"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{mine, filepath.Join(mine, "orders.txt")} {
		if err := write(files, out, false); err == nil {
			t.Errorf("%s was replaced", out)
		}
	}
	if _, err := os.Stat(filepath.Join(mine, "orders.txt")); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := write(files, link, false); err != nil {
			t.Error(err)
		}
	}
	if to, err := os.Readlink(link); err != nil || to != "real" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "real", "index.html")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 3 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
