package static

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const (
	script = "/main.0123456789ab.wasm"
	newest = "/main.00112233aabb.wasm"
)

// over copies text over a file as cp does: the file stays the same one.
func over(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// beside puts text where a file is, as rsync and mv do.
func beside(t *testing.T, dir, name, text string) {
	t.Helper()
	over(t, dir, name+".new", text)
	if err := os.Rename(filepath.Join(dir, name+".new"), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// checkAnswer asks for a file in every way, and wants its bytes of now, their length, and validators that are not the old ones.
func checkAnswer(t *testing.T, url, accept, want, old string) (etag string) {
	t.Helper()
	whole, body := get(t, "GET", url, "Accept-Encoding", accept, "If-None-Match", old)
	if etag = whole.Header.Get("ETag"); whole.StatusCode != 200 || body != want || whole.ContentLength != int64(len(want)) || etag == "" || etag == old {
		t.Errorf("%s, %q: %d, %d bytes of %d announced, want %d, ETag %s after %s", url, accept, whole.StatusCode, len(body), whole.ContentLength, len(want), etag, old)
	}
	if head, _ := get(t, "HEAD", url, "Accept-Encoding", accept); head.ContentLength != int64(len(want)) || head.Header.Get("ETag") != etag {
		t.Errorf("%s, %q: HEAD announces %d bytes, ETag %s", url, accept, head.ContentLength, head.Header.Get("ETag"))
	}
	if again, _ := get(t, "GET", url, "Accept-Encoding", accept, "If-None-Match", etag); again.StatusCode != 304 {
		t.Errorf("%s, %q: asked again: %d", url, accept, again.StatusCode)
	}
	part, body := get(t, "GET", url, "Accept-Encoding", accept, "Range", "bytes=1-2", "If-Range", etag)
	if part.StatusCode != 206 || body != want[1:3] || part.ContentLength != 2 || part.Header.Get("Content-Range") != fmt.Sprintf("bytes 1-2/%d", len(want)) {
		t.Errorf("%s, %q: a part is %d %q, %v", url, accept, part.StatusCode, body, part.Header)
	}
	if part, body = get(t, "GET", url, "Accept-Encoding", accept, "Range", "bytes=1-2", "If-Range", `"old"`); part.StatusCode != 200 || body != want {
		t.Errorf("%s, %q: a part of another file is %d %q", url, accept, part.StatusCode, body)
	}
	return etag
}

// A build that is copied over another without its headers.json: whatever is there now is sent as it is.
func TestABuildCopiedOverAnother(t *testing.T) {
	for name, copied := range map[string]func(t *testing.T, dir, name, text string){"over": over, "beside": beside} {
		dir, s := site(t)
		old := map[string]string{}
		for _, path := range []string{"/", script} {
			for _, accept := range []string{"", "gzip", "br"} {
				answer, _ := get(t, "GET", s.URL+path, "Accept-Encoding", accept)
				old[path+accept] = answer.Header.Get("ETag")
			}
		}
		t.Log(name)
		copied(t, dir, "index.html", page+"<p>and more")
		copied(t, dir, "index.html.br", "brotli, at last")
		copied(t, dir, "main.0123456789ab.wasm", module+module)
		copied(t, dir, "main.0123456789ab.wasm.br", "br")
		copied(t, dir, "main.0123456789ab.wasm.br", "brotli, then longer")
		copied(t, dir, "main.0123456789ab.wasm.gz", "gzip")
		copied(t, dir, newest[1:], "a new module")
		checkAnswer(t, s.URL+"/", "", page+"<p>and more", old["/"])
		checkAnswer(t, s.URL+"/", "br", "brotli, at last", old["/br"])
		for _, accept := range []string{"", "br"} { // a cache between would else give one's bytes to the other
			if answer, _ := get(t, "GET", s.URL+"/", "Accept-Encoding", accept); answer.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%q of two: Vary %q", accept, answer.Header.Get("Vary"))
			}
		}
		checkAnswer(t, s.URL+script, "", module+module, old[script])
		checkAnswer(t, s.URL+script, "br", "brotli, then longer", old[script+"br"])
		checkAnswer(t, s.URL+script, "gzip", "gzip", old[script+"gzip"])
		checkAnswer(t, s.URL+newest, "br", "a new module", "")
	}
}

// rest has all that was read long enough after it was written to be trusted.
func rest(s *Site) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.stamp.at = s.index.stamp.at.Add(time.Minute)
	for name, at := range s.tags {
		at.stamp.at = at.stamp.at.Add(time.Minute)
		s.tags[name] = at
	}
}

// Builds that are made to be repeated give all files one time, and copies keep it: neither length nor time tells them apart.
func TestACopyOfTheSameLengthAndTime(t *testing.T) {
	dir, _ := site(t)
	folder := New(dir, nil)
	s := httptest.NewServer(folder)
	defer s.Close()
	made := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	pages := []string{"<p>one</p>", "<p>two</p>", "<p>six</p>", "<p>ten</p>"}
	etag := ""
	for i, text := range pages {
		if i%2 == 0 || runtime.GOOS != "linux" {
			beside(t, dir, "index.html", text)
		} else {
			over(t, dir, "index.html", text)
		}
		if err := os.Chtimes(filepath.Join(dir, "index.html"), made, made); err != nil {
			t.Fatal(err)
		}
		etag = checkAnswer(t, s.URL+"/", "", text, etag)
		// What goes by time alone would keep the old page.
		if answer, body := get(t, "GET", s.URL+"/", "If-Modified-Since", time.Now().UTC().Format(http.TimeFormat)); answer.StatusCode != 200 || body != text {
			t.Errorf("by its time: %d %q", answer.StatusCode, body)
		}
		rest(folder)
	}
}

// So does headers.json.
func TestAListOfTheSameLengthAndTime(t *testing.T) {
	dir, _ := site(t)
	folder := New(dir, nil)
	s := httptest.NewServer(folder)
	defer s.Close()
	made := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, cache := range []string{"no-cache", "no-store"} {
		beside(t, dir, "headers.json", `[{"path": "/index.html", "headers": {"Cache-Control": "`+cache+`", "Content-Length": "7"}}]`)
		if err := os.Chtimes(filepath.Join(dir, "headers.json"), made, made); err != nil {
			t.Fatal(err)
		}
		if answer, body := get(t, "GET", s.URL+"/"); answer.Header.Get("Cache-Control") != cache || answer.ContentLength != int64(len(page)) || body != page {
			t.Errorf("%v, %q", answer.Header, body)
		}
		if answer, _ := get(t, "GET", s.URL+"/", "If-Match", `"other"`); answer.StatusCode != 412 || answer.ContentLength > 0 {
			t.Errorf("a listed length: %s, %d bytes announced", answer.Status, answer.ContentLength)
		}
		rest(folder)
	}
}

// What is worked out once is not worked out at each request, but only once the file has rested.
func TestARestingFileIsReadOnce(t *testing.T) {
	dir, _ := site(t)
	s := New(dir, nil)
	if _, err := s.current(); err != nil {
		t.Fatal(err)
	}
	v := variant{name: "index.html"}
	c, err := s.open(v)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := s.known(v.name, c.info); got != "" {
		t.Errorf("ETag %s of a file just written is trusted", got)
	}
	rest(s)
	if got := s.known(v.name, c.info); got != c.etag {
		t.Errorf("ETag %q, want %s", got, c.etag)
	}
	x, known := s.index, s.tags[v.name]
	known.etag = `"as noted"`
	s.tags[v.name] = known
	again, err := s.open(v)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if same, err := s.current(); err != nil || same != x || again.etag != known.etag {
		t.Errorf("read once more: %v, ETag %s, the same list %v", err, again.etag, same == x)
	}
}

// Hashed names are looked up in the folder, and never beside it; what is no file there is nothing.
func TestHashedNamesLeadNowhereElse(t *testing.T) {
	dir, s := site(t)
	const beyond = "x.0123456789ab.js"
	over(t, filepath.Dir(dir), beyond, "not of the page")
	if err := os.Mkdir(filepath.Join(dir, "folder.0123456789ab.js"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/../" + beyond, "/%2e%2e/" + beyond, "/sub/../../" + beyond, "//../" + beyond, "/sub/..%2f..%2f" + beyond,
		"/..%5c" + beyond, "/" + filepath.Dir(dir) + "/" + beyond, "/%00/../" + beyond, "/folder.0123456789ab.js", "/none.0123456789ab.js", "/index.html/x.0123456789ab.js"} {
		if answer, body := get(t, "GET", s.URL+path); answer.StatusCode != 404 && answer.StatusCode != 400 {
			t.Errorf("%s: %d %q", path, answer.StatusCode, body)
		}
	}
}

// A condition that fails has no body, and so announces none: the connection would wait for it.
func TestAFailedConditionAnnouncesNoBody(t *testing.T) {
	_, s := site(t)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	for range 2 { // over one connection
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip\r\nIf-Match: \"other\"\r\n\r\n", script)
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != 412 || answer.ContentLength > 0 {
			t.Errorf("%s, %d bytes announced, %v", answer.Status, answer.ContentLength, err)
		}
	}
}

// An answer is of one build to its end, or ends early so that it can't pass for whole. Over HTTP/2 the stream has to be reset for
// that: Chromium takes a body that is shorter than announced.
func TestAnAnswerIsOfOneBuild(t *testing.T) {
	const length = 32 << 20 // more than lies in buffers between the two
	for protocol, told := range map[string]string{"HTTP/1.1": "unexpected EOF", "HTTP/2.0": "stream error"} {
		for change, next := range map[string]int{"replaced": length, "cut": 0} {
			dir, _ := site(t)
			s := httptest.NewUnstartedServer(New(dir, nil))
			s.EnableHTTP2 = protocol == "HTTP/2.0"
			s.StartTLS()
			defer s.Close()
			over(t, dir, newest[1:], strings.Repeat("a", length))
			answer, err := s.Client().Get(s.URL + newest)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			first := make([]byte, 1000)
			if _, err := io.ReadFull(answer.Body, first); err != nil {
				t.Fatal(err)
			}
			over(t, dir, newest[1:], strings.Repeat("b", next))
			rest, err := io.ReadAll(answer.Body)
			if err == nil || !strings.Contains(err.Error(), told) || bytes.ContainsRune(rest, 'b') || answer.Proto != protocol {
				t.Errorf("%s over %s: %d bytes of one build and %d of the next, %v", change, answer.Proto, len(first)+bytes.Count(rest, []byte("a")), bytes.Count(rest, []byte("b")), err)
			}
		}
	}
}
