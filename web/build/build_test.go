package main

import (
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
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
		"locales/de.json": `{"de":1}`, "locales/fr.json": `{"fr":1}`, "locales/es.json": `{"es":1}`, "locales/it.json": `{"it":1}`,
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
	if en := named(t, files, "locales/en.json"); !strings.Contains(string(boot.data), `"locales/en.json":{"url":"`+en.name+`","integrity":"`+en.sri+`"}`) {
		t.Errorf("the locales are not listed: %s", boot.data)
	}
	for range 5 { // the same sources make the same site, whatever the order of a map
		again, err := newSite(sources).resolve()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(again, files, func(a, b *file) bool { return a.name == b.name }) {
			t.Error("another build of the same is another")
		}
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

// Comments that fill lines don't travel, but for those that shops' developers read; the lines of the program stay as they are.
func TestCommentsStayAtHome(t *testing.T) {
	const script = "// why\nlet a = 1 // one\n\t// more\nlet b = \"https://x\"\n"
	files, err := newSite(map[string]string{"boot.js": script, "scanner.js": script, "index.html": "<!doctype html>\n<script>\n" + script + "</script>\n", "wasm_exec.js": script}).resolve()
	if err != nil {
		t.Fatal(err)
	}
	const bare = "let a = 1 // one\nlet b = \"https://x\"\n"
	for source, want := range map[string]string{"boot.js": bare, "scanner.js": script, "index.html": "<!doctype html>\n<script>\n" + bare + "</script>\n", "wasm_exec.js": script} {
		if got := string(named(t, files, source).data); got != want {
			t.Errorf("%s becomes %q", source, got)
		}
	}
}

func TestBrokenReferencesStopTheBuild(t *testing.T) {
	for want, sources := range map[string]map[string]string{
		`index.html refers to "gone.js", which does not exist`: {"index.html": `{{asset "a.js"}}{{asset "gone.js"}}`, "a.js": "{{asset `b.js`}}", "b.js": ""},
		"circle":   {"a.js": `{{asset "b.js"}}`, "b.js": `{{asset "a.js"}}`},
		"function": {"a.js": `{{nothing "b.js"}}`},
	} {
		if _, err := newSite(sources).resolve(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error about %q, got %v", want, err)
		}
	}
}

// A browser hashes an inline script with line feeds, however the page was checked out.
func TestThePolicyHoldsWithOtherLineEnds(t *testing.T) {
	of := func(script string) string { return policy(&file{data: []byte("<script>" + script + "</script>")}, "") }
	for _, ends := range []string{"\r\n", "\r"} {
		if got, want := of("go()"+ends+ends+"stop()"), of("go()\n\nstop()"); got != want {
			t.Errorf("with %q: %s, want %s", ends, got, want)
		}
	}
}

// While somebody edits a source, Emacs keeps a link to nowhere beside it; other tools keep settings there.
func TestHiddenFilesAreNoPartOfTheSite(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Symlink("me@here.1:2", filepath.Join(dir, ".#boot.js")), os.WriteFile(filepath.Join(dir, ".tool.json"), nil, 0o644), os.WriteFile(filepath.Join(dir, "boot.js"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	if s, err := load(dir); err != nil || len(s.sources) != 1 {
		t.Errorf("%d sources, %v", len(s.sources), err)
	}
}

// Cloudflare Pages answers a lost script with the start page, and 200, where a site has no such page.
func TestTheSiteHasAPageForWhatIsNotThere(t *testing.T) {
	s, err := load("..")
	if err != nil {
		t.Fatal(err)
	}
	if !fixed("404.html") || len(s.sources["404.html"]) == 0 {
		t.Error("there is none")
	}
}

func TestTheApiIsAnOrigin(t *testing.T) {
	for api, ok := range map[string]bool{"": true, "https://api.example": true, "http://localhost:8080": true, "https://api.example/": false, "api.example": false, "https://": false, "*": false, "https://[::1]:8443": true, "https://xn--mller-kva.example": true, "https://müller.example": false, "https://*.example": false, "ftp://api.example": false} {
		if err := checkOrigin(api); (err == nil) != ok {
			t.Errorf("%q: %v", api, err)
		}
	}
}

// A clone that belongs to somebody else, as one that is mounted in a container, can be built: git tells nothing of it.
func TestAForeignCloneCanBeBuilt(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte("#!/bin/sh\nexit 128\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOENV", "off")
	defer func(was bool) { whole = was }(whole)
	whole = true
	if _, err := compile("../..", "./web/build/slim/testdata/work"); err != nil {
		t.Error(err)
	}
}

// Every file that a page names is checked by its hash; nothing is named in a way that could not be.
func TestPagesNameNothingWithoutItsHash(t *testing.T) {
	s, err := load("..")
	if err != nil {
		t.Fatal(err)
	}
	loads := regexp.MustCompile(`<(script|link)\b[^>]*>`)
	found := 0
	for name, source := range s.sources {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, tag := range loads.FindAllString(string(source), -1) {
			switch {
			case tag == "<script>": // inline: its hash is in the policy
			case strings.Contains(tag, `rel="icon" href="data:`), strings.Contains(tag, `rel="icon" href="{{inline `):
			case !strings.Contains(tag, ` integrity="{{sri "`), strings.HasPrefix(tag, "<script") && !strings.Contains(tag, " crossorigin "):
				t.Errorf("%s: %s", name, tag)
			default:
				found++
			}
		}
	}
	if found < 7 {
		t.Errorf("only %d files are named", found)
	}
	for _, name := range []string{"boot.js", "worker.js"} {
		if text := string(s.sources[name]); strings.Contains(text, "{{asset ") || strings.Contains(text, "importScripts(") {
			t.Errorf("%s names a file without its hash", name)
		}
	}
}

// The element costs a shop's page little, can be pinned, and is listed with all else that is published.
func TestWhatAShopLoads(t *testing.T) {
	data, err := os.ReadFile("../scanner.js")
	if err != nil {
		t.Fatal(err)
	}
	files, err := newSite(map[string]string{"scanner.js": string(data), "config.json": "{}", "index.html": "page"}).resolve()
	if err != nil {
		t.Fatal(err)
	}
	if files, err = listed(files); err != nil {
		t.Fatal(err)
	}
	if br, _, err := compressed(data); err != nil || len(br) >= 6000 {
		t.Errorf("scanner.js has %d bytes, %v", len(br), err)
	}
	element, pinned, list := named(t, files, "scanner.js"), named(t, files, "the pinned scanner.js"), named(t, files, "integrity.json")
	if !hashedName.MatchString(pinned.name) || fixed(pinned.source) || string(pinned.data) != string(data) {
		t.Errorf("the pinned file is %s", pinned.name)
	}
	var sums map[string]string
	if err := json.Unmarshal(list.data, &sums); err != nil {
		t.Fatal(err)
	}
	headers, err := headersFile(files, "")
	if err != nil {
		t.Fatal(err)
	}
	var rules []rule
	if err := json.Unmarshal(named(t, headers, "headers.json").data, &rules); err != nil || len(rules) != len(files) {
		t.Fatal(len(rules), err)
	}
	for _, r := range rules { // who asks again for a name that stays gets what it stands for then
		if kept := strings.Contains(r.Headers["Cache-Control"], "immutable"); kept != hashedName.MatchString(r.Path) {
			t.Errorf("%s is kept: %v", r.Path, kept)
		}
	}
	if len(sums) != 3 || sums["scanner.js"] != element.sri || sums[pinned.name] != element.sri || sums["index.html"] == "" {
		t.Errorf("integrity.json lists %v", sums)
	}
}
