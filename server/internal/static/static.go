// Package static serves the page: the folder that web/build has made, with the headers that its headers.json asks for,
// precompressed where the browser takes it, and nothing that the build hasn't listed.
package static

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Site serves a folder. A new build that takes the folder's place, or is copied over it, is seen at the next request.
type Site struct {
	dir    string
	framed atomic.Pointer[[]string] // origins of pages that may show ours in a frame, besides our own

	mu    sync.Mutex
	index *index
	tags  map[string]tag // by file name
}

// New returns the site of a folder, which may come into being later. ancestors are the origins of the shops whose pages
// may frame it.
func New(dir string, ancestors []string) *Site {
	s := &Site{dir: dir, tags: map[string]tag{}}
	s.SetAncestors(ancestors)
	return s
}

// SetAncestors replaces the origins that may frame the site, while it is served.
func (s *Site) SetAncestors(origins []string) { s.framed.Store(&origins) }

// Built reports whether the folder holds a whole build: an fs.ErrNotExist, and nothing else, says that there is none at all.
func (s *Site) Built() error {
	x, err := s.current()
	if err != nil {
		return err
	}
	for url := range x.headers {
		name, _, ok := x.find(url)
		variants := s.variants(name)
		if !ok || len(variants) == 0 {
			return fmt.Errorf("%s lists %s, which is missing", filepath.Join(s.dir, "headers.json"), url)
		}
		for _, v := range variants {
			body, err := s.open(v) // not every file may be read that can be seen
			if err != nil {
				return err
			}
			body.Close()
		}
	}
	return nil
}

// ServeHTTP serves GET and HEAD.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	x, err := s.current()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.Error(w, "The page has not been built: `make run` does it.", http.StatusServiceUnavailable)
		return
	case err != nil: // told at the start: browsers need not know
		http.Error(w, "The page's headers.json can't be read.", http.StatusServiceUnavailable)
		return
	}
	name, headers, ok := x.find(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.serve(w, r, name, headers)
}

// serve sends the smallest variant that the browser takes.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, name string, headers map[string]string) {
	variants := s.variants(name)
	if len(variants) == 0 {
		http.NotFound(w, r) // before the file's headers: they would let caches keep this for a year
		return
	}
	v := choose(variants, r.Header.Get("Accept-Encoding"))
	body, err := s.open(v)
	if err != nil { // most likely it is being replaced by a new build this very moment
		w.Header().Set("Retry-After", "1")
		http.Error(w, "This file can't be read now.", http.StatusServiceUnavailable)
		return
	}
	defer body.Close()
	h := w.Header()
	for name, value := range headers {
		h.Set(name, value)
	}
	if strings.Contains(h.Get("Cache-Control"), "max-age") && !body.rested() {
		h.Set("Cache-Control", "no-cache") // so that a part is nobody's file for a year
	}
	s.framing(h)
	if len(variants) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("ETag", body.etag)
	h.Del("Content-Length")
	if v.encoding != "" {
		h.Set("Content-Encoding", v.encoding)
		w = sized{w, body.Size()}
	}
	// No Last-Modified: a build that is rolled back is older than what browsers have, and copies may all be of one time.
	http.ServeContent(w, r, "", time.Time{}, body)
	if body.broken {
		panic(http.ErrAbortHandler) // over HTTP/2 nothing else tells a browser that the rest is missing
	}
}

// sized gives the length of a whole answer, which ServeContent leaves out of encoded ones.
type sized struct {
	http.ResponseWriter
	size int64
}

func (w sized) WriteHeader(status int) {
	if status == http.StatusOK {
		w.Header().Set("Content-Length", strconv.FormatInt(w.size, 10))
	}
	w.ResponseWriter.WriteHeader(status)
}

// framing says who may show a page in a frame.
func (s *Site) framing(h http.Header) {
	if policy := h.Get("Content-Security-Policy"); policy != "" {
		sources := append([]string{"'self'"}, *s.framed.Load()...)
		h.Set("Content-Security-Policy", policy+"; frame-ancestors "+strings.Join(sources, " "))
	}
}

// choose picks the smallest variant that the browser takes: they are sorted by size, and the plain one is always there.
func choose(variants []variant, accept string) variant {
	taken := encodings(accept)
	return variants[slices.IndexFunc(variants, func(v variant) bool { return v.encoding == "" || slices.Contains(taken, v.encoding) })]
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
