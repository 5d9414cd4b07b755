package facepp_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// patience is a short budget, so that a test of a hanging upstream ends.
func patience(c *facepp.Config) { c.Budget, c.Attempt = 2*time.Second, 300*time.Millisecond }

// ways are both: the client's own, and net/http's to a proxy, for which here the upstream itself stands.
var ways = map[string]func(*facepp.Config){
	"": func(*facepp.Config) {},
	", through a proxy": func(c *facepp.Config) {
		c.Proxy = func(r *http.Request) (*url.URL, error) {
			return &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host}, nil
		}
	},
}

func TestUpstreamFaults(t *testing.T) {
	for _, c := range upstreamFaults {
		for way, through := range ways {
			t.Run(c.name+way, func(t *testing.T) {
				t.Parallel()
				u := &facepptest.Raw{Answer: c.answer, Unread: c.unread}
				limits := func(*facepp.Config) {}
				if c.kind == facepp.Timeout {
					limits = patience // the others must not meet a deadline, however busy the machine is
				}
				client := newClient(t, start(t, u), limits, through)
				_, err := client.Recognize(t.Context(), picture(t, 0))
				checkFault(t, err, c.kind, c.public)
				if n := int(u.Requests.Load()); n != c.requests && c.requests != 0 || n == 0 || n > attempts {
					t.Errorf("%d requests", n)
				}
				client.Close()
			})
		}
	}
}

const attempts = 4 // where trying again may help

var (
	internal = cardpp.NewError(cardpp.InternalError, "")
	tooLarge = cardpp.NewError(cardpp.EntityTooLarge, "")
)

var upstreamFaults = []struct {
	name     string
	answer   func(net.Conn)
	unread   bool
	kind     facepp.Kind
	public   *cardpp.Error
	requests int // 0: as many as the budget lets
}{
	{"reset before the answer", facepptest.Reset(""), false, facepp.Reset, internal, attempts},
	{"reset in the header", facepptest.Reset(facepptest.Head), false, facepp.Reset, internal, attempts},
	{"reset in the answer", facepptest.Reset(facepptest.Head + "Content-Length: 500\r\n\r\n" + card[:20]), false, facepp.Reset, internal, attempts},
	{"closed before the answer", facepptest.Send(""), false, facepp.Reset, internal, attempts},
	{"closed in the answer", facepptest.Send(facepptest.Head + "Content-Length: 500\r\n\r\n" + card), false, facepp.Reset, internal, attempts},
	{"closed in a chunk", facepptest.Send(facepptest.Head + "Transfer-Encoding: chunked\r\n\r\n64\r\n" + card), false, facepp.Reset, internal, attempts},
	{"closed with the request unread", facepptest.Send(""), true, facepp.Reset, internal, attempts},
	{"slow header", facepptest.Trickle("HTTP/1.1 200 OK\r\nX: ", "x"), false, facepp.Timeout, internal, 0},
	{"slow body", facepptest.Trickle(facepptest.Head+"Content-Length: 100000\r\n\r\n", " "), false, facepp.Timeout, internal, 0},
	{"never answers", facepptest.Silent, false, facepp.Timeout, internal, 0},
	{"truncated JSON", facepptest.Send(facepptest.Whole("200 OK", "application/json", card[:len(card)-9])), false, facepp.Malformed, internal, 1},
	{"JSON and more", facepptest.Send(facepptest.Whole("200 OK", "application/json", card+card)), false, facepp.Malformed, internal, 1},
	{"number as a number", facepptest.Send(facepptest.Whole("200 OK", "application/json", `{"bank_cards":[{"number":`+testNumber+`}]}`)), false, facepp.Malformed, internal, 1},
	{"number in words", facepptest.Send(facepptest.Whole("200 OK", "application/json", `{"bank_cards":[{"number":"No `+testNumber+`"}]}`)), false, facepp.Malformed, internal, 1},
	{"number elsewhere", facepptest.Send(facepptest.Whole("200 OK", "application/json", `{"bank_cards":"`+testNumber+`"}`)), false, facepp.Malformed, internal, 1},
	{"no bank_cards", facepptest.Send(facepptest.Whole("200 OK", "application/json", `{"request_id":"1,2"}`)), false, facepp.Malformed, internal, 1},
	{"null", facepptest.Send(facepptest.Whole("200 OK", "application/json", `null`)), false, facepp.Malformed, internal, 1},
	{"empty", facepptest.Send(facepptest.Whole("200 OK", "application/json", "")), false, facepp.Malformed, internal, 1},
	{"HTML 200", facepptest.Send(facepptest.HTML("200 OK")), false, facepp.Malformed, internal, 1},
	{"100 MB of JSON", facepptest.Flood(facepptest.Head+"Content-Length: 104857600\r\n\r\n", false), false, facepp.TooLong, internal, 1},
	{"100 MB of JSON in chunks", facepptest.Flood(facepptest.Head+"Transfer-Encoding: chunked\r\n\r\n", true), false, facepp.TooLong, internal, 1},
	{"100 MB of header", facepptest.Flood("HTTP/1.1 200 OK\r\nX: ", false), false, facepp.Transport, internal, attempts},
	{"not HTTP", facepptest.Send(testNumber + "\r\n\r\n"), false, facepp.Transport, internal, attempts},
	{"HTML 500", facepptest.Send(facepptest.HTML("500 Internal Server Error")), false, facepp.Server, internal, attempts},
	{"HTML 502", facepptest.Send(facepptest.HTML("502 Bad Gateway")), false, facepp.Gateway, internal, attempts},
	{"HTML 503", facepptest.Send(facepptest.HTML("503 Service Unavailable")), false, facepp.Gateway, internal, attempts},
	{"HTML 504", facepptest.Send(facepptest.HTML("504 Gateway Time-out")), false, facepp.Gateway, internal, attempts},
	{"HTML 501", facepptest.Send(facepptest.HTML("501 Not Implemented")), false, facepp.Unexpected, internal, 1},
	{"HTML 403", facepptest.Send(facepptest.HTML("403 Forbidden")), false, facepp.Unexpected, internal, 1},
	{"HTML 404", facepptest.Send(facepptest.HTML("404 Not Found")), false, facepp.NotFound, cardpp.NewError(cardpp.APINotFound, ""), 1},
	{"plain 413", facepptest.Send(facepptest.Whole("413 Request Entity Too Large", "text/plain", "Request Entity Too Large")), false, facepp.Picture, tooLarge, 1},
	{"HTML 413", facepptest.Send(facepptest.HTML("413 Request Entity Too Large")), false, facepp.Picture, tooLarge, 1},
	{"JSON 429", facepptest.Send(facepptest.Whole("429 Too Many Requests", "application/json", `{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`)), false, facepp.Unexpected, internal, 1},
	{"unknown error", facepptest.Send(facepptest.Whole("400 Bad Request", "application/json", `{"error_message":"READ: `+testNumber+`"}`)), false, facepp.Unexpected, internal, 1},
	{"echo", facepptest.Send(facepptest.Whole("400 Bad Request", "application/json", `{"error_message":"BAD_ARGUMENTS: `+testNumber+testSecret+`"}`)), false, facepp.Arguments, cardpp.NewError(cardpp.BadArguments, ""), 1},
	{"failure sent as success", facepptest.Send(facepptest.Whole("200 OK", "application/json", `{"error_message":"AUTHENTICATION_ERROR"}`)), false, facepp.Credentials, cardpp.NewError(cardpp.AuthenticationError, ""), 1},
}

// checkFault finds the wrong kind or words, and any secret or number in the error.
func checkFault(t *testing.T, err error, kind facepp.Kind, public *cardpp.Error) {
	t.Helper()
	e, ok := errors.AsType[*facepp.Error](err)
	if !ok {
		t.Fatalf("error %v is no *facepp.Error", err)
	}
	if e.Kind != kind {
		t.Errorf("kind %s, want %s: %v", e.Kind, kind, err)
	}
	if got, ok := errors.AsType[*cardpp.Error](err); !ok || *got != *public {
		t.Errorf("clients are told %v, want %v", got, public)
	}
	text := fmt.Sprintf("%v %+v %#v %s", err, err, err, e.Public)
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		text += fmt.Sprintf(" %+v", inner)
	}
	if leaks(text) || strings.Contains(text, testNumber[:12]) || strings.Contains(text, testNumber[6:]) {
		t.Errorf("the error tells too much")
	}
}

// direct is what is asked in place of the environment, which may name a proxy: that one would look for the host.
func direct(*http.Request) (*url.URL, error) { return nil, nil }

func TestNoWayToTheUpstream(t *testing.T) {
	internal := cardpp.NewError(cardpp.InternalError, "")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	u := &facepptest.Upstream{}
	trusted := httptest.NewUnstartedServer(u)
	trusted.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of the handshakes that must fail
	trusted.StartTLS()
	t.Cleanup(trusted.Close)
	roots := x509.NewCertPool()
	roots.AddCert(trusted.Certificate())
	plain := httptest.NewServer(u)
	t.Cleanup(plain.Close)
	trust := func(c *facepp.Config) { c.RootCAs = roots }
	_, tlsPort, err := net.SplitHostPort(trusted.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name, endpoint string
		change         func(*facepp.Config)
		kind           facepp.Kind
	}{
		{"refused", "http://" + closed.Addr().String(), patience, facepp.Refused},
		{"no such host", "http://upstream.invalid", func(c *facepp.Config) { c.Budget, c.Proxy = 20*time.Second, direct }, facepp.DNS},
		{"certificate of nobody", trusted.URL, patience, facepp.Certificate},
		{"certificate of another host", "https://localhost:" + tlsPort, trust, facepp.Certificate},
		{"no TLS spoken", strings.Replace(plain.URL, "http:", "https:", 1), patience, facepp.TLS},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newClient(t, c.endpoint+cardpp.PathBeta, c.change).Recognize(t.Context(), picture(t, 0))
			checkFault(t, err, c.kind, internal)
		})
	}
	if n := len(u.Calls()); n != 0 {
		t.Errorf("%d calls reached an upstream that isn't to be trusted", n)
	}
	if _, err := newClient(t, trusted.URL+cardpp.PathBeta, trust).Recognize(t.Context(), picture(t, 0)); err != nil {
		t.Errorf("the trusted upstream: %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := &facepptest.Upstream{}
	target := serve(t, elsewhere)
	for _, status := range []int{301, 302, 303, 307, 308} {
		from := httptest.NewServer(http.RedirectHandler(target, status))
		_, err := newClient(t, from.URL+cardpp.PathBeta).Recognize(t.Context(), picture(t, 0))
		checkFault(t, err, facepp.Unexpected, cardpp.NewError(cardpp.InternalError, ""))
		from.Close()
	}
	if n := len(elsewhere.Calls()); n != 0 {
		t.Errorf("the secret went elsewhere %d times", n)
	}
}

func TestEveryRowOfTheContract(t *testing.T) {
	for _, c := range []struct {
		code, detail string
		kind         facepp.Kind
		calls        int
	}{
		{cardpp.UnsupportedFormat, cardpp.ParamFile, facepp.Picture, 1},
		{cardpp.InvalidImageSize, cardpp.ParamFile, facepp.Picture, 1},
		{cardpp.InvalidImageURL, "", facepp.Picture, 1},
		{cardpp.FileTooLarge, cardpp.ParamFile, facepp.Picture, 1},
		{cardpp.DownloadTimeout, "", facepp.Picture, 1},
		{cardpp.AuthenticationError, "", facepp.Credentials, 1},
		{cardpp.AuthorizationError, cardpp.DeniedByClient, facepp.Denied, 1},
		{cardpp.AuthorizationError, cardpp.DeniedByAdmin, facepp.Denied, 1},
		{cardpp.AuthorizationError, cardpp.InsufficientBalance, facepp.Denied, 1},
		{cardpp.ConcurrencyLimit, "", facepp.Limited, 0},
		{cardpp.MissingArguments, "image_url, image_file, image_base64", facepp.Arguments, 1},
		{cardpp.BadArguments, cardpp.ParamFile, facepp.Arguments, 1},
		{cardpp.Coexistence, "", facepp.Arguments, 1},
		{cardpp.EntityTooLarge, "", facepp.Picture, 1},
		{cardpp.APINotFound, "", facepp.NotFound, 1},
		{cardpp.InternalError, "", facepp.Server, 4},
	} {
		t.Run(c.code+" "+c.detail, func(t *testing.T) {
			t.Parallel()
			u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply { return facepptest.Failure(c.code, c.detail) }}
			_, err := newClient(t, serve(t, u), patience).Recognize(t.Context(), picture(t, 0))
			checkFault(t, err, c.kind, cardpp.NewError(c.code, c.detail))
			if n := len(u.Calls()); n != c.calls && c.calls != 0 {
				t.Errorf("%d calls", n)
			}
			if e, _ := errors.AsType[*facepp.Error](err); c.kind == facepp.Limited && e.RetryAfter == 0 {
				t.Error("nothing said about when to come again")
			}
		})
	}
}

func TestRetriesEndInAnAnswer(t *testing.T) {
	bad := facepptest.Reply{Status: 502, Body: "<html>502 Bad Gateway</html>", ContentType: "text/html"}
	limited := facepptest.Reply{Status: 403, Body: `{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`}
	for _, c := range []struct {
		name    string
		replies []facepptest.Reply
	}{
		{"server errors", []facepptest.Reply{facepptest.Failure(cardpp.InternalError, ""), bad, {Status: 503}}},
		{"more limit errors than other attempts are allowed", []facepptest.Reply{limited, limited, limited, limited, limited, limited}},
		{"both", []facepptest.Reply{limited, bad, limited, bad, limited, bad}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u := &facepptest.Upstream{}
			client := newClient(t, serve(t, u))
			u.Script(c.replies...)
			if _, err := client.Recognize(t.Context(), picture(t, 0)); err != nil {
				t.Error(err)
			}
			if n := len(u.Calls()); n != len(c.replies)+1 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// TestKeptConnectionsThatTheUpstreamCloses: an upstream that closes each connection after an answer, without saying so,
// costs no call.
func TestKeptConnectionsThatTheUpstreamCloses(t *testing.T) {
	t.Parallel()
	u := &facepptest.Raw{Answer: facepptest.Send(facepptest.Whole("200 OK", "application/json", card))}
	client := newClient(t, start(t, u))
	const calls = 50
	for i := range calls {
		if _, err := client.Recognize(t.Context(), picture(t, uint8(i))); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if n := int(u.Requests.Load()); n != calls {
		t.Errorf("%d requests were read for %d calls", n, calls)
	}
	client.Close()
}
