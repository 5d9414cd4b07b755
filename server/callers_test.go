package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit/limittest"
	"ocrbankcard/server/internal/session"
)

// header returns an edit of a request that sets a header.
func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestWhoMayCall(t *testing.T) {
	good := image1(asJPEG(t, drawBars(320, 200, barsNumber)))
	key, secret := part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte("right")}
	keys := map[string]string{"API_KEYS": "shop:right", "CORS_ORIGINS": "https://app.example"}
	for _, c := range []struct {
		name  string
		env   map[string]string
		parts []part
		edit  []func(*http.Request)
		want  string // error message; "" for an answer
	}{
		{"a program here", nil, []part{good}, nil, ""},
		{"a program here with any key", nil, []part{good, key, secret}, nil, ""},
		{"a key", keys, []part{good, key, secret}, nil, ""},
		{"none", keys, []part{good}, nil, "MISSING_ARGUMENTS: api_key"},
		{"our page", keys, []part{good}, []func(*http.Request){header("Sec-Fetch-Site", "same-origin")}, ""},
		{"a foreign page without a key", nil, []part{good}, []func(*http.Request){header("Origin", "https://evil.example")}, "AUTHORIZATION_ERROR: Denied by Admin"},
		{"a foreign page with a key", keys, []part{good, key, secret}, []func(*http.Request){header("Origin", "https://evil.example")}, "AUTHORIZATION_ERROR: Denied by Admin"},
		{"an allowed page with a key", keys, []part{good, key, secret}, []func(*http.Request){header("Origin", "https://app.example")}, ""},
		{"an allowed page without a key", keys, []part{good}, []func(*http.Request){header("Origin", "https://app.example")}, "MISSING_ARGUMENTS: api_key"},
		{"an unknown caller", map[string]string{"TRUSTED_PROXIES": "127.0.0.1"}, []part{good}, []func(*http.Request){header("X-Forwarded-For", "192.0.2.1")}, "MISSING_ARGUMENTS: api_key"},
		{"an unknown caller with a key, none configured", map[string]string{"TRUSTED_PROXIES": "127.0.0.1"}, []part{good, key, secret}, []func(*http.Request){header("X-Forwarded-For", "192.0.2.1")}, "AUTHENTICATION_ERROR"},
		{"a token where there are no sessions", nil, []part{good}, []func(*http.Request){header("Authorization", "Bearer x.y.z")}, "AUTHENTICATION_ERROR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			contentType, body := form(t, c.parts...)
			r := post(t, start(t, c.env, reader(t))+cardpp.PathBeta, contentType, body, c.edit...)
			if r.json.ErrorMessage != c.want {
				t.Errorf("%d %q, want %q", r.status, r.json.ErrorMessage, c.want)
			}
			if c.want == "" {
				checkRead(t, r, 320, 200, 1)
			}
		})
	}
}

func TestCrossOrigin(t *testing.T) {
	base := start(t, map[string]string{"API_KEYS": "shop:right", "CORS_ORIGINS": "https://app.example"}, reader(t))
	for origin, allowed := range map[string]bool{"https://app.example": true, "https://evil.example": false, "https://app.example.evil.example": false, "null": false, "": false} {
		r, err := http.NewRequest(http.MethodOptions, base+cardpp.PathV1, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Access-Control-Allow-Origin"); (got == origin && origin != "") != allowed || got == "*" {
			t.Errorf("preflight of %q: %q", origin, got)
		}
		for name, want := range map[string]string{"Methods": "POST", "Headers": "Authorization, Content-Type, Traceparent"} {
			if got := answer.Header.Get("Access-Control-Allow-" + name); (got == want) != allowed || got != "" && !allowed {
				t.Errorf("preflight of %q: %s %q", origin, name, got)
			}
		}
		if answer.StatusCode != 204 || answer.Header.Get("Access-Control-Allow-Credentials") != "" || !slices.Contains(answer.Header.Values("Vary"), "Origin") {
			t.Errorf("preflight of %q: %d %v", origin, answer.StatusCode, answer.Header)
		}
	}
	contentType, body := form(t)
	r := post(t, base+cardpp.PathV1, contentType, body, header("Origin", "https://app.example"))
	if r.header.Get("Access-Control-Allow-Origin") != "https://app.example" || !strings.Contains(r.header.Get("Access-Control-Expose-Headers"), "X-Recognizer") {
		t.Errorf("an error can't be read: %v", r.header)
	}
	r = post(t, base+cardpp.PathV1, contentType, make([]byte, 4<<20), header("Origin", "https://app.example"))
	if r.status != 413 || r.header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("a 413 can't be read: %d %v", r.status, r.header)
	}
}

// shop is a server with one merchant, and a way to open sessions.
func shop(t *testing.T, env map[string]string) (base string, open func(request string) string) {
	t.Helper()
	base, open, _ = shopServer(t, env)
	return base, open
}

func shopServer(t *testing.T, env map[string]string) (base string, open func(request string) string, s *Server) {
	t.Helper()
	const key = "0123456789abcdef0123456789abcdef"
	all := map[string]string{"MERCHANTS": "shop:" + key + ":https://shop.example\nother:" + key + ":https://other.example", "CORS_ORIGINS": "https://cdn.example"}
	for k, v := range env {
		all[k] = v
	}
	base, s = startServer(t, all, reader(t), io.Discard)
	return base, func(request string) string {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, base+session.Path, strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("shop", key)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var opened struct{ Session string }
		if err := json.NewDecoder(answer.Body).Decode(&opened); err != nil || answer.StatusCode != 201 {
			t.Fatalf("no session: %d %v", answer.StatusCode, err)
		}
		return opened.Session
	}, s
}

func TestSessions(t *testing.T) {
	base, open := shop(t, nil)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	textType, text := form(t, image1([]byte("no picture")))
	scan := func(token, origin string) reply {
		t.Helper()
		return post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", origin))
	}
	token := open(`{"scans": 3}`)
	if r := post(t, base+cardpp.PathBeta, textType, text, header("Authorization", "Bearer "+token), header("Origin", base)); r.status != 400 {
		t.Errorf("a bad picture: %d", r.status)
	}
	for _, origin := range []string{base, "https://cdn.example", "https://shop.example"} {
		r := scan(token, origin)
		checkRead(t, r, 320, 200, 1)
	}
	for name, c := range map[string]struct{ token, origin, want string }{
		"a scan too many":     {token, base, "AUTHORIZATION_ERROR: Denied by Client"},
		"a foreign origin":    {open(``), "https://evil.example", "AUTHORIZATION_ERROR: Denied by Client"},
		"another shop's page": {open(``), "https://other.example", "AUTHORIZATION_ERROR: Denied by Client"},
		"a page of no origin": {open(``), "null", "AUTHORIZATION_ERROR: Denied by Client"},
		"a forged token":      {token[:len(token)-3] + "AAA", base, "AUTHENTICATION_ERROR"},
		"no token, our page":  {"", base, "AUTHENTICATION_ERROR"},
		"for the device only": {open(`{"read": "device"}`), base, "AUTHORIZATION_ERROR: Denied by Client"},
	} {
		if r := scan(c.token, c.origin); r.json.ErrorMessage != c.want {
			t.Errorf("%s: %d %q, want %q", name, r.status, r.json.ErrorMessage, c.want)
		}
	}
	if r := post(t, base+cardpp.PathBeta, contentType, body); r.json.ErrorMessage != "MISSING_ARGUMENTS: api_key" {
		t.Errorf("a program here, in production: %d %q", r.status, r.json.ErrorMessage)
	}
}

func TestLimits(t *testing.T) {
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))), part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte("right")})
	for _, c := range []struct {
		name string
		env  map[string]string
		edit func(*http.Request)
		last string // the third call's error
	}{
		{"an address", map[string]string{"LIMIT_ADDRESS": "2"}, header("Sec-Fetch-Site", "same-origin"), "CONCURRENCY_LIMIT_EXCEEDED"},
		{"a key", map[string]string{"LIMIT_KEY": "2", "API_KEYS": "shop:right"}, header("X", "y"), "CONCURRENCY_LIMIT_EXCEEDED"},
		{"a program here has none", map[string]string{"LIMIT_ADDRESS": "2", "LIMIT_KEY": "2"}, header("X", "y"), ""},
		{"none for keys by default", map[string]string{"LIMIT_ADDRESS": "2", "API_KEYS": "shop:right"}, header("X", "y"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := start(t, c.env, reader(t))
			for i := range 3 {
				r := post(t, base+cardpp.PathBeta, contentType, body, c.edit)
				want := ""
				if i == 2 {
					want = c.last
				}
				after, _ := strconv.Atoi(r.header.Get("Retry-After"))
				if r.json.ErrorMessage != want || (want != "") != (after > 20 && after <= 30) { // two a minute are one in 30 s
					t.Errorf("call %d: %d %q, want %q", i+1, r.status, r.json.ErrorMessage, want)
				}
			}
		})
	}
	base, open := shop(t, map[string]string{"LIMIT_SESSION": "1"})
	for i, want := range []string{"", "CONCURRENCY_LIMIT_EXCEEDED"} {
		token := open(``)
		for range i {
			post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", base))
		}
		if r := post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", base)); r.json.ErrorMessage != want {
			t.Errorf("session: %q, want %q", r.json.ErrorMessage, want)
		}
	}
}

// TestEveryPageMayCallButNotWithASession: CORS_ORIGINS=* opens the call to pages with a key; it names no scanner, so a
// session remains its shop's.
func TestEveryPageMayCallButNotWithASession(t *testing.T) {
	base, open := shop(t, map[string]string{"CORS_ORIGINS": "*", "API_KEYS": "key:right"})
	picture := image1(asJPEG(t, drawBars(320, 200, barsNumber)))
	contentType, body := form(t, picture, part{cardpp.ParamKey, []byte("key")}, part{cardpp.ParamSecret, []byte("right")})
	checkRead(t, post(t, base+cardpp.PathBeta, contentType, body, header("Origin", "https://any.example")), 320, 200, 1)
	contentType, body = form(t, picture)
	token := header("Authorization", "Bearer "+open(``))
	if r := post(t, base+cardpp.PathBeta, contentType, body, token, header("Origin", "https://any.example")); r.json.ErrorMessage != "AUTHORIZATION_ERROR: Denied by Client" {
		t.Errorf("a session on a foreign page: %d %q", r.status, r.json.ErrorMessage)
	}
	checkRead(t, post(t, base+cardpp.PathBeta, contentType, body, token, header("Origin", "https://shop.example")), 320, 200, 1)
}

// TestReplicasCountASessionTogether: two servers with one Redis let a session scan as often as it says, wherever each call
// arrives; without one, each counts for itself.
func TestReplicasCountASessionTogether(t *testing.T) {
	redis := limittest.StartRedis(t)
	for name, c := range map[string]struct {
		url  string
		want string // of six calls to the two in turn
	}{
		"with Redis": {redis.URL, "yyynnn"}, "each in memory": {"", "yyyyyy"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{}
			if c.url != "" {
				env["REDIS_URL"] = c.url
			}
			one, open := shop(t, env)
			two, _ := shop(t, env)
			token := header("Authorization", "Bearer "+open(`{"scans": 3}`))
			contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
			got := ""
			for i := range len(c.want) {
				r := post(t, []string{one, two}[i%2]+cardpp.PathBeta, contentType, body, token)
				switch {
				case r.status == http.StatusOK:
					got += "y"
				case r.json.ErrorMessage == "AUTHORIZATION_ERROR: Denied by Client":
					got += "n"
				default:
					t.Errorf("call %d: %d %q", i+1, r.status, r.json.ErrorMessage)
				}
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// A shop's developer who asks a server without merchants is told so.
func TestNoSessionsWithoutMerchants(t *testing.T) {
	answer, text := ask(t, http.DefaultClient, start(t, nil, reader(t)), "POST "+session.Path)
	if answer.StatusCode != 404 || !strings.Contains(text, "MERCHANTS") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
}
