package lan

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestTheCertificateIsGoodForItsAddresses(t *testing.T) {
	addresses := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	c, err := Certificate(addresses, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{*c}}
	s.StartTLS()
	defer s.Close()
	parsed, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(parsed)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	if _, err := client.Get(s.URL); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"192.0.2.1", "example.com"} {
		if parsed.VerifyHostname(name) == nil {
			t.Errorf("good for %s too", name)
		}
	}
}

// TestAnyNameOfTheMachineWillDo: in whatever letters its owner has written it.
func TestAnyNameOfTheMachineWillDo(t *testing.T) {
	defer func(was func() (string, error)) { hostname = was }(hostname)
	for name, good := range map[string]string{"desk": "desk.local", "Jürgens-PC": "localhost", "": "localhost"} {
		hostname = func() (string, error) { return name, nil }
		c, err := Certificate([]netip.Addr{netip.MustParseAddr("192.0.2.1")}, time.Now())
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		parsed, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil || parsed.VerifyHostname(good) != nil || parsed.VerifyHostname("localhost") != nil {
			t.Errorf("%q: %v, %v", name, err, parsed)
		}
	}
}

func TestAddressesAreReachable(t *testing.T) {
	found, err := Addresses()
	if errors.Is(err, ErrNoNetwork) {
		t.Skip("this machine is on no network")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range found {
		l, err := net.Listen("tcp", netip.AddrPortFrom(a, 0).String())
		if err != nil {
			t.Errorf("%s: %v", a, err)
			continue
		}
		l.Close()
		if i > 0 && rank(found[i-1]) > rank(a) {
			t.Errorf("%s before %s", found[i-1], a)
		}
	}
}
