package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/lan"
	"ocrbankcard/server/internal/session"
	"ocrbankcard/server/internal/setting"
)

func TestSecretsAreReloaded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("shop:old\n")
	env := map[string]string{"API_KEYS_FILE": file}
	base, s := startServer(t, env, reader(t), io.Discard)
	ask := func(secret string) string {
		contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))), part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte(secret)})
		return post(t, base+cardpp.PathBeta, contentType, body).json.ErrorMessage
	}
	if got := ask("old"); got != "" {
		t.Error(got)
	}
	write("nonsense")
	s.reload(setting.Map(env)) // keeps what was there
	if got := ask("old"); got != "" {
		t.Error(got)
	}
	write("shop:early") // beside what needs a restart, nothing changes
	env["MERCHANTS"] = "first:0123456789abcdef0123456789abcdef:https://shop.example"
	if s.reload(setting.Map(env)) || ask("old") != "" {
		t.Error("a part of the settings was taken over")
	}
	delete(env, "MERCHANTS")
	write("shop:new")
	s.reload(setting.Map(env))
	if old, now := ask("old"), ask("new"); old != "AUTHENTICATION_ERROR" || now != "" {
		t.Errorf("old %q, new %q", old, now)
	}
}

func TestMerchantsAreReloaded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "merchants")
	const one, two = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("shop:" + one + ":https://shop.example")
	env := map[string]string{"MERCHANTS_FILE": file, "DIST": smallSite(t)}
	base, s := startServer(t, env, reader(t), io.Discard)
	open := func(id, key string) (string, int) { t.Helper(); return openSession(t, base, id, key) }
	scan := func(token, origin string) string {
		t.Helper()
		contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
		return post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", origin)).json.ErrorMessage
	}
	framedBy := func() string { t.Helper(); return ancestorsOf(t, base) }
	old, _ := open("shop", one)
	if got := scan(old, "https://shop.example"); got != "" || framedBy() != "'self' https://shop.example" {
		t.Errorf("before: %q, framed by %s", got, framedBy())
	}

	for _, wrong := range []string{"shop:short:https://shop.example", ""} { // what is wrong, and the last merchant's end, change nothing
		write(wrong)
		s.reload(setting.Map(env))
		if got := scan(old, "https://shop.example"); got != "" {
			t.Errorf("after %q: %q", wrong, got)
		}
	}

	write("shop:" + two + ":https://shop.example\nnew:" + one + ":https://new.example")
	s.reload(setting.Map(env))
	if got := scan(old, "https://shop.example"); got != "AUTHENTICATION_ERROR" {
		t.Errorf("a token of the old key: %q", got)
	}
	if _, status := open("shop", one); status != http.StatusUnauthorized {
		t.Errorf("the old key opens sessions: %d", status)
	}
	if token, status := open("new", one); status != http.StatusCreated || scan(token, "https://new.example") != "" {
		t.Errorf("the new merchant: %d", status)
	}
	if got := framedBy(); got != "'self' https://new.example https://shop.example" {
		t.Errorf("framed by %s", got)
	}
}

// openSession asks for a session as a shop's backend does.
func openSession(t *testing.T, base, id, key string) (token string, status int) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, base+session.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(id, key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var opened struct{ Session string }
	if err := json.NewDecoder(answer.Body).Decode(&opened); err != nil {
		t.Fatal(err)
	}
	return opened.Session, answer.StatusCode
}

// ancestorsOf are the sources that may frame the page.
func ancestorsOf(t *testing.T, base string) string {
	t.Helper()
	answer, err := http.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	_, ancestors, _ := strings.Cut(answer.Header.Get("Content-Security-Policy"), "frame-ancestors ")
	return ancestors
}

// TestTheCertificateIsReloaded: new connections see the new one, and a key that doesn't fit changes nothing.
func TestTheCertificateIsReloaded(t *testing.T) {
	certificate, key := testCertificate(t)
	env := map[string]string{"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}
	base, s := startServer(t, env, reader(t), io.Discard)
	chain := func() []*x509.Certificate {
		t.Helper()
		c, err := tls.Dial("tcp", strings.TrimPrefix(base, "http://"), &tls.Config{InsecureSkipVerify: true}) // which one is all that is asked
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates
	}
	shown := func() []byte { return chain()[0].Raw }
	first := shown()
	next, err := lan.Certificate([]netip.Addr{netip.MustParseAddr("127.0.0.1")}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, certificate, "CERTIFICATE", next.Certificate[0])
	s.reload(setting.Map(env))
	if !bytes.Equal(shown(), first) {
		t.Error("a certificate without its key was taken")
	}
	writeKey(t, key, *next)
	s.reload(setting.Map(env))
	if !bytes.Equal(shown(), next.Certificate[0]) {
		t.Error("the new certificate isn't shown")
	}
	pair, err := os.ReadFile(certificate)
	if err != nil {
		t.Fatal(err)
	}
	between := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: first}) // one that was forgotten
	if err := os.WriteFile(certificate, append(pair, between...), 0o600); err != nil {
		t.Fatal(err)
	}
	s.reload(setting.Map(env))
	if n := len(chain()); n != 2 {
		t.Errorf("%d certificates are shown of two", n)
	}
}

// TestWhatNeedsARestartIsNamed: the log says so, instead of that all was taken over.
func TestWhatNeedsARestartIsNamed(t *testing.T) {
	certificate, key := testCertificate(t)
	for name, next := range map[string]map[string]string{
		"MERCHANTS":      {"MERCHANTS": "shop:0123456789abcdef0123456789abcdef:https://shop.example"},
		"FACEPP_API_KEY": {"FACEPP_API_KEY": facepKey, "FACEPP_API_SECRET": facepSecret},
		"TLS_CERT":       {"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key},
	} {
		var log lockedBuffer
		_, s := startServer(t, nil, reader(t), &log)
		if s.reload(setting.Map(next)) || !strings.Contains(log.String(), name+": the first") {
			t.Errorf("%s: taken over, or not named: %s", name, log.String())
		}
	}
}

// TestSIGHUPReloadsAtOnce: a real process takes a changed file over without a restart, long before it would look by itself.
func TestSIGHUPReloadsAtOnce(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(keys, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("old:secret")
	base, process := startProcess(t, buildGateway(t), "API_KEYS_FILE="+keys)
	status := func(key string) int {
		t.Helper()
		contentType, body := form(t, image1([]byte("no picture")), part{cardpp.ParamKey, []byte(key)}, part{cardpp.ParamSecret, []byte("secret")})
		return post(t, base+cardpp.PathBeta, contentType, body).status
	}
	if got := status("old"); got != 400 { // known, and told that this is no picture
		t.Errorf("the first key: %d", got)
	}
	write("new:secret")
	if err := process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(reloadEvery / 2); status("new") != 400; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the new key isn't known")
		}
	}
	if got := status("old"); got != 401 {
		t.Errorf("the old key: %d", got)
	}
}
