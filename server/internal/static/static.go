// Package static serves the page: the folder that web/build has made, with the headers that its headers.json asks for,
// precompressed where the browser takes it, and nothing that the build hasn't listed.
package static

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Site serves a folder. A new build that takes the folder's place is seen at the next request.
type Site struct {
	dir    string
	framed atomic.Pointer[[]string] // origins of pages that may show ours in a frame, besides our own

	mu    sync.Mutex
	index *index
}

// New returns the site of a folder, which may come into being later. ancestors are the origins of the shops whose pages
// may frame it.
func New(dir string, ancestors []string) *Site {
	s := &Site{dir: dir}
	s.SetAncestors(ancestors)
	return s
}

// SetAncestors replaces the origins that may frame the site, while it is served.
func (s *Site) SetAncestors(origins []string) { s.framed.Store(&origins) }

// Built reports whether the folder holds a build.
func (s *Site) Built() error {
	_, err := s.current()
	return err
}

// ServeHTTP serves GET and HEAD.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	x, err := s.current()
	if err != nil {
		http.Error(w, "The page has not been built: `make run` does it.", http.StatusServiceUnavailable)
		return
	}
	f, ok := x.find(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.serve(w, r, f)
}

func (s *Site) serve(w http.ResponseWriter, r *http.Request, f *file) {
	v := f.choose(r.Header.Get("Accept-Encoding"))
	body, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(v.name)))
	if err != nil { // replaced by a new build this very moment, or cleared away
		http.NotFound(w, r) // before the file's headers: they would let caches keep this for a year
		return
	}
	defer body.Close()
	h := w.Header()
	for name, value := range f.headers {
		h.Set(name, value)
	}
	s.framing(h)
	if len(f.variants) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("ETag", v.etag)
	if v.encoding != "" {
		h.Set("Content-Encoding", v.encoding)
		if r.Header.Get("Range") == "" {
			h.Set("Content-Length", strconv.FormatInt(v.size, 10)) // which ServeContent leaves out of encoded answers
		}
	}
	http.ServeContent(w, r, "", v.modified, body)
}

// framing says who may show a page in a frame.
func (s *Site) framing(h http.Header) {
	if policy := h.Get("Content-Security-Policy"); policy != "" {
		sources := append([]string{"'self'"}, *s.framed.Load()...)
		h.Set("Content-Security-Policy", policy+"; frame-ancestors "+strings.Join(sources, " "))
	}
}

// choose picks the smallest variant that the browser takes: variants are sorted by size.
func (f *file) choose(accept string) variant {
	taken := encodings(accept)
	i := slices.IndexFunc(f.variants, func(v variant) bool { return v.encoding == "" || slices.Contains(taken, v.encoding) })
	return f.variants[i]
}

// encodings lists what an Accept-Encoding header takes (RFC 9110, 12.5.3); q=0 forbids.
func encodings(accept string) (taken []string) {
	for _, e := range strings.Split(strings.ToLower(accept), ",") {
		name, params, _ := strings.Cut(e, ";")
		if q, weighted := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); weighted {
			if v, err := strconv.ParseFloat(q, 64); err != nil || v == 0 {
				continue
			}
		}
		taken = append(taken, strings.TrimSpace(name))
	}
	return taken
}
