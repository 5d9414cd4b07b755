// Package internal_test keeps the arrows of the house: who may lean on whom.
package internal_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// deps returns all packages that pattern needs when built for a system.
func deps(t *testing.T, goos, goarch, pattern string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", pattern)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// imports returns what a package imports itself, in the browser.
func imports(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, pkg)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// The rooms that page, worker and server share stay free of the outside world, and lean only inwards.
func TestSharedRoomsLeanOnNobodyOutside(t *testing.T) {
	rooms := map[string][]string{ // room → the rooms of ours it may lean on
		"geometry":   {},
		"cardnumber": {},
		"cardpp":     {"cardnumber", "geometry"},
		"simd":       {},
		"frame":      {"geometry", "simd"},
		"neural":     {"simd"},
		"recognize":  {"cardnumber", "frame", "geometry", "neural", "simd"},
		"guide":      {"frame", "geometry", "simd"},
	}
	for room, may := range rooms {
		// Indirectly all need syscall/js, which is how package time asks for it in a browser.
		if slices.Contains(imports(t, "./internal/"+room), "syscall/js") {
			t.Errorf("%s speaks to the browser", room)
		}
		for _, d := range deps(t, "js", "wasm", "./internal/"+room) {
			switch d {
			case "net", "net/http", "os/exec", "encoding/json", "fmt":
				t.Errorf("%s needs %s", room, d)
			}
			inner, ours := strings.CutPrefix(d, "ocrbankcard/internal/")
			if !ours || inner == room || strings.HasPrefix(inner, room+"/") {
				if strings.HasPrefix(d, "ocrbankcard/") && !ours {
					t.Errorf("%s leans outwards on %s", room, d)
				}
				continue
			}
			allowed := false
			for _, m := range may {
				allowed = allowed || inner == m
			}
			if !allowed {
				t.Errorf("%s leans on %s", room, inner)
			}
		}
	}
}

// The page's module holds nothing of the server, and none of the packages that would multiply its size.
func TestThePageStaysSmallAndIgnorant(t *testing.T) {
	for _, d := range deps(t, "js", "wasm", "./wasm") {
		switch {
		case strings.HasPrefix(d, "ocrbankcard/server"), strings.HasPrefix(d, "ocrbankcard/internal/synth"),
			d == "ocrbankcard/internal/recognize/weights":
			t.Errorf("the page's module needs %s", d)
		case d == "net/http", d == "encoding/json", d == "fmt", d == "image/jpeg", d == "image/png", d == "log/slog":
			t.Errorf("the page's module needs %s", d)
		}
	}
}

// The server leans on the shared rooms, never on the page or on what draws test pictures.
func TestTheServerNeedsNoPage(t *testing.T) {
	for _, d := range deps(t, "linux", "amd64", "./server") {
		if strings.HasPrefix(d, "ocrbankcard/wasm") || strings.HasPrefix(d, "ocrbankcard/internal/synth") || d == "syscall/js" {
			t.Errorf("the server needs %s", d)
		}
	}
}
