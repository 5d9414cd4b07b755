package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.255.255.254": false, "::1": false, "::": false, "0.0.0.0": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "2001:0:7f00:1::": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "fd00::1": false, "fc00::1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false,
		"100.64.0.1": false, "100.100.100.200": false, "192.0.0.192": false, "168.63.129.16": false,
		"224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "ff02::1": false, "2001:db8::1": false,
		"172.32.0.1": true, "100.128.0.1": true, "11.0.0.1": true,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestAllowedAddresses: the web's ports of the public Internet, and all of what the operator allows.
func TestAllowedAddresses(t *testing.T) {
	c := Config{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	for address, want := range map[string]bool{
		"8.8.8.8:80": true, "8.8.8.8:443": true, "[2606:4700::1111]:443": true, "8.8.8.8:22": false, "8.8.8.8:8443": false,
		"127.0.0.1:80": false, "[::ffff:127.0.0.1]:443": false, "169.254.169.254:80": false, "10.2.0.1:80": false,
		"10.1.2.3:9000": true, "[::ffff:10.1.2.3]:80": true,
	} {
		if got := c.allowed(netip.MustParseAddrPort(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestFetchable(t *testing.T) {
	for address, want := range map[string]bool{
		"http://shop.example/card.jpg": true, "HTTPS://shop.example": true, "http://user@shop.example/": false, "http://:80/": false,
		"ftp://shop.example/": false, "file:///card.jpg": false, "//shop.example/": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := fetchable(u); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// guarded is a server on loopback that counts who reached it, and a fetcher that must not.
func guarded(t *testing.T) (port string, reached *atomic.Int32, f *Fetcher) {
	t.Helper()
	reached = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port(), reached, New(Load(setting.Map(nil)))
}

// TestNothingInsideIsReached writes loopback in every way that some program understands.
func TestNothingInsideIsReached(t *testing.T) {
	port, reached, f := guarded(t)
	for _, host := range []string{
		"127.0.0.1", "localhost", "localhost.", "LOCALHOST", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "017700000001",
		"0177.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1.", "①27.0.0.1",
		"user@127.0.0.1", "user:pw@127.0.0.1", "8.8.8.8@127.0.0.1",
	} {
		_, err := f.Get(t.Context(), "http://"+host+":"+port+"/card.jpg", roomy)
		var known *cardpp.Error
		if !errors.As(err, &known) || known.Code != cardpp.InvalidImageURL {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d of them got through", n)
	}
}

func TestOtherSchemesAndPorts(t *testing.T) {
	_, _, f := guarded(t)
	for _, address := range []string{
		"", "card.jpg", "//example.com/card.jpg", "file:///etc/passwd", "ftp://example.com/card.jpg", "gopher://example.com:80/_",
		"data:image/jpeg;base64,AAAA", "http://", "http:///card.jpg", "http://exa mple.com/", "http://8.8.8.8:22/", "https://8.8.8.8:6379/",
		"http://example.com:99999/", "javascript:alert(1)", strings.Repeat("http://a/", 1000),
	} {
		_, err := f.Get(t.Context(), address, roomy)
		var known *cardpp.Error
		if !errors.As(err, &known) || known.Code != cardpp.InvalidImageURL {
			t.Errorf("%.40q: %v", address, err)
		}
	}
}

// TestRedirectsAreCheckedAgain: an allowed server sends us to a forbidden address, by number and by name.
func TestRedirectsAreCheckedAgain(t *testing.T) {
	port, reached, _ := guarded(t)
	outside := listenOn(t, "127.0.0.2:0", nil)
	for _, target := range []string{"http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "file:///etc/passwd", "http://user@127.0.0.2/"} {
		outside.Config.Handler = http.RedirectHandler(target, http.StatusFound)
		f := New(Config{Deadline: time.Second, Redirects: 3, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}})
		if _, err := f.Get(t.Context(), outside.URL, roomy); err == nil || reached.Load() > 0 {
			t.Errorf("%s was followed", target)
		}
	}
}

func TestRedirectsAreCounted(t *testing.T) {
	hops := new(atomic.Int32)
	loop := listenOn(t, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops.Add(1)
		http.Redirect(w, r, "/again", http.StatusFound)
	}))
	f := New(Config{Deadline: time.Second, Redirects: 3, Allow: loopback})
	if _, err := f.Get(t.Context(), loop.URL, roomy); err == nil || hops.Load() != 4 {
		t.Errorf("%v after %d requests", err, hops.Load())
	}
}

// TestRebinding: a name that is public when it is looked up first, and private when it is dialled. The check is on the
// address dialled, so no first look-up can matter; here the resolver answers with both at once, the worst case.
func TestRebinding(t *testing.T) {
	port, reached, f := guarded(t)
	resolver := dnsServer(t, netip.MustParseAddr("127.0.0.1"))
	f.client.Transport.(*http.Transport).DialContext = f.dialer(resolver).DialContext
	for range 3 {
		if _, err := f.Get(t.Context(), "http://rebind.example:"+port+"/", roomy); err == nil {
			t.Error("downloaded")
		}
	}
	if reached.Load() > 0 {
		t.Error("a name led to loopback")
	}
	// The same name gets there when the operator allows it, so the resolver above was really asked.
	f = New(Config{Deadline: time.Second, Allow: loopback})
	f.client.Transport.(*http.Transport).DialContext = f.dialer(resolver).DialContext
	if _, err := f.Get(t.Context(), "http://rebind.example:"+port+"/", roomy); err != nil || reached.Load() != 1 {
		t.Errorf("%v, reached %d times", err, reached.Load())
	}
}

func TestDownloads(t *testing.T) {
	s := listenOn(t, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/small":
			fmt.Fprint(w, "picture")
		case "/full":
			w.Write(make([]byte, cardpp.MaxFileBytes))
		case "/large":
			w.Write(make([]byte, cardpp.MaxFileBytes+1))
		case "/endless":
			w.(http.Flusher).Flush()
			for r.Context().Err() == nil {
				w.Write(make([]byte, 1<<20))
			}
		case "/slow":
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/cut":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		case "/moved":
			http.Redirect(w, r, "/small", http.StatusMovedPermanently)
		default:
			http.NotFound(w, r)
		}
	}))
	patient := New(Config{Deadline: time.Minute, Redirects: 1, Allow: loopback})
	hasty := New(Config{Deadline: 500 * time.Millisecond, Allow: loopback})
	for path, want := range map[string]string{
		"/small": "", "/full": "", "/moved": "", "/large": "IMAGE_FILE_TOO_LARGE: image_url", "/endless": "IMAGE_FILE_TOO_LARGE: image_url",
		"/slow": "IMAGE_DOWNLOAD_TIMEOUT", "/cut": "INVALID_IMAGE_URL", "/none": "INVALID_IMAGE_URL",
	} {
		granted, f := 0, patient
		if path == "/slow" {
			f = hasty
		}
		file, err := f.Get(t.Context(), s.URL+path, func(n int) error { granted += n; return nil })
		if granted < len(file) || granted > cardpp.MaxFileBytes+1 || path == "/small" && granted > firstRoom {
			t.Errorf("%s: %d bytes granted for %d", path, granted, len(file))
		}
		var known *cardpp.Error
		switch {
		case want == "" && (err != nil || len(file) == 0):
			t.Errorf("%s: %v", path, err)
		case want != "" && (!errors.As(err, &known) || known.Message() != want):
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func roomy(int) error { return nil }

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func listenOn(t *testing.T, address string, h http.Handler) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// dnsServer answers every question for an IPv4 address with the same one (RFC 1035, section 4).
func dnsServer(t *testing.T, a netip.Addr) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		q := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(q)
			if err != nil {
				return
			}
			end := 12
			for end < n && q[end] != 0 {
				end += int(q[end]) + 1
			}
			end += 5 // the root label, type and class
			answer := append([]byte{}, q[:end]...)
			answer[2], answer[3] = 0x81, 0x80          // a response, recursion available
			copy(answer[6:], []byte{0, 0, 0, 0, 0, 0}) // no answer yet
			if q[end-4] == 0 && q[end-3] == 1 {        // type A
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				answer = append(answer, a.AsSlice()...)
			}
			c.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}
