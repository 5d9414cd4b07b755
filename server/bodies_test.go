package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/gateway"
)

// TestBadBodies sends what no library would, over raw sockets.
func TestBadBodies(t *testing.T) {
	base := start(t, map[string]string{"BODY_GRACE": "300ms"}, reader(t))
	head := "POST " + cardpp.PathBeta + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n"
	part := "--b\r\nContent-Disposition: form-data; name=\"image_file\"; filename=\"x\"\r\n\r\n"
	const missing = "MISSING_ARGUMENTS: image_url, image_file, image_base64"
	for _, c := range []struct{ name, raw, want string }{
		{"wrong boundary", head + length("--c\r\n\r\n--c--"), missing},
		{"no boundary", strings.Replace(head, "; boundary=b", "", 1) + length(part), missing},
		{"no type", strings.Replace(head, "Content-Type", "X-Type", 1) + length(part), missing},
		{"another type", strings.Replace(head, "multipart/form-data; boundary=b", "application/json", 1) + length(`{"image_base64":"AAAA"}`), missing},
		{"no body", head + length(""), missing},
		{"no end", head + length(part+"picture"), "BAD_ARGUMENTS: image_file"},
		{"no end of a header", head + length("--b\r\nContent-Disposition: form-data"), "BAD_ARGUMENTS: body"},
		{"endless header", head + length("--b\r\n"+strings.Repeat("X: y\r\n", 10000)), "BAD_ARGUMENTS: body"},
		{"bad escape", strings.Replace(head, "multipart/form-data; boundary=b", "application/x-www-form-urlencoded", 1) + length("image_base64=%zz"), "BAD_ARGUMENTS: image_base64"},
		{"slow body", head + "Content-Length: 1000\r\n\r\n" + part, "BAD_ARGUMENTS: body"},
		{"bad chunk", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "BAD_ARGUMENTS: body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sendRaw(t, base, []byte(c.raw))
			if r.status != 400 || r.json.ErrorMessage != c.want {
				t.Errorf("%d %q, want %q", r.status, r.json.ErrorMessage, c.want)
			}
		})
	}
}

// TestAnEndlessBody: the answer comes while the body still does, and then the connection ends.
func TestAnEndlessBody(t *testing.T) {
	base := start(t, nil, reader(t))
	c := dial(t, base)
	defer c.Close()
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n")
		chunk := "10000\r\n" + strings.Repeat("x", 0x10000) + "\r\n"
		for err == nil {
			_, err = io.WriteString(c, chunk)
		}
		sent <- err
	}()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := read1(t, answer); r.status != 413 || r.text != cardpp.EntityTooLarge {
		t.Errorf("%d %q", r.status, r.text)
	}
	select {
	case <-sent:
	case <-time.After(20 * time.Second):
		t.Error("the server goes on reading")
	}
}

func length(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// TestIdleBodiesHoldNoMemory: many callers that announce much and send little don't keep others out.
func TestIdleBodiesHoldNoMemory(t *testing.T) {
	base, s := startServer(t, map[string]string{"UPLOAD_MEMORY_BYTES": "8388608"}, reader(t), io.Discard)
	const idle = 64
	for range idle {
		c := dial(t, base)
		defer c.Close()
		if _, err := io.WriteString(c, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 3000000\r\n\r\n--b"); err != nil {
			t.Fatal(err)
		}
	}
	for s.gateway.Uploads.InUse() < idle*4<<10 {
		time.Sleep(time.Millisecond)
	}
	contentType, body := form(t, image1(padded(asJPEG(t, drawBars(320, 200, barsNumber)), 2<<20)))
	checkRead(t, post(t, base+cardpp.PathBeta, contentType, body), 320, 200, 1)
}

// TestRefusalsReachTheirCaller: an error that is known before the body has come is seen by a caller that sends all of it
// first.
func TestRefusalsReachTheirCaller(t *testing.T) {
	for name, c := range map[string]struct {
		size               int // sockets hold some MiB
		path, origin, want string
	}{
		"a foreign page":     {14 << 20, cardpp.PathBeta, "https://evil.example", "AUTHORIZATION_ERROR: Denied by Admin"},
		"another path":       {14 << 20, "/cardpp/v9/ocrbankcard", "", "API_NOT_FOUND"},
		"memory for no more": {2 << 20, cardpp.PathBeta, "", "CONCURRENCY_LIMIT_EXCEEDED"},
	} {
		_, body := form(t, image1(make([]byte, c.size)))
		base, s := startServer(t, nil, reader(t), io.Discard)
		if c.want == cardpp.ConcurrencyLimit {
			s.gateway.Uploads = gateway.NewUploads(gateway.UploadConfig{Memory: 1 << 20})
		}
		conn := dial(t, base)
		defer conn.Close()
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n", c.path, c.origin, len(body))
		if c.origin == "" {
			head = strings.Replace(head, "Origin: \r\n", "", 1)
		}
		if _, err := conn.Write(append([]byte(head), body...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r := read1(t, answer); r.json.ErrorMessage != c.want || !answer.Close {
			t.Errorf("%s: %d %q", name, r.status, r.json.ErrorMessage)
		}
	}
}

// TestRefusalsReachTheirCallerByHTTP2: all that a caller sends is taken there, too. Java's HttpClient and OkHttp lose an answer
// when told to leave the rest of a body.
func TestRefusalsReachTheirCallerByHTTP2(t *testing.T) {
	certificate, key := testCertificate(t)
	base := start(t, map[string]string{"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}, reader(t))
	client := insecure(t)
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	contentType, body := form(t, image1(make([]byte, 6<<20)))
	for path, want := range map[string]int{cardpp.PathV1: http.StatusRequestEntityTooLarge, "/cardpp/v9/ocrbankcard": http.StatusNotFound} {
		for _, announced := range []int64{int64(len(body)), -1} {
			left := bytes.NewReader(body)
			r, err := http.NewRequest(http.MethodPost, strings.Replace(base, "http:", "https:", 1)+path, io.NopCloser(left))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", contentType)
			r.ContentLength = announced
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := read1(t, answer); got.status != want || answer.ProtoMajor != 2 || left.Len() > 0 {
				t.Errorf("%s: %s %d, and %d bytes not taken", path, answer.Proto, got.status, left.Len())
			}
		}
	}
}

// TestRefusalsReachAProxy that passes on the caller's "Expect: 100-continue" and sends the body all the same, as Caddy does: the
// connection is not closed while it sends.
func TestRefusalsReachAProxy(t *testing.T) {
	base := start(t, nil, reader(t))
	contentType, body := form(t, image1(make([]byte, 4<<20)))
	proxy := &http.Transport{} // without an ExpectContinueTimeout it doesn't wait
	defer proxy.CloseIdleConnections()
	for range 30 {
		r, err := http.NewRequest(http.MethodPost, base+cardpp.PathBeta, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Content-Type": {contentType}, "Expect": {"100-continue"}, "Origin": {"https://evil.example"}}
		answer, err := proxy.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := read1(t, answer); got.status != http.StatusForbidden {
			t.Errorf("status %d", got.status)
		}
	}
}
