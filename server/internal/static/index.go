package static

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"mime"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// index is what a build holds, by the path of its URL.
type index struct {
	files map[string]*file
	made  time.Time // modification time of headers.json
}

type file struct {
	headers  map[string]string
	variants []variant // smallest first; the plain one is always there
}

// variant is one encoding of a file. Its tag is of its content, so that all replicas give the same.
type variant struct {
	name, encoding, etag string
	size                 int64
	modified             time.Time
}

// suffixes of precompressed files, with the encoding they stand for.
var suffixes = map[string]string{"": "", ".br": "br", ".gz": "gzip"}

// current returns the index of the build that lies in the folder now.
func (s *Site) current() (*index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := filepath.Join(s.dir, "headers.json")
	info, err := os.Stat(list)
	if err != nil {
		return nil, err
	}
	if s.index != nil && s.index.made.Equal(info.ModTime()) {
		return s.index, nil
	}
	x, err := read(s.dir, list)
	if err != nil {
		return nil, err
	}
	x.made, s.index = info.ModTime(), x
	return x, nil
}

// read lists a build: each rule of headers.json is a file and its headers. Hashed files of earlier builds, which it
// doesn't list, are kept for pages that were opened before.
func read(dir, list string) (*index, error) {
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	var rules []struct {
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers"`
	}
	if err := json.Unmarshal(text, &rules); err != nil {
		return nil, err
	}
	x := &index{files: map[string]*file{}}
	for _, rule := range rules {
		if err := x.add(dir, rule.Path, rule.Headers); err != nil {
			return nil, err
		}
	}
	return x, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, p)
		url := "/" + filepath.ToSlash(rel)
		if err != nil || relErr != nil || d.IsDir() || !hashed.MatchString(url) || x.files[url] != nil {
			return errors.Join(err, relErr)
		}
		return x.add(dir, url, kept(url))
	})
}

// hashed matches the names that web/build gives to files whose content never changes.
var hashed = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z0-9]+$`)

// kept gives the headers of a hashed file that no rule names.
func kept(url string) map[string]string {
	kind := mime.TypeByExtension(path.Ext(url))
	switch path.Ext(url) { // which the system's tables may lack or have wrong
	case ".wasm":
		kind = "application/wasm"
	case ".js":
		kind = "text/javascript; charset=utf-8"
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	return map[string]string{
		"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
	}
}

func (x *index) add(dir, url string, headers map[string]string) error {
	f := &file{headers: headers}
	for suffix, encoding := range suffixes {
		v, err := readVariant(dir, strings.TrimPrefix(url, "/")+suffix, encoding)
		switch {
		case err == nil:
			f.variants = append(f.variants, v)
		case suffix == "" || !os.IsNotExist(err):
			return err
		}
	}
	slices.SortFunc(f.variants, func(a, b variant) int { return int(a.size - b.size) })
	x.files[url] = f
	return nil
}

func readVariant(dir, name, encoding string) (variant, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Stat(path)
	if err != nil {
		return variant{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return variant{}, err
	}
	sum := sha256.Sum256(data)
	return variant{name, encoding, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, info.Size(), info.ModTime()}, nil
}

// find returns the file of a URL's path: a folder means its index.html, and a page may be called without .html.
func (x *index) find(path string) (*file, bool) {
	if strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	f, ok := x.files[path]
	if !ok {
		f, ok = x.files[path+".html"]
	}
	return f, ok
}
