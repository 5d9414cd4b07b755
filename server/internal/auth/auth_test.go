package auth

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

func gate(t *testing.T, env map[string]string) *Gate {
	t.Helper()
	s := setting.Map(env)
	c := Load(s)
	if err := errors.Join(s.Err(), c.Validate()); err != nil {
		t.Fatal(err)
	}
	return New(c)
}

func TestIdentify(t *testing.T) {
	keys := map[string]string{"API_KEYS": "a:b"}
	proxied := map[string]string{"TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}
	for _, c := range []struct {
		name, peer string
		env        map[string]string
		header     []string // name, value, …
		want       Kind
	}{
		{"a program here", "127.0.0.1:5", nil, nil, Loopback},
		{"a program here, IPv6", "[::1]:5", nil, nil, Loopback},
		{"a program here, mapped", "[::ffff:127.0.0.1]:5", nil, nil, Loopback},
		{"a program here, with keys set", "127.0.0.1:5", keys, nil, Nobody},
		{"a program elsewhere", "192.0.2.7:5", nil, nil, Nobody},
		{"our page", "192.0.2.7:5", nil, []string{"Sec-Fetch-Site", "same-origin"}, Page},
		{"our page, keys set", "192.0.2.7:5", keys, []string{"Sec-Fetch-Site", "same-origin"}, Page},
		{"our page in an older browser", "192.0.2.7:5", keys, []string{"Origin", "http://scan.example"}, Page},
		{"a page of another scheme", "192.0.2.7:5", keys, []string{"Origin", "https://scan.example"}, Nobody},
		{"a page of another port", "192.0.2.7:5", keys, []string{"Origin", "http://scan.example:81"}, Nobody},
		{"a foreign page on this machine", "127.0.0.1:5", nil, []string{"Origin", "https://evil.example"}, Nobody},
		{"a foreign page that claims our origin", "127.0.0.1:5", nil, []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://scan.example"}, Nobody},
		{"a page of the same site", "127.0.0.1:5", nil, []string{"Sec-Fetch-Site", "same-site"}, Nobody},
		{"a page whose origin is none", "127.0.0.1:5", nil, []string{"Origin", "http://%zz"}, Nobody},
		{"a sandboxed page", "127.0.0.1:5", nil, []string{"Origin", "null"}, Nobody},
		{"a caller behind an unknown proxy here", "127.0.0.1:5", nil, []string{"X-Forwarded-For", "192.0.2.7"}, Nobody},
		{"one who begins the proxy's list with nothing", "127.0.0.1:5", nil, []string{"X-Forwarded-For", ", 192.0.2.7"}, Nobody},
		{"one that claims to be loopback", "127.0.0.1:5", nil, []string{"X-Forwarded-For", "127.0.0.1"}, Nobody},
		{"a caller behind a proxy", "127.0.0.1:5", proxied, []string{"X-Forwarded-For", "192.0.2.7"}, Nobody},
		{"one behind a proxy that writes ports", "127.0.0.1:5", proxied, []string{"X-Forwarded-For", "192.0.2.7:4711"}, Nobody},
		{"one behind a proxy that hides whom", "127.0.0.1:5", proxied, []string{"X-Forwarded-For", "unknown"}, Nobody},
		{"one behind a proxy that says it otherwise", "127.0.0.1:5", proxied, []string{"Forwarded", "for=192.0.2.7"}, Nobody},
		{"a program beside the proxy", "127.0.0.1:5", proxied, nil, Loopback},
		{"our page behind a proxy with TLS", "127.0.0.1:5", proxied, []string{"X-Forwarded-Proto", "https", "Origin", "https://scan.example"}, Page},
	} {
		r := httptest.NewRequest("POST", "http://scan.example/", nil)
		r.RemoteAddr = c.peer
		for i := 0; i < len(c.header); i += 2 {
			r.Header.Set(c.header[i], c.header[i+1])
		}
		if got := gate(t, c.env).Identify(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestClientAddr(t *testing.T) {
	g := gate(t, map[string]string{"TRUSTED_PROXIES": "10.0.0.0/8, fe80::/10"})
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.7:5", "", "192.0.2.7"},
		{"192.0.2.7:5", "198.51.100.9", "192.0.2.7"}, // not to be believed
		{"10.0.0.1:5", "198.51.100.9", "198.51.100.9"},
		{"10.0.0.1:5", "203.0.113.5, 198.51.100.9", "198.51.100.9"}, // the first is the caller's own claim
		{"10.0.0.1:5", "198.51.100.9, 10.0.0.2", "198.51.100.9"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"10.0.0.1:5", "nonsense", "invalid IP"},
		{"10.0.0.1:5", ", 198.51.100.9", "198.51.100.9"},
		{"10.0.0.1:5", "198.51.100.9, unknown, 10.0.0.2", "invalid IP"},
		{"10.0.0.1:5", "198.51.100.9:4711", "198.51.100.9"},
		{"10.0.0.1:5", "[2001:db8::9]:4711, 10.0.0.2:80", "2001:db8::9"},
		{"10.0.0.1:5", "::ffff:198.51.100.9", "198.51.100.9"},
		{"[fe80::1%eth0]:5", "198.51.100.9", "198.51.100.9"}, // a link's addresses come with its name
		{"@", "", "invalid IP"},
	} {
		r := httptest.NewRequest("POST", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := g.ClientAddr(r); got.String() != c.want {
			t.Errorf("%s forwarded for %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

// TestAdmit: who is known needs no key, but where keys are configured a wrong one is refused of anybody.
func TestAdmit(t *testing.T) {
	keyed, open := gate(t, map[string]string{"API_KEYS": "a:b,c:d"}), gate(t, nil)
	const missing, wrong = cardpp.MissingArguments, cardpp.AuthenticationError
	for _, c := range []struct {
		name string
		gate *Gate
		kind Kind
		sent string // key and secret, as far as they are given
		want Kind
		code string
	}{
		{"a machine", keyed, Nobody, "a:b", Machine, ""}, {"another", keyed, Nobody, "c:d", Machine, ""},
		{"another's secret", keyed, Nobody, "a:d", Nobody, wrong}, {"no such key", keyed, Nobody, "x:b", Nobody, wrong},
		{"an empty secret", keyed, Nobody, "a:", Nobody, wrong}, {"all empty", keyed, Nobody, ":", Nobody, wrong},
		{"no secret", keyed, Nobody, "a", Nobody, missing}, {"nothing", keyed, Nobody, "", Nobody, missing},
		{"our page", keyed, Page, "", Page, ""}, {"our page with a key", keyed, Page, "a:b", Machine, ""},
		{"our page with a wrong secret", keyed, Page, "a:d", Page, wrong}, {"our page with half of one", keyed, Page, "a", Page, missing},
		{"a program here", open, Loopback, "x:y", Loopback, ""}, {"a program elsewhere", open, Nobody, "x:y", Nobody, wrong},
	} {
		key, secret, whole := strings.Cut(c.sent, ":")
		kind, err := c.gate.Admit(c.kind, key, secret, c.sent != "", whole)
		var known *cardpp.Error
		code := ""
		if errors.As(err, &known) {
			code = known.Code
		}
		if kind != c.want || code != c.code {
			t.Errorf("%s: %s, %v", c.name, kind, err)
		}
	}
}

func TestKeysChangeWhileCallsGoOn(t *testing.T) {
	g := gate(t, map[string]string{"API_KEYS": "a:b"})
	if k, err := g.Admit(Nobody, "a", "b", true, true); k != Machine || err != nil {
		t.Error(k, err)
	}
	g.SetKeys([]string{"c:d"})
	var known *cardpp.Error
	if _, err := g.Admit(Nobody, "a", "b", true, true); !errors.As(err, &known) || known.Code != cardpp.AuthenticationError {
		t.Error(err)
	}
	if k, err := g.Admit(Nobody, "c", "d", true, true); k != Machine || err != nil {
		t.Error(k, err)
	}
}

func TestAGateHoldsNoSecrets(t *testing.T) {
	g := gate(t, map[string]string{"API_KEYS": "open-key:hush-secret"})
	if text := fmt.Sprintf("%+v %#v %+v", g, g, *g.keys.Load()); strings.Contains(text, "hush") || strings.Contains(text, "open-key") {
		t.Error("a key or secret can be printed")
	}
}

func TestConfigErrorsNameTheirVariable(t *testing.T) {
	for _, wrong := range [][2]string{{"API_KEYS", "nosecret"}, {"CORS_ORIGINS", "bare.host"}, {"CORS_ORIGINS", "https://:8443"}, {"TRUSTED_PROXIES", "proxy.example"}} {
		name, value := wrong[0], wrong[1]
		s := setting.Map(map[string]string{name: value})
		c := Load(s)
		err := errors.Join(s.Err(), c.Validate())
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), value) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestNoKeyIsWithoutASecret: everybody would know it.
func TestNoKeyIsWithoutASecret(t *testing.T) {
	for _, pair := range []string{"shop", "shop:", ":hush", ":"} {
		if err := (Config{Keys: []string{pair}}).Validate(); err == nil {
			t.Errorf("%q passes", pair)
		}
	}
}

// TestAKeyHasOneSecret: of two, one would be refused in silence.
func TestAKeyHasOneSecret(t *testing.T) {
	for _, pairs := range [][]string{{"shop:hush", "shop:still"}, {"shop:hush", "other:hush", "shop:hush"}} {
		if err := (Config{Keys: pairs}).Validate(); err == nil || !strings.HasPrefix(err.Error(), "API_KEYS:") || strings.Contains(err.Error(), "shop") {
			t.Errorf("%q: %v", pairs, err)
		}
	}
	if err := (Config{Keys: []string{"shop:hush", "other:hush"}}).Validate(); err != nil {
		t.Error(err)
	}
}

// TestAnOriginThatNoBrowserSendsIsRefused: it would never match.
func TestAnOriginThatNoBrowserSendsIsRefused(t *testing.T) {
	for origin, ok := range map[string]bool{
		"https://app.example": true, "http://localhost:3000": true, "http://[::1]:3000": true, "capacitor://localhost": true, "*": true,
		"https://App.example": false, "https://app.example:443": false, "http://app.example:80": false, "https://app.example/": false, "https://*.example": false, "https://kännen.example": false,
		"https://app.example?": false, "https://": false, "https://user@app.example": false, "null": false, "https://app.example:": false,
	} {
		if err := (Config{Origins: []string{origin}}).Validate(); (err == nil) != ok {
			t.Errorf("%s: %v", origin, err)
		}
	}
}
