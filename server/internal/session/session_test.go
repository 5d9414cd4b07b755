package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"ocrbankcard/server/internal/setting"
)

const (
	shop    = "https://shop.example"
	testKey = "0123456789abcdef0123456789abcdef"
)

// A point of P-256 for tests: RFC 7515, appendix A.3.1, without its private half.
const publicJWK = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`

func newBook(t *testing.T) (*Book, *Merchant) {
	t.Helper()
	c, err := parse("acme:" + testKey + ":" + shop + " http://localhost:3000\n# a comment\nother:" + strings.ToUpper(testKey) + ":https://other.example")
	if err != nil {
		t.Fatal(err)
	}
	b := NewBook(c)
	return b, b.merchant("acme")
}

// TestACommentReachesToItsLinesEnd: commas are in it, and merchants that are commented out are out, all of them.
func TestACommentReachesToItsLinesEnd(t *testing.T) {
	c, err := parse("# acme, the shoe shop\nacme:" + testKey + ":" + shop + "\n#old:" + testKey + ":https://old.example,older:" + testKey + ":https://older.example\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Merchants) != 1 || c.Merchants[0].ID != "acme" {
		t.Error(c.Merchants)
	}
}

func load(env map[string]string) (Config, error) {
	s := setting.Map(env)
	c := Load(s)
	return c, s.Err()
}

func TestConfigErrorsNameTheVariableAndNoKey(t *testing.T) {
	for text, want := range map[string]string{
		"acme":                                "want id:key:origin",
		"acme:short:https://x.example":        "at least 32",
		"acme:" + testKey + ":":               "no origin",
		"acme:" + testKey + ":shop":           "no web origin",
		"a:" + testKey + ":http://x.io":       "no web origin",
		"a:" + testKey + ":https://x.io/path": "no web origin",
		"a:" + testKey + ":https://x.io:443":  "no web origin",
		"a:" + testKey + ":https://x.io,a:" + testKey + ":https://y.io":          "twice",
		"a:" + testKey + ":https://u:p@x.io":                                     "no web origin",
		"a:" + testKey + ":https://x.io?a":                                       "no web origin",
		"a:" + testKey + ":https://x.io#a":                                       "no web origin",
		"a:" + testKey + ":https://:8443":                                        "no web origin",
		"a:" + testKey + ":https://x.example:":                                   "no web origin",
		"a:" + testKey + ":http://localhost:80":                                  "no web origin",
		"a:" + testKey + ":https://X.io":                                         "no web origin",
		"a:" + testKey + ":https://*.x.io":                                       "no web origin",
		"a:" + testKey + ":https://x.io;script-src":                              "no web origin",
		"a:" + testKey + ":https://kännen.example":                               "no web origin",
		"a:" + testKey + ":*":                                                    "no web origin",
		"a:" + testKey + ":https://ok.example\nb:tooshort:https://other.example": "entry 2",
		testKey + ":acme:https://x.example":                                      "the key has 4 bytes",
		"acme:" + testKey + ":" + testKey + ":https://x.example":                 "origin 1 is no web origin",
		"acme:" + testKey + ":" + shop + " " + testKey:                           "origin 2 is no web origin",
		testKey + ":" + testKey + ":x":                                           "no web origin",
	} {
		_, err := load(map[string]string{"MERCHANTS": text})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "MERCHANTS:") || strings.Contains(err.Error(), testKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
	file := filepath.Join(t.TempDir(), "merchants")
	if err := os.WriteFile(file, []byte("\ufeffacme:"+testKey+":"+shop+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"MERCHANTS_FILE": file}
	c, err := load(env)
	if err != nil || len(c.Merchants) != 1 || c.Merchants[0].ID != "acme" {
		t.Fatalf("from a file: %v, %v", c, err)
	}
	env["MERCHANTS"] = " \n" // as empty as any other setting
	if c, err := load(env); err != nil || len(c.Merchants) != 1 {
		t.Errorf("from a file, and blank: %v, %v", c, err)
	}
	env["MERCHANTS"] = "other:" + testKey + ":" + shop
	if _, err := load(env); err == nil || strings.Contains(err.Error(), testKey) {
		t.Errorf("from both: %v", err)
	}
	if out := fmt.Sprintf("%v %+v %#v %+v", c, c, c, c.Merchants[0]); strings.Contains(out, testKey[:8]) {
		t.Error("printing the configuration shows a key")
	}
}

// TestMerchantsAsPeopleWriteThem: with blanks and a comma too many, and with every origin of a developer's own machine.
func TestMerchantsAsPeopleWriteThem(t *testing.T) {
	c, err := parse(" acme:" + testKey + ":" + shop + " http://127.0.0.1:3000 http://[::1]:3000 http://shop.localhost , other:" + testKey + ":https://other.example:8443,\n\n ")
	if err != nil || len(c.Merchants) != 2 || c.Merchants[0].ID != "acme" || len(c.Merchants[0].Origins) != 4 || c.Merchants[1].ID != "other" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestTokensAreRefusedForEveryReason(t *testing.T) {
	b, m := newBook(t)
	good, claims, err := b.Open(m, Request{Origin: shop})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := b.Verify(good); err != nil || c.Origin != shop || c.Scans != DefaultScans || c.ID != claims.ID {
		t.Fatalf("a good token: %v, %v", c, err)
	}
	sign := func(method jwt.SigningMethod, key any, kid string, change func(*Claims)) string {
		c := *claims
		change(&c)
		tok := jwt.NewWithClaims(method, &c)
		tok.Header["kid"] = kid
		s, err := tok.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	hs := func(change func(*Claims)) string { return sign(jwt.SigningMethodHS256, m.key.bytes, "acme", change) }
	same := func(*Claims) {}
	for name, c := range map[string]struct {
		token string
		want  error
	}{
		"signed by the shop itself": {hs(same), nil},
		"another key":               {sign(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), "acme", same), ErrForged},
		"another merchant's name":   {sign(jwt.SigningMethodHS256, m.key.bytes, "other", same), ErrForged},
		"unknown merchant":          {sign(jwt.SigningMethodHS256, m.key.bytes, "nobody", same), ErrForged},
		"no signature":              {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "acme", same), ErrForged},
		"HS512":                     {sign(jwt.SigningMethodHS512, m.key.bytes, "acme", same), ErrForged},
		"no token":                  {"", ErrForged},
		"damaged":                   {good[:len(good)-4] + "AAAA", ErrForged},
		"expired":                   {hs(func(c *Claims) { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Minute)) }), ErrExpired},
		"from the future":           {hs(func(c *Claims) { c.IssuedAt = jwt.NewNumericDate(time.Now().Add(time.Minute)) }), ErrExpired},
		"no expiry":                 {hs(func(c *Claims) { c.ExpiresAt = nil }), ErrClaims},
		"too long a life":           {hs(func(c *Claims) { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(2 * MaxLifetime)) }), ErrClaims},
		"foreign origin":            {hs(func(c *Claims) { c.Origin = "https://other.example" }), ErrClaims},
		"another audience":          {hs(func(c *Claims) { c.Audience = jwt.ClaimStrings{"x"} }), ErrClaims},
		"another issuer":            {hs(func(c *Claims) { c.Issuer = "other" }), ErrClaims},
		"too many scans":            {hs(func(c *Claims) { c.Scans = MaxScans + 1 }), ErrClaims},
		"no id":                     {hs(func(c *Claims) { c.ID = "" }), ErrClaims},
		"mask without key":          {hs(func(c *Claims) { c.Mask = true }), ErrClaims},
		"unknown policy":            {hs(func(c *Claims) { c.Read = "elsewhere" }), ErrClaims},
	} {
		if _, err := b.Verify(c.token); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestKeysOfTheMaskedMode(t *testing.T) {
	b, m := newBook(t)
	if _, c, err := b.Open(m, Request{Origin: shop, Mask: true, Key: json.RawMessage(publicJWK)}); err != nil || !c.Mask {
		t.Errorf("a good key: %v", err)
	}
	for _, bad := range []string{
		`{}`, `5`, strings.Replace(publicJWK, `"kty"`, `"d":"x","kty"`, 1), strings.Replace(publicJWK, "P-256", "P-384", 1),
		strings.Replace(publicJWK, "f83O", "f83P", 1), strings.Replace(publicJWK, "VEU", "", 1), halvesMoved(t),
	} {
		var want *RequestError
		if _, _, err := b.Open(m, Request{Origin: shop, Mask: true, Key: json.RawMessage(bad)}); !errors.As(err, &want) || want.Field != "key" {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestOnlyABearerIsASession: what a proxy asks its callers for is none.
func TestOnlyABearerIsASession(t *testing.T) {
	for header, want := range map[string]string{"": "", "Bearer x.y.z": "x.y.z", "bearer  x.y.z ": "x.y.z", "Basic eDp5": "", "x.y.z": ""} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Authorization", header)
		if got := Bearer(r); got != want {
			t.Errorf("%q: %q", header, got)
		}
	}
}

func TestSessionsOverHTTP(t *testing.T) {
	b, _ := newBook(t)
	srv := httptest.NewServer(b)
	defer srv.Close()
	for name, c := range map[string]struct {
		method, id, key, body, origin string
		status                        int
	}{
		"defaults":         {"POST", "other", strings.ToUpper(testKey), "", "", 201},
		"all fields":       {"POST", "acme", testKey, `{"origin":"` + shop + `","scans":1,"read":"both","ttl":60,"mask":true,"key":` + publicJWK + `}`, "", 201},
		"nulls":            {"POST", "acme", testKey, `{"origin":"` + shop + `","scans":null,"read":null,"ttl":null,"mask":null,"key":null}`, "", 201},
		"which origin":     {"POST", "acme", testKey, `{}`, "", 400},
		"foreign origin":   {"POST", "acme", testKey, `{"origin":"https://other.example"}`, "", 400},
		"wrong key":        {"POST", "acme", testKey + "x", "", "", 401},
		"unknown merchant": {"POST", "nobody", "", "", "", 401},
		"from a page":      {"POST", "acme", testKey, "", shop, 403},
		"GET":              {"GET", "acme", testKey, "", "", 405},
		"unknown field":    {"POST", "acme", testKey, `{"scan":3}`, "", 400},
		"not JSON":         {"POST", "acme", testKey, `origin=x`, "", 400},
		"two values":       {"POST", "acme", testKey, `{} {}`, "", 400},
		"long body":        {"POST", "acme", testKey, strings.Repeat(" ", maxRequestBytes+1), "", 400},
		"too long a life":  {"POST", "acme", testKey, `{"origin":"` + shop + `","ttl":3601}`, "", 400},
		"life without end": {"POST", "acme", testKey, `{"origin":"` + shop + `","ttl":18446744674}`, "", 400}, // 2⁶⁴ ns and ten minutes
		"life backwards":   {"POST", "acme", testKey, `{"origin":"` + shop + `","ttl":-18446743474}`, "", 400},
	} {
		req, err := http.NewRequest(c.method, srv.URL+Path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(c.id, c.key)
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Session, Error string }
		err = json.NewDecoder(resp.Body).Decode(&got)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || (c.status == 201) != (got.Session != "") || (c.status == 201) != (got.Error == "") {
			t.Errorf("%s: %d %+v %v, want %d", name, resp.StatusCode, got.Error, err, c.status)
		}
		if c.status == 201 {
			if _, err := b.Verify(got.Session); err != nil {
				t.Errorf("%s: its own token fails: %v", name, err)
			}
		}
		if (c.status == 401) != (resp.Header.Get("WWW-Authenticate") != "") || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: headers %v", name, resp.Header)
		}
		if strings.Contains(got.Error, testKey) {
			t.Errorf("%s: the answer leaks", name)
		}
	}
}
