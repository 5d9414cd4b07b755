package e2e

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// scales weigh what goes to a browser, by address.
type scales struct {
	mu    sync.Mutex
	bytes map[string]int
}

func (s *scales) add(path string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes[path] += n
}

// sum returns all that went so far, the icon apart, which browsers fetch when they please.
func (s *scales) sum() (total int, by map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, n := range s.bytes {
		if !strings.HasPrefix(path, "/icon.") && path != "/favicon.ico" {
			total += n
		}
	}
	return total, maps.Clone(s.bytes)
}

// weighed is an answer on its way.
type weighed struct {
	http.ResponseWriter
	add func(n int)
}

func (w weighed) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.add(n)
	return n, err
}

// The budgets of the page (DESIGN, "Budgets"), of what Chromium really loads: until the first frame in which the worker
// guides the hand, and until a number was read on the device. What the build prints is the same to the byte.
func TestThePageIsAsSmallAsItsBuildSays(t *testing.T) {
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	said := regexp.MustCompile(`(\d+) bytes to the first guided frame, (\d+) with reading on the device \(budgets: (\d+), (\d+)\)`).FindStringSubmatch(built)
	if said == nil {
		t.Fatalf("the build says nothing of it:\n%s", built)
	}
	figure := func(i int) int {
		n, err := strconv.Atoi(said[i])
		must(t, err)
		return n
	}
	for i, c := range []struct{ policy, until string }{
		{"server", "looks > 3 && firstGuided > 0"},
		{"device", resultShown},
	} {
		s := &scales{bytes: map[string]int{}}
		proxy := httputil.NewSingleHostReverseProxy(target)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w = weighed{w, func(n int) { s.add(r.URL.Path, n) }}
			if r.URL.Path == "/config.json" && c.policy == "device" {
				io.WriteString(w, `{"read":"device"}`)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(front.Close)
		video := camera(t, "embossed16.jpg")
		if c.policy == "server" {
			video = small(t, 1280, 720) // never taken
		}
		ctx := browser(t, video)
		onNewDocument(t, ctx, instruments)
		must(t, chromedp.Do(ctx, chromedp.Navigate(front.URL+"/?lang=en")))
		wait(t, ctx, c.until)
		total, by := s.sum()
		own := by["/config.json"] // the operator's file differs in length
		if budget := figure(3 + i); total > budget {
			t.Errorf("%s: %d bytes, %d too many", c.policy, total, total-budget)
		}
		config := len("{\"api\":\"\"}\n")
		if want := figure(1 + i); total-own != want-config {
			t.Errorf("%s: Chromium loaded %d bytes, the build says %d; by file: %s", c.policy, total-own, want-config, fmt.Sprint(by))
		}
	}
}
