package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/setting"
)

func TestConfigErrorsNameTheirVariable(t *testing.T) {
	for name, value := range map[string]string{
		"ADDR": "nowhere", "ADMIN_ADDR": "nowhere", "DRAIN_DELAY": "-1s", "STOP_TIMEOUT": "0s", "CALL_DEADLINE": "soon", "REDIS_URL": "http://redis",
		"FACEPP_QPS": "0", "FACEPP_MAX_WAIT": "-1s", "FACEPP_BUDGET": "0s", "FACEPP_ATTEMPT": "0s", "FACEPP_FALLBACK": "perhaps", "TLS_CERT": "no PEM", "MERCHANTS": "nobody",
		"FACEPP_API_SECRET": "alone", "FACEPP_ENDPOINT": "api.example", "CORS_ORIGINS": "shop.example", "MAX_CONNECTIONS": "0", "LIMIT_SESSION": "-1", "LOG_FORMAT": "xml", "LOG_LEVEL": "loud", "API_KEYS": "lonely", "LIMIT_KEY": "-1", "LIMIT_ADDRESS": "many",
		"MAX_BODY_BYTES": "1", "BODY_GRACE": "0s", "BODY_MIN_RATE": "0", "UPLOAD_MEMORY_BYTES": "1", "IMAGE_URL_DEADLINE": "0s", "IMAGE_URL_REDIRECTS": "99",
		"IMAGE_URL_ALLOW": "everywhere", "ENGINE_WORKERS": "0", "ENGINE_QUEUE": "-1", "ENGINE_MEMORY_BYTES": "1", "TRUSTED_PROXIES": "all",
		"FACEPP_API_KEY_FILE": "/no/such/file",
	} {
		_, err := Load(setting.Map(map[string]string{name: value}))
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	if _, err := Load(setting.Map(map[string]string{"MAX_BODY_BYTES": "8388608", "UPLOAD_MEMORY_BYTES": "8388608"})); err == nil || !strings.Contains(err.Error(), "UPLOAD_MEMORY_BYTES") {
		t.Errorf("no room for the largest body: %v", err)
	}
	if _, err := Load(setting.Map(map[string]string{"TLS_CERT": "/run/tls.crt", "TLS_KEY": "/run/tls.key"})); err == nil || !strings.Contains(err.Error(), "TLS_CERT_FILE") || strings.Contains(err.Error(), "/run") {
		t.Errorf("paths where PEM belongs: %v", err)
	}
	if _, err := Load(setting.Map(nil)); err != nil {
		t.Errorf("nothing set: %v", err)
	}
}

// TestASecretInPlaceOfItsFileIsNotRepeated: whoever mixes up NAME and NAME_FILE has no secret in the log.
func TestASecretInPlaceOfItsFileIsNotRepeated(t *testing.T) {
	const secret = "shop:0123456789abcdef0123456789abcdef"
	for _, name := range []string{"API_KEYS_FILE", "FACEPP_API_SECRET_FILE", "TLS_KEY_FILE", "REDIS_URL_FILE", "MERCHANTS_FILE"} {
		_, err := Load(setting.Map(map[string]string{name: secret}))
		if err == nil || !strings.Contains(err.Error(), name+": no such file") || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheGreetingTellsWhatIsWrongWithDIST: a build that lacks a file is another matter than none.
func TestTheGreetingTellsWhatIsWrongWithDIST(t *testing.T) {
	broken, partial := smallSite(t), smallSite(t)
	if err := errors.Join(os.WriteFile(filepath.Join(broken, "headers.json"), []byte("[{"), 0o600), os.Remove(filepath.Join(partial, "boot.0123456789ab.js"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dist, greeting, logged, page string
		status                       int
	}{
		{smallSite(t), "", "", "<!doctype html>", 200},
		{t.TempDir(), "DIST holds no build yet", "", "has not been built", 503}, // it may lie on a CDN
		{broken, "headers.json: unexpected end of JSON", "unexpected end of JSON", "headers.json can't be read", 503},
		{partial, "lists /boot.0123456789ab.js, which is missing", "lists /boot.0123456789ab.js, which is missing", "<!doctype html>", 200},
	} {
		var out, log lockedBuffer
		base, s := startServer(t, map[string]string{"DIST": c.dist, "LOG_FORMAT": "json"}, reader(t), &log)
		s.greetPrograms(&net.TCPAddr{})
		if got := log.String(); !strings.Contains(got, c.logged) || (c.logged == "") == strings.Contains(got, "DIST") {
			t.Errorf("%s: logged %s", c.greeting, got)
		}
		if s.greet(&out); !strings.Contains(out.String(), c.greeting) || (c.greeting == "") == strings.Contains(out.String(), "DIST") {
			t.Errorf("%s: greeted with %s", c.greeting, out.String())
		}
		if answer, body := ask(t, http.DefaultClient, base, "GET /"); answer.StatusCode != c.status || !strings.Contains(body, c.page) {
			t.Errorf("%s: %d %q", c.greeting, answer.StatusCode, body)
		}
	}
}

func TestNoErrorRepeatsASecret(t *testing.T) {
	for _, name := range []string{"FACEPP_API_KEY", "FACEPP_API_SECRET", "API_KEYS", "MERCHANTS", "TLS_KEY", "REDIS_URL"} {
		if _, err := Load(setting.Map(map[string]string{name: "hush-hush"})); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadPrintsAndDraws(t *testing.T) {
	drawing := filepath.Join(t.TempDir(), "out.png")
	var out, logs bytes.Buffer
	if err := run(context.Background(), []string{"read", "../testdata/embossed16.jpg", "-draw", drawing}, &out, &logs); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		BankCards []struct{ Number string } `json:"bank_cards"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || len(answer.BankCards) != 1 || answer.BankCards[0].Number != requestsNumber {
		t.Fatalf("%v, or another number", err)
	}
	f, err := os.Open(drawing)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() != 960 || m.Bounds().Dy() != 720 {
		t.Errorf("drawn on %v", m.Bounds())
	}
}

// TestReadEndsWhenTold: Ctrl-C while Face++ thinks doesn't wait for it.
func TestReadEndsWhenTold(t *testing.T) {
	asked := make(chan struct{}, 10)
	u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply {
		asked <- struct{}{}
		late := facepptest.Success(cardpp.Answer{})
		late.Delay = time.Minute
		return late
	}}
	// Who doesn't end has the answer in a minute, and no error.
	for name, value := range withFacePP(t, u, "FACEPP_BUDGET", "5m", "FACEPP_ATTEMPT", "5m", "CALL_DEADLINE", "5m") {
		t.Setenv(name, value)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	go func() { <-asked; interrupt() }()
	if err := run(ctx, []string{"read", "../testdata/embossed16.jpg"}, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
		t.Error("Face++ was waited for")
	}
}

func TestReadTellsErrors(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // in the error
		out  string // in the output
	}{
		{[]string{"read"}, "usage", ""},
		{[]string{"read", "a", "b"}, "one photo", ""},
		{[]string{"read", "-x", "a"}, "-x", ""},
		{[]string{"read", "/no/such/file"}, "no such file", ""},
		{[]string{"read", "config.go"}, "config.go: 400 IMAGE_ERROR_UNSUPPORTED_FORMAT", `"error_message":"IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file"`},
		{[]string{"dance"}, "usage", ""},
		{[]string{"phone", "-port", "9000"}, "usage", ""},
	} {
		var out bytes.Buffer
		err := run(context.Background(), c.args, &out, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(out.String(), c.out) {
			t.Errorf("%v: %v, %s", c.args, err, out.String())
		}
	}
}

// Whoever asks for help gets it, and no error.
// TestReadOfAFilm: no more of it is read than shows that it is too large.
func TestReadOfAFilm(t *testing.T) {
	film, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	taken := make(chan int)
	go func() {
		n, _ := end.Write(make([]byte, 4*cardpp.MaxFileBytes)) // fails when nobody reads on
		end.Close()
		taken <- n
	}()
	err = run(context.Background(), []string{"read", fmt.Sprintf("/dev/fd/%d", film.Fd())}, io.Discard, io.Discard)
	film.Close()
	if err == nil || !strings.Contains(err.Error(), cardpp.FileTooLarge) {
		t.Error(err)
	}
	if n := <-taken; n > 3*cardpp.MaxFileBytes {
		t.Errorf("%d bytes were read", n)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"help"}, {"read", "-h"}, {"read", "a", "--help"}} {
		var out bytes.Buffer
		if err := run(context.Background(), args, &out, &bytes.Buffer{}); err != nil || !strings.Contains(out.String(), "server read PHOTO") {
			t.Errorf("%v: %v, %q", args, err, out.String())
		}
	}
}

// TestAPhoneIsWarnedOfOurCertificateAlone: of the operator's own it should know, and who is told to go on would pass over what is wrong.
func TestAPhoneIsWarnedOfOurCertificateAlone(t *testing.T) {
	certificate, key := testCertificate(t)
	for _, own := range []bool{false, true} {
		t.Setenv("ADDR", "localhost:0")
		if own {
			t.Setenv("TLS_CERT_FILE", certificate)
			t.Setenv("TLS_KEY_FILE", key)
		}
		var out lockedBuffer
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := run(ctx, []string{"phone"}, &out, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "go on") == own || !strings.Contains(out.String(), "Scanner:    https://") {
			t.Errorf("own certificate %v:\n%s", own, out.String())
		}
	}
}

// TestServeFromStartToStop: the program itself, on its own ports, until it is told to stop.
func TestServeFromStartToStop(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"Scanner:    http://localhost:", "Recognizer: the embedded engine", "make phone", "Callers:"}},
		{[]string{"phone"}, []string{"Scanner:    https://", "▄", "Recognizer: the embedded engine", "certificate"}},
	} {
		t.Setenv("ADDR", "localhost:0")
		admin := freeAddress(t)
		t.Setenv("ADMIN_ADDR", admin)
		var out, logs lockedBuffer
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, c.args, &out, &logs) }()
		for i := 0; i < 5000 && !strings.Contains(out.String(), "Callers:"); i++ {
			time.Sleep(20 * time.Millisecond)
		}
		if r, err := http.Get("http://" + admin + "/metrics"); err != nil {
			t.Errorf("%v: ADMIN_ADDR: %v", c.args, err)
		} else if r.Body.Close(); r.StatusCode != 200 {
			t.Errorf("%v: ADMIN_ADDR: %s", c.args, r.Status)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%v: %v", c.args, err)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is not in\n%s", c.args, want, out.String())
			}
		}
	}
}
