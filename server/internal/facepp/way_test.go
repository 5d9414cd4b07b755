package facepp

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

// TestACallThatMayNotGoSendsNothing: whichever way it would have gone, and its caller learns why.
func TestACallThatMayNotGoSendsNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	endpoint := &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/"}
	for name, proxy := range map[string]*url.URL{"direct": nil, "through a proxy": endpoint} {
		w, err := newWay(endpoint, Config{Proxy: func(*http.Request) (*url.URL, error) { return proxy, nil }})
		if err != nil {
			t.Fatal(err)
		}
		f := newForm(NewSecret("key"), NewSecret("secret"))
		conns := make(chan net.Conn, 1)
		go func() {
			c, err := l.Accept()
			if err != nil {
				t.Error(err)
			}
			conns <- c
		}()
		why := newError(QueueFull, errors.New("no turn"))
		_, err = w.exchange(t.Context(), request{endpoint, f.contentType, "", f.body([]byte("picture"))}, func() error {
			time.Sleep(50 * time.Millisecond) // while it waits, too
			return why
		})
		if err != why {
			t.Errorf("%s: %v", name, err)
		}
		w.close()
		c := <-conns
		if sent, err := io.ReadAll(c); err != nil || len(sent) > 0 {
			t.Errorf("%s: %d bytes were sent, error %v", name, len(sent), err)
		}
		c.Close()
	}
}

// TestTheUsualPortIsDialled: the service's own address has none in it.
func TestTheUsualPortIsDialled(t *testing.T) {
	for endpoint, want := range map[string]string{
		cardpp.Endpoint: "api-cn.faceplusplus.com:443", "http://face.example/x": "face.example:80", "https://face.example:8443/x": "face.example:8443",
		"http://[2001:db8::1]/x": "[2001:db8::1]:80",
	} {
		u, err := url.Parse(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if got := newDirect(u, Config{}).address; got != want {
			t.Errorf("%s: %s", endpoint, got)
		}
	}
}

// TestV1IsServedBesideTheDocumentedPath: also below a path of the upstream's own. Any other endpoint is called as it is.
func TestV1IsServedBesideTheDocumentedPath(t *testing.T) {
	for endpoint, want := range map[string]string{
		cardpp.Endpoint: "https://api-cn.faceplusplus.com" + cardpp.PathV1, "http://x/face" + cardpp.PathBeta: "http://x/face" + cardpp.PathV1,
		"http://x" + cardpp.PathV1: "http://x" + cardpp.PathV1, "http://x/read": "http://x/read", "http://x" + cardpp.PathBeta + "/": "http://x" + cardpp.PathBeta + "/",
		"http://x/a%2Fb" + cardpp.PathBeta: "http://x/a%2Fb" + cardpp.PathBeta,
	} {
		u, err := url.Parse(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if got := v1Of(u).String(); got != want {
			t.Errorf("%s: %s", endpoint, got)
		}
	}
}
