package main

import (
	"bytes"
	"compress/gzip"
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
