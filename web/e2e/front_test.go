package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
	"testing"
)

// front stands before the real server with the real site. What it answers to pictures is the test's choice, and so are
// the reading policy and what becomes of the module and the weights on their way.
type front struct {
	address string
	answer  atomic.Value // scripted; the zero value passes pictures on
	policy  atomic.Value // string: the reading policy that config.json names; "" passes config.json on
	files   atomic.Value // map[string]fate by the start of the file's name, or that and its ending; others come as they are
	free    chan struct{}
}

// scripted is an answer to a picture.
type scripted struct {
	status       int
	body, digits string
	wait         bool // never answers
	drop         bool // closes the connection
}

// fate is what becomes of a file on its way.
type fate string

const (
	lost    fate = "lost"    // the answer is a 502
	gone    fate = "gone"    // it is a 404
	halfway fate = "halfway" // half of it comes, the rest never
	cut     fate = "cut"     // half of it comes, and the connection ends; the next time all is well
	changed fate = "changed" // a byte of it is another
)

func newFront(t *testing.T) *front {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	f := &front{free: make(chan struct{})}
	f.answer.Store(scripted{})
	f.policy.Store("")
	f.files.Store(map[string]fate{})
	proxy := httputil.NewSingleHostReverseProxy(target)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, policy := f.answer.Load().(scripted), f.policy.Load().(string)
		switch {
		case r.Method == "POST" && (a.status != 0 || a.wait || a.drop):
			f.reply(w, r, a)
		case r.URL.Path == "/config.json" && policy != "":
			io.WriteString(w, `{"read":"`+policy+`"}`)
		default:
			name, _, _ := strings.Cut(path.Base(r.URL.Path), ".")
			fates := f.files.Load().(map[string]fate)
			fate, is := fates[name]
			if !is {
				fate, is = fates[name+path.Ext(r.URL.Path)]
			}
			if !is {
				proxy.ServeHTTP(w, r)
				return
			}
			f.spoil(w, real+r.URL.Path, fate)
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(f.free) }) // before s.Close, which waits for its handlers
	f.address = s.URL
	return f
}

// reply answers a picture by the script.
func (f *front) reply(w http.ResponseWriter, r *http.Request, a scripted) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	switch {
	case a.drop:
		panic(http.ErrAbortHandler)
	case a.wait:
		select {
		case <-r.Context().Done():
		case <-f.free:
		}
		return
	}
	if a.digits != "" {
		w.Header().Set("X-Digit-Confidence", a.digits)
	}
	w.WriteHeader(a.status)
	io.WriteString(w, a.body)
}

// spoil sends a file as its fate wants it, uncompressed, and never to be kept.
func (f *front) spoil(w http.ResponseWriter, url string, what fate) {
	w.Header().Set("Cache-Control", "no-store")
	if status := map[fate]int{lost: http.StatusBadGateway, gone: http.StatusNotFound}[what]; status != 0 {
		http.Error(w, "no such file", status)
		return
	}
	resp, err := http.Get(url)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	if what == changed {
		w.Write(flip(body))
		return
	}
	if what == cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	}
	w.Write(body[:len(body)*6/10])
	w.(http.Flusher).Flush()
	if what == cut {
		f.files.Store(map[string]fate{})
		panic(http.ErrAbortHandler)
	}
	<-f.free
}

// boundOf writes corners as the contract does.
func boundOf(p [8]int) string {
	return fmt.Sprintf(`{"left_top":{"x":%d,"y":%d},"right_top":{"x":%d,"y":%d},"right_bottom":{"x":%d,"y":%d},"left_bottom":{"x":%d,"y":%d}}`, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7])
}

// aBound is where the card is in answers that are made up.
var aBound = boundOf([8]int{60, 60, 600, 60, 600, 400, 60, 400})

// read200 is an answer with that number on a card.
func read200(number string) scripted {
	return scripted{status: 200, body: `{"bank_cards":[{"bound":` + aBound + `,"number":"` + number + `"}],"time_used":5}`}
}

// doubted marks digits of it as uncertain: those with an x.
func (s scripted) doubted(digits string) scripted {
	var sure []string
	for _, d := range digits {
		if d == 'x' {
			sure = append(sure, "0.5")
		} else {
			sure = append(sure, "0.99")
		}
	}
	s.digits = strings.Join(sure, ",")
	return s
}

var (
	aNumber    = read200("4000123456789017")
	oneDoubt   = aNumber.doubted("........x.......")
	longCard   = read200("6205500000000000004").doubted(".....x...x.........")
	noLuhn     = read200("4000123456789018")
	oddLength  = read200("400012345678901")
	noNumber   = read200("")
	noCard     = scripted{status: 200, body: `{"bank_cards":[],"time_used":5}`}
	serverDown = scripted{status: 500, body: `{"error_message":"INTERNAL_ERROR"}`}
	crowded    = scripted{status: 403, body: `{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`}
	denied     = scripted{status: 401, body: `{"error_message":"AUTHENTICATION_ERROR"}`}
	tooBig     = scripted{status: 413, body: `<html><h1>413 Request Entity Too Large</h1></html>`}
	tooLate    = scripted{status: 504, body: `{"error_message":"INTERNAL_ERROR"}`}
	dropped    = scripted{drop: true}
	silent     = scripted{wait: true}
)
