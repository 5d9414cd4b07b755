package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newSite(sources map[string]string) *site {
	s := &site{sources: map[string][]byte{}, done: map[string]*file{}}
	for n, d := range sources {
		s.add(n, []byte(d))
	}
	return s
}

func named(t *testing.T, files []*file, source string) *file {
	t.Helper()
	for _, f := range files {
		if f.source == source {
			return f
		}
	}
	t.Fatalf("no %s in the site", source)
	return nil
}

func TestReferencesFollowTheContent(t *testing.T) {
	sources := map[string]string{
		"index.html":      `<script src="{{asset "boot.js"}}" integrity="{{sri "boot.js"}}"></script>`,
		"boot.js":         `load({{file "scanner.wasm"}}, {{files "locales/"}})`,
		"scanner.wasm":    "one",
		"locales/en.json": "{}",
	}
	files, err := newSite(sources).resolve()
	if err != nil {
		t.Fatal(err)
	}
	page, boot := named(t, files, "index.html"), named(t, files, "boot.js")
	if page.name != "index.html" || !hashedName.MatchString(boot.name) {
		t.Errorf("names: %s, %s", page.name, boot.name)
	}
	if !strings.Contains(string(page.data), boot.name) || !strings.Contains(string(page.data), boot.sri) {
		t.Errorf("the page does not name its script: %s", page.data)
	}
	if en := named(t, files, "locales/en.json"); !strings.Contains(string(boot.data), `{"locales/en.json":{"url":"`+en.name+`","integrity":"`+en.sri+`"}}`) {
		t.Errorf("the locales are not listed: %s", boot.data)
	}
	sources["scanner.wasm"] = "two"
	again, err := newSite(sources).resolve()
	if err != nil {
		t.Fatal(err)
	}
	if named(t, again, "boot.js").name == boot.name {
		t.Error("a new module did not rename the script that loads it")
	}
}

func TestBrokenReferencesStopTheBuild(t *testing.T) {
	for want, sources := range map[string]map[string]string{
		"does not exist": {"index.html": `{{asset "gone.js"}}`},
		"circle":         {"a.js": `{{asset "b.js"}}`, "b.js": `{{asset "a.js"}}`},
		"function":       {"a.js": `{{nothing "b.js"}}`},
	} {
		if _, err := newSite(sources).resolve(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error about %q, got %v", want, err)
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
	for _, want := range []string{"/index.html\n", "Content-Type: application/wasm", "immutable", "no-cache", "'wasm-unsafe-eval' 'sha256-", "connect-src 'self' https://api.example;", "frame-src 'none'"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("_headers lacks %q", want)
		}
	}
	if strings.Contains(string(text), "unsafe-inline") {
		t.Error("the policy allows inline code")
	}
}

func TestTheApiIsAnOrigin(t *testing.T) {
	for api, ok := range map[string]bool{"": true, "https://api.example": true, "http://localhost:8080": true, "https://api.example/": false, "api.example": false, "https://": false, "*": false} {
		if err := checkOrigin(api); (err == nil) != ok {
			t.Errorf("%q: %v", api, err)
		}
	}
}
