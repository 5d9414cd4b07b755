package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// site is the set of sources by their name, slash-separated and relative to web/.
type site struct {
	sources map[string][]byte
	done    map[string]*file
	trail   []string // names being resolved, to report a circle
}

// file is one file of the finished site.
type file struct {
	source string // name before hashing
	name   string // name in the site
	data   []byte
	sri    string // integrity value, "sha384-…"
	br     []byte // data in brotli's form, where it has one, from withTwins on
}

// fixed lists the files that keep their name, because people and shops link to them. Everything else is hashed.
func fixed(name string) bool {
	switch path.Ext(name) {
	case ".html", ".ts":
		return true
	}
	return name == "scanner.js" || name == "config.json" || name == "integrity.json" || name == "licenses.txt" || name == "robots.txt" || name == "favicon.ico"
}

// text reports whether a source may hold {{asset "name"}} and {{sri "name"}}.
func text(name string) bool {
	switch path.Ext(name) {
	case ".html", ".css", ".js":
		return name != "wasm_exec.js"
	}
	return false
}

// comment is a line of a script that is nothing else: all of them together would be 2.7 KB of what a page loads.
var comment = regexp.MustCompile(`(?m)^[ \t]*//.*\n`)

// load reads the sources under web/, but for Go code, tests and earlier output.
func load(dir string) (*site, error) {
	s := &site{sources: map[string][]byte{}, done: map[string]*file{}}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		hidden := strings.HasPrefix(d.Name(), ".") && name != "." // an editor's lock or settings, and no part of the site
		if d.IsDir() {
			if name == "dist" || name == "build" || name == "e2e" || name == "node_modules" || hidden {
				return fs.SkipDir
			}
			return nil
		}
		if hidden {
			return nil
		}
		switch path.Ext(name) {
		case ".html", ".css", ".js", ".ts", ".json", ".svg", ".png", ".ico", ".txt", ".webmanifest":
			s.sources[name], err = os.ReadFile(p)
		}
		return err
	})
	return s, err
}

func (s *site) add(name string, data []byte) { s.sources[name] = data }

// resolve returns every file with its references filled in, sorted by name.
func (s *site) resolve() ([]*file, error) {
	var files []*file
	for name := range s.sources {
		f, err := s.get(name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b *file) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// get resolves one source and, first, those that it refers to: a name depends on all that is behind it.
func (s *site) get(name string) (*file, error) {
	if f := s.done[name]; f != nil {
		return f, nil
	}
	data, ok := s.sources[name]
	if !ok {
		return nil, fmt.Errorf("%s refers to %q, which does not exist", last(s.trail), name)
	}
	if slices.Contains(s.trail, name) {
		return nil, fmt.Errorf("the references run in a circle: %s", strings.Join(append(s.trail, name), " → "))
	}
	s.trail = append(s.trail, name)
	defer func() { s.trail = s.trail[:len(s.trail)-1] }()
	if text(name) {
		var err error
		if data, err = s.fill(name, data); err != nil {
			return nil, err
		}
		if name != "scanner.js" && name != "checkout.js" { // shops' developers look through these
			data = comment.ReplaceAll(data, nil)
		}
	}
	sum := sha512.Sum384(data)
	f := &file{source: name, name: name, data: data, sri: "sha384-" + base64.StdEncoding.EncodeToString(sum[:])}
	if !fixed(name) {
		short := sha256.Sum256(data)
		ext := path.Ext(name)
		f.name = strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(short[:6]) + ext
	}
	s.done[name] = f
	return f, nil
}

// fill replaces {{asset "name"}} by the relative address of that asset, seen from the referring file, {{sri "name"}}
// by its integrity value, {{size "name"}} by its length in bytes, {{inline "name"}} by a data: URL of the whole. For scripts,
// {{file "name"}} is a JSON object of address and integrity value, and {{files "dir/"}} one of these by source name.
func (s *site) fill(name string, data []byte) ([]byte, error) {
	t, err := template.New(name).Funcs(template.FuncMap{
		"asset":  func(to string) (string, error) { return s.address(name, to) },
		"file":   func(to string) (string, error) { return s.object(name, to) },
		"files":  func(prefix string) (string, error) { return s.objects(name, prefix) },
		"sri":    s.integrity,
		"size":   s.size,
		"inline": s.inline,
	}).Parse(string(data))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// address is that of an asset, seen from a file.
func (s *site) address(from, to string) (string, error) {
	f, err := s.get(to)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(path.Dir(from), f.name)
	return filepath.ToSlash(rel), err
}

func (s *site) object(from, to string) (string, error) {
	a, err := s.address(from, to)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`{"url":%q,"integrity":%q}`, a, s.done[to].sri), nil
}

func (s *site) objects(from, prefix string) (string, error) {
	var names, pairs []string
	for n := range s.sources {
		if strings.HasPrefix(n, prefix) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		o, err := s.object(from, n)
		if err != nil {
			return "", err
		}
		pairs = append(pairs, fmt.Sprintf("%q:%s", n, o))
	}
	return "{" + strings.Join(pairs, ",") + "}", nil
}

func (s *site) integrity(to string) (string, error) {
	f, err := s.get(to)
	if err != nil {
		return "", err
	}
	return f.sri, nil
}

func (s *site) size(to string) (int, error) {
	f, err := s.get(to)
	if err != nil {
		return 0, err
	}
	return len(f.data), nil
}

func (s *site) inline(to string) (string, error) {
	f, err := s.get(to)
	if err != nil {
		return "", err
	}
	kind, _, _ := strings.Cut(contentType(to), ";")
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(f.data), nil
}

func last(trail []string) string {
	if len(trail) == 0 {
		return "the build"
	}
	return trail[len(trail)-1]
}
