package e2e

import (
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A second version is copied over the first, as server/deploy/cdn says. The page that is open goes on with its own files, a
// page that an edge of the CDN still has starts with them, and a fresh one takes the new: none ever mixes the two.
func TestARollOutBreaksNoPage(t *testing.T) {
	need(t, "nginx", "chromium")
	const works, second = `document.querySelector("[data-do=shutter]")?.disabled === false`, "the second version"
	next := otherVersion(t, second)
	folder, p := cdnSite(t, ""), port(t)
	startNginx(t, folder, p, "*")
	address, change := edge(t, "http://localhost:"+p)
	address += under
	ctx := browser(t, camera(t, "nocard.jpg"))
	said := console(t, ctx)
	old := closed(t, folder)
	page, err := os.ReadFile(filepath.Join(folder, "index.html"))
	must(t, err)

	open(t, ctx, said, address)
	wait(t, ctx, works)
	must(t, runIn(".", nil, "cp", "-r", next+"/.", folder))
	press(t, ctx, "close")
	view(t, ctx, "closed")
	forget(t, ctx)
	press(t, ctx, "camera") // asks for the kernels and the weights again
	wait(t, ctx, works)
	fresh := closed(t, folder)

	change(map[string]func([]byte) []byte{`/$`: func([]byte) []byte { return page }})
	open(t, ctx, said, address)
	wait(t, ctx, works)
	if said.has(second) {
		t.Error("the first version's page runs the second's module")
	}
	change(nil)
	open(t, ctx, said, address)
	wait(t, ctx, works)
	if !said.has(second) {
		t.Error("a fresh page does not run the second version")
	}
	if old == fresh {
		t.Error("both versions name the same files")
	}
}

// otherVersion builds the site from a copy of the sources whose module says something at its start.
func otherVersion(t *testing.T, words string) string {
	t.Helper()
	copied, out := t.TempDir(), filepath.Join(t.TempDir(), "dist")
	for _, name := range []string{"go.mod", "go.sum"} {
		must(t, os.WriteFile(filepath.Join(copied, name), []byte(file(t, name)), 0o600))
	}
	for _, name := range []string{"internal", "wasm", "web/locales"} {
		must(t, os.CopyFS(filepath.Join(copied, name), os.DirFS(filepath.Join(root, name))))
	}
	sources, err := filepath.Glob(root + "/web/*.*")
	must(t, err)
	for _, source := range sources {
		name := filepath.Join("web", filepath.Base(source))
		must(t, os.WriteFile(filepath.Join(copied, name), []byte(file(t, name)), 0o600))
	}
	must(t, os.WriteFile(filepath.Join(copied, "wasm", "version.go"), []byte("package main\n\nfunc init() { println(\""+words+"\") }\n"), 0o600))
	must(t, runIn(root, nil, "go", "run", "./web/build", "-quick", "-root", copied, "-out", out))
	return out
}

// closed checks that every file which the page and its scripts name lies in the folder and has the hash that it is named
// with, and returns their names: the page, its module and wasm_exec.js match.
func closed(t *testing.T, folder string) string {
	t.Helper()
	named := regexp.MustCompile(`(?:src|href)="([^":]+)"(?: crossorigin)? integrity="([^"]+)"|"url":"([^"]+)","integrity":"([^"]+)"`)
	var names []string
	text, err := os.ReadFile(filepath.Join(folder, "index.html"))
	must(t, err)
	for from := []string{string(text)}; len(from) > 0; from = from[1:] {
		for _, m := range named.FindAllStringSubmatch(from[0], -1) {
			name, hash := m[1]+m[3], m[2]+m[4]
			data, err := os.ReadFile(filepath.Join(folder, name))
			must(t, err)
			if sum := sha512.Sum384(data); "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) != hash {
				t.Errorf("%s has another hash than it is named with", name)
			}
			names = append(names, name)
			if strings.HasPrefix(name, "boot.") {
				from = append(from, string(data))
			}
		}
	}
	if len(names) < 18 {
		t.Errorf("only %d files are named: %s", len(names), names)
	}
	return strings.Join(names, " ")
}
