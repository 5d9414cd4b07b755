package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever serves the page hands out copies of Go's runtime and of each module in it; their licences want to go with them.
func TestThePageCarriesTheLicencesOfWhatIsInIt(t *testing.T) {
	s, err := load("..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := newSite(map[string]string{"licenses.txt": string(s.sources["licenses.txt"])}).resolve()
	if err != nil {
		t.Fatal(err)
	}
	published := files[0]
	if published.name != "licenses.txt" {
		t.Errorf("it is published as %s", published.name)
	}
	c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Dir}}{{end}}{{end}}", "./wasm")
	c.Dir, c.Env = "../..", append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=-buildvcs=false")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	own := strings.TrimSpace(string(goroot))
	for dir := range strings.Lines(string(out) + own) {
		dir = strings.TrimSpace(dir)
		text, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if os.IsNotExist(err) && dir == own {
			continue // distributions keep Go's elsewhere
		}
		if err != nil {
			t.Error(err)
		}
		found[dir] = true
		if !bytes.Contains(published.data, bytes.ReplaceAll(text, []byte("\r"), nil)) {
			t.Errorf("the licence in %s isn't there", dir)
		}
	}
	if len(found) < 2 {
		t.Errorf("only %d licences", len(found))
	}
}
