package static

import (
	"encoding/json"
	"fmt"
	"mime"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// index is what a build's headers.json says: the headers of each of its files, by the path of its URL.
type index struct {
	headers map[string]map[string]string
	stamp   stamp // of headers.json
}

// current returns the index of the build that lies in the folder now.
func (s *Site) current() (*index, error) {
	list := filepath.Join(s.dir, "headers.json")
	at, err := mark(list)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index != nil && s.index.stamp.holds(at.info) {
		return s.index, nil
	}
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	var rules []struct {
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers"`
	}
	if err := json.Unmarshal(text, &rules); err != nil {
		return nil, fmt.Errorf("%s: %w", list, err)
	}
	x := &index{headers: map[string]map[string]string{}, stamp: at}
	for _, rule := range rules {
		x.headers[rule.Path] = rule.Headers
	}
	s.index = x
	clear(s.tags) // of files that may be gone
	return x, nil
}

// find returns the file of a URL's path and its headers: a folder means its index.html, and a page may be called without
// .html. Hashed files that aren't listed are another build's, kept for pages that were opened before or copied here ahead
// of their list.
func (x *index) find(url string) (name string, headers map[string]string, ok bool) {
	if strings.HasSuffix(url, "/") {
		url += "index.html"
	}
	if headers, ok = x.headers[url]; !ok {
		if headers, ok = x.headers[url+".html"]; ok {
			url += ".html"
		} else if hashed.MatchString(url) {
			headers, ok = kept(url), true
		}
	}
	name, err := filepath.Localize(strings.TrimPrefix(url, "/")) // never out of the folder
	return name, headers, ok && err == nil
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
