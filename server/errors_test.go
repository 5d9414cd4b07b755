package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/recognizer"
)

// TestEveryRowOfTheErrorTable asks for each error through the real server, and wants exactly the contract's words.
func TestEveryRowOfTheErrorTable(t *testing.T) {
	asked := map[string]bool{cardpp.EntityTooLarge: true} // has a test of its own, below
	for _, c := range errorCases(t) {
		asked[cardpp.ParseMessage(c.status, c.want).Code] = true
		t.Run(c.name, func(t *testing.T) {
			if c.reader == nil {
				c.reader = reader(t)
			}
			if c.path == "" {
				c.path = cardpp.PathBeta
			}
			base := start(t, c.env, c.reader)
			contentType, body := form(t, c.parts...)
			r := post(t, base+c.path, contentType, body)
			if r.status != c.status || r.json.ErrorMessage != c.want || r.json.BankCards != nil {
				t.Errorf("got %d %q, want %d %q", r.status, r.json.ErrorMessage, c.status, c.want)
			}
			if (c.want == cardpp.ConcurrencyLimit) != (r.header.Get("Retry-After") != "") {
				t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
			}
		})
	}
	for _, c := range cardpp.Codes {
		if !asked[c.Code] {
			t.Errorf("no case asks for %s", c.Code)
		}
	}
}

// errorCase is a call and the error that it is answered with.
type errorCase struct {
	name   string
	env    map[string]string
	reader recognizer.Recognizer // the tests' own when nil
	path   string                // beta when ""
	parts  []part
	status int
	want   string
}

func errorCases(t *testing.T) []errorCase {
	good := asJPEG(t, drawBars(320, 200, barsNumber))
	keys := map[string]string{"API_KEYS": "shop:right,other:secret"}
	allow := map[string]string{"IMAGE_URL_ALLOW": "127.0.0.0/8", "IMAGE_URL_DEADLINE": "300ms"}
	key, secret := part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte("right")}
	slow := silentServer(t)
	large := fileServer(t, make([]byte, cardpp.MaxFileBytes+1))
	return []errorCase{
		{"text for a picture", nil, nil, "", []part{image1([]byte("not a picture"))}, 400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file"},
		{"text in base64", nil, nil, "", []part{{cardpp.ParamBase64, []byte("bm90IGEgcGljdHVyZQ==")}}, 400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_base64"},
		{"too few pixels", nil, nil, "", []part{image1(asPNG(t, drawBars(99, 99, barsNumber)))}, 400, "INVALID_IMAGE_SIZE: image_file"},
		{"too many pixels", nil, nil, "", []part{{cardpp.ParamBase64, b64(asPNG(t, drawBars(4097, 100, barsNumber)))}}, 400, "INVALID_IMAGE_SIZE: image_base64"},
		{"no such host", nil, nil, "", []part{{cardpp.ParamURL, []byte("http://no-such-host.invalid/card.jpg")}}, 400, "INVALID_IMAGE_URL"},
		{"no URL", nil, nil, "", []part{{cardpp.ParamURL, []byte("card.jpg")}}, 400, "INVALID_IMAGE_URL"},
		{"a file too large", nil, nil, "", []part{image1(make([]byte, cardpp.MaxFileBytes+1))}, 400, "IMAGE_FILE_TOO_LARGE: image_file"},
		{"a base64 too large", nil, nil, "", []part{{cardpp.ParamBase64, b64(make([]byte, cardpp.MaxFileBytes+1))}}, 400, "IMAGE_FILE_TOO_LARGE: image_base64"},
		{"a download too large", allow, nil, "", []part{{cardpp.ParamURL, []byte(large)}}, 400, "IMAGE_FILE_TOO_LARGE: image_url"},
		{"a download without end", allow, nil, "", []part{{cardpp.ParamURL, []byte(slow)}}, 412, "IMAGE_DOWNLOAD_TIMEOUT"},
		{"a wrong secret", keys, nil, "", []part{image1(good), key, {cardpp.ParamSecret, []byte("wrong")}}, 401, "AUTHENTICATION_ERROR"},
		{"another key's secret", keys, nil, "", []part{image1(good), key, {cardpp.ParamSecret, []byte("secret")}}, 401, "AUTHENTICATION_ERROR"},
		{"an unknown key", keys, nil, "", []part{image1(good), {cardpp.ParamKey, []byte("nobody")}, secret}, 401, "AUTHENTICATION_ERROR"},
		{"denied", nil, remote(cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByClient)), "", []part{image1(good)}, 403, "AUTHORIZATION_ERROR: Denied by Client"},
		{"denied by admin", nil, remote(cardpp.NewError(cardpp.AuthorizationError, cardpp.DeniedByAdmin)), "", []part{image1(good)}, 403, "AUTHORIZATION_ERROR: Denied by Admin"},
		{"no money", nil, remote(cardpp.NewError(cardpp.AuthorizationError, cardpp.InsufficientBalance)), "", []part{image1(good)}, 403, "AUTHORIZATION_ERROR: Insufficient Account Balance"},
		{"upstream busy", nil, remote(cardpp.NewError(cardpp.ConcurrencyLimit, "")), "", []part{image1(good)}, 403, "CONCURRENCY_LIMIT_EXCEEDED"},
		{"no key", keys, nil, "", []part{image1(good), secret}, 400, "MISSING_ARGUMENTS: api_key"},
		{"no secret", keys, nil, "", []part{image1(good), key}, 400, "MISSING_ARGUMENTS: api_secret"},
		{"no picture", nil, nil, "", []part{key, secret}, 400, "MISSING_ARGUMENTS: image_url, image_file, image_base64"},
		{"nothing at all", nil, nil, "", nil, 400, "MISSING_ARGUMENTS: image_url, image_file, image_base64"},
		{"no base64", nil, nil, "", []part{{cardpp.ParamBase64, []byte("&%$§!")}}, 400, "BAD_ARGUMENTS: image_base64"},
		{"an endless key", nil, nil, "", []part{image1(good), {cardpp.ParamKey, make([]byte, 9000)}}, 400, "BAD_ARGUMENTS: api_key"},
		{"two keys", nil, nil, "", []part{image1(good), key, {cardpp.ParamKey, []byte("other")}}, 400, "COEXISTENCE_ARGUMENTS"},
		{"two pictures", nil, nil, "", []part{image1(good), image1(good[:len(good)-1])}, 400, "COEXISTENCE_ARGUMENTS"},
		{"no such API", nil, nil, "/cardpp/v2/ocrbankcard", []part{image1(good)}, 404, "API_NOT_FOUND"},
		{"the prefix alone", nil, nil, "/cardpp/", nil, 404, "API_NOT_FOUND"},
		{"a fault", nil, remote(errors.New("broken")), "", []part{image1(good)}, 500, "INTERNAL_ERROR"},
		{"our own secret is wrong", nil, remote(cardpp.NewError(cardpp.AuthenticationError, "")), "", []part{image1(good)}, 500, "INTERNAL_ERROR"},
		{"our own call is wrong", nil, remote(cardpp.NewError(cardpp.BadArguments, "api_key")), "", []part{image1(good)}, 500, "INTERNAL_ERROR"},
		{"upstream names its parameter", nil, remote(cardpp.NewError(cardpp.UnsupportedFormat, "image_file")), "", []part{{cardpp.ParamBase64, b64(good)}}, 400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_base64"},
		{"a panic", nil, panics{}, "", []part{image1(good)}, 500, "INTERNAL_ERROR"},
	}
}

// The one row in plain text.
func TestARequestTooLarge(t *testing.T) {
	base := start(t, nil, reader(t))
	contentType, body := form(t, image1(make([]byte, 4<<20)))
	for name, sent := range map[string]io.Reader{"announced": bytes.NewReader(body), "chunked": io.MultiReader(bytes.NewReader(body))} {
		answer, err := http.Post(base+cardpp.PathBeta, contentType, sent)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != 413 || string(text) != "Request Entity Too Large" ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %v, %d %q", name, err, answer.StatusCode, text)
		}
	}
}

// Other methods than POST are no API of the contract's.
func TestOtherMethods(t *testing.T) {
	base := start(t, nil, reader(t))
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		r, err := http.NewRequest(method, base+cardpp.PathBeta, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got := read1(t, answer)
		if got.status != 404 || got.json.ErrorMessage != "API_NOT_FOUND" || got.header.Get("Allow") != "POST, OPTIONS" {
			t.Errorf("%s: %d %q", method, got.status, got.json.ErrorMessage)
		}
	}
}

// A base address that ends in a slash makes two of them, at the beginning or further on, and not every client follows a redirect
// with its picture.
func TestOneSlashTooMany(t *testing.T) {
	base := start(t, nil, reader(t))
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for _, path := range []string{"/" + cardpp.PathV1, "/cardpp/v1//ocrbankcard", "///cardpp//beta///ocrbankcard"} {
		r, err := http.NewRequest(http.MethodPost, base+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", path, answer.Status)
		}
		checkRead(t, read1(t, answer), 320, 200, 1)
	}
}

// Three ways to send a picture, with the contract's priority when several are used at once.
func TestPriority(t *testing.T) {
	good, text := asJPEG(t, drawBars(320, 200, barsNumber)), []byte("no picture")
	base := start(t, map[string]string{"IMAGE_URL_ALLOW": "127.0.0.0/8"}, reader(t))
	address := part{cardpp.ParamURL, []byte(fileServer(t, good))}
	for _, c := range []struct {
		name  string
		parts []part
		fails string
	}{
		{"file before base64", []part{{cardpp.ParamBase64, b64(text)}, image1(good)}, ""},
		{"base64 before URL", []part{{cardpp.ParamURL, []byte("nowhere")}, {cardpp.ParamBase64, b64(good)}}, ""},
		{"URL alone", []part{address}, ""},
		{"a file that is no picture hides a good URL", []part{address, image1(text)}, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file"},
		{"a file field left empty", []part{image1(nil), {cardpp.ParamBase64, b64(good)}}, ""},
		{"all left empty", []part{image1(nil), {cardpp.ParamBase64, nil}}, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file"},
	} {
		contentType, body := form(t, c.parts...)
		r := post(t, base+cardpp.PathBeta, contentType, body)
		if r.json.ErrorMessage != c.fails {
			t.Errorf("%s: %d %q", c.name, r.status, r.json.ErrorMessage)
		}
		if c.fails == "" {
			checkRead(t, r, 320, 200, 1)
		}
	}
}

// A full engine refuses at once, and says when to come again.
func TestTheEngineIsFull(t *testing.T) {
	hold := make(chan struct{})
	gate := recognizer.NewGate(recognizer.GateConfig{Workers: 1, Queue: 1, Memory: 64 << 20})
	base := start(t, nil, recognizer.Local{Engine: holding{hold}, Gate: gate})
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	taken := make(chan reply, 2)
	for range 2 {
		go func() { taken <- post(t, base+cardpp.PathBeta, contentType, body) }()
	}
	for gate.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	r := post(t, base+cardpp.PathBeta, contentType, body)
	if r.status != 403 || r.json.ErrorMessage != "CONCURRENCY_LIMIT_EXCEEDED" || r.header.Get("Retry-After") != "1" {
		t.Errorf("got %d %q", r.status, r.json.ErrorMessage)
	}
	close(hold)
	for range 2 {
		checkRead(t, <-taken, 320, 200, 1)
	}
}

// remote is a Face++ that fails in one way.
func remote(err error) recognizer.Recognizer { return recognizer.Remote{Upstream: failing{err}} }

type failing struct{ err error }

func (f failing) Recognize(context.Context, []byte) (cardpp.Answer, error) {
	var known *cardpp.Error
	if errors.As(f.err, &known) {
		return cardpp.Answer{}, &facepp.Error{Kind: facepp.Unexpected, Public: known}
	}
	return cardpp.Answer{}, f.err
}

type panics struct{}

func (panics) Name() string { return "panics" }
func (panics) Recognize(context.Context, recognizer.Picture) (recognizer.Result, error) {
	panic("on purpose")
}

// silentServer answers no request.
func silentServer(t *testing.T) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return fmt.Sprintf("http://%s/card.jpg", l.Addr())
}

func fileServer(t *testing.T, file []byte) (address string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(file) }))
	t.Cleanup(s.Close)
	return s.URL + "/card.jpg"
}

func b64(file []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(file)) }
