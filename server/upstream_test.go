package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit/limittest"
)

const (
	facepKey    = "face-key-5ae1"
	facepSecret = "face-secret-93bd"
)

// upstreamNumber is what the stand-in for Face++ reads on every card: a number that UnionPay publishes for tests.
const upstreamNumber = "6205500000000000004"

// withFacePP is the environment of a server that asks a stand-in for Face++.
func withFacePP(t *testing.T, u *facepptest.Upstream, more ...string) map[string]string {
	t.Helper()
	n, err := cardnumber.Parse(upstreamNumber)
	if err != nil {
		t.Fatal(err)
	}
	u.Key, u.Secret, u.Number = facepKey, facepSecret, n
	s := httptest.NewServer(u)
	t.Cleanup(s.Close)
	env := map[string]string{"FACEPP_API_KEY": facepKey, "FACEPP_API_SECRET": facepSecret, "FACEPP_ENDPOINT": s.URL + cardpp.PathBeta, "FACEPP_QPS": "1000"}
	for i := 0; i < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return env
}

func TestFacePPReads(t *testing.T) {
	u := &facepptest.Upstream{}
	var log bytes.Buffer
	base, _, stop := startStoppable(t, withFacePP(t, u, "LOG_LEVEL", "debug", "API_KEYS", "shop:right"), nil, &log)
	file := asJPEG(t, drawBars(320, 200, barsNumber))
	contentType, body := form(t, image1(file), part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte("right")})
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	r := post(t, base+cardpp.PathBeta, contentType, body, header("Traceparent", "00-"+trace+"-00f067aa0ba902b7-01"))
	if r.status != 200 || r.json.BankCards == nil || len(*r.json.BankCards) != 1 || (*r.json.BankCards)[0].Number != upstreamNumber {
		t.Fatalf("%d %q, or another number", r.status, r.json.ErrorMessage)
	}
	if r.header.Get("X-Recognizer") != "faceplusplus" || r.header.Get("X-Confidence") != "" {
		t.Errorf("headers %v", r.header)
	}
	calls := u.Calls()
	if len(calls) != 1 || !bytes.Equal(calls[0].File, file) || calls[0].Key != facepKey || calls[0].Secret != facepSecret {
		t.Errorf("%d calls, or not ours", len(calls))
	} else if !strings.HasPrefix(calls[0].Traceparent, "00-"+trace+"-") || strings.Contains(calls[0].Traceparent, "00f067aa0ba902b7") {
		t.Errorf("traceparent %q", calls[0].Traceparent)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	everything := log.String() + r.text
	for name, values := range r.header {
		everything += name + strings.Join(values, "")
	}
	if strings.Contains(everything, facepSecret) || strings.Contains(everything, facepKey) || strings.Contains(log.String(), "right") {
		t.Error("a secret came out")
	}
	if !strings.Contains(log.String(), trace) {
		t.Error("the trace is not in the log")
	}
}

// TestV1HasBankAndOrganization wherever FACEPP_ENDPOINT is: Face++ tells them to those who call v1. The beta path, whose document
// has neither, drops them.
func TestV1HasBankAndOrganization(t *testing.T) {
	n, err := cardnumber.Parse(upstreamNumber)
	if err != nil {
		t.Fatal(err)
	}
	card := cardpp.Card{Bound: geometry.Rect(1, 2, 30, 40), Number: n, Bank: "建设银行", Organization: []string{"union"}}
	u := &facepptest.Upstream{Answer: func(c facepptest.Call) facepptest.Reply {
		card := card
		if c.Path != cardpp.PathV1 {
			card.Bank, card.Organization = "", nil
		}
		return facepptest.Success(cardpp.Answer{Cards: []cardpp.Card{card}, ImageID: "NTyDKpmLM7RklVcRyv2xPA==", RequestID: "1,2"})
	}}
	env := withFacePP(t, u)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for _, endpoint := range []string{cardpp.PathBeta, cardpp.PathV1} {
		env["FACEPP_ENDPOINT"] = strings.TrimSuffix(env["FACEPP_ENDPOINT"], cardpp.PathBeta) + endpoint
		base := start(t, env, nil)
		for path, want := range map[string]bool{cardpp.PathBeta: false, cardpp.PathV1: true} {
			r := post(t, base+path, contentType, body)
			got := (*r.json.BankCards)[0]
			if (got.Bank != nil) != want || (got.Organization != nil) != want {
				t.Errorf("%s, endpoint %s: %s", path, endpoint, r.text)
			}
			if *r.json.ImageID != "NTyDKpmLM7RklVcRyv2xPA==" || *r.json.RequestID == "1,2" {
				t.Errorf("%s: image_id %s, request_id %s", path, *r.json.ImageID, *r.json.RequestID)
			}
		}
	}
}

// TestBadPicturesCostNoCall: what the checks refuse is never sent upstream.
func TestBadPicturesCostNoCall(t *testing.T) {
	u := &facepptest.Upstream{}
	base := start(t, withFacePP(t, u), nil)
	jpg := asJPEG(t, drawBars(320, 200, barsNumber))
	for _, file := range [][]byte{nil, []byte("text"), jpg[:len(jpg)/2], asPNG(t, drawBars(99, 99, barsNumber)), padded(jpg, cardpp.MaxFileBytes+1)} {
		contentType, body := form(t, image1(file))
		if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 400 {
			t.Errorf("%d", r.status)
		}
	}
	if n := len(u.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// TestUpstreamRefusals: each row of the table from upstream, as the caller sees it.
func TestUpstreamRefusals(t *testing.T) {
	u := &facepptest.Upstream{}
	base := start(t, withFacePP(t, u, "FACEPP_BUDGET", "300ms"), nil)
	contentType, body := form(t, part{cardpp.ParamBase64, b64(asJPEG(t, drawBars(320, 200, barsNumber)))})
	for _, c := range []struct {
		code, detail string
		status       int
		want         string
	}{
		{cardpp.UnsupportedFormat, "image_file", 400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_base64"},
		{cardpp.InvalidImageSize, "image_file", 400, "INVALID_IMAGE_SIZE: image_base64"},
		{cardpp.FileTooLarge, "image_file", 400, "IMAGE_FILE_TOO_LARGE: image_base64"},
		{cardpp.InvalidImageURL, "", 500, "INTERNAL_ERROR"},
		{cardpp.DownloadTimeout, "", 500, "INTERNAL_ERROR"},
		{cardpp.AuthenticationError, "", 500, "INTERNAL_ERROR"},
		{cardpp.AuthorizationError, cardpp.DeniedByClient, 403, "AUTHORIZATION_ERROR: Denied by Client"},
		{cardpp.AuthorizationError, cardpp.InsufficientBalance, 403, "AUTHORIZATION_ERROR: Insufficient Account Balance"},
		{cardpp.MissingArguments, "api_key", 500, "INTERNAL_ERROR"},
		{cardpp.BadArguments, "image_file", 500, "INTERNAL_ERROR"},
		{cardpp.Coexistence, "", 500, "INTERNAL_ERROR"},
		{cardpp.APINotFound, "", 500, "INTERNAL_ERROR"},
		{cardpp.ConcurrencyLimit, "", 403, "CONCURRENCY_LIMIT_EXCEEDED"},
		{cardpp.InternalError, "", 500, "INTERNAL_ERROR"},
	} {
		reply := facepptest.Failure(c.code, c.detail)
		u.Answer = func(facepptest.Call) facepptest.Reply { return reply }
		r := post(t, base+cardpp.PathBeta, contentType, body)
		if r.status != c.status || r.json.ErrorMessage != c.want {
			t.Errorf("%s %s: %d %q, want %d %q", c.code, c.detail, r.status, r.json.ErrorMessage, c.status, c.want)
		}
	}
	reply := facepptest.Failure(cardpp.EntityTooLarge, "")
	u.Answer = func(facepptest.Call) facepptest.Reply { return reply }
	if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 413 || r.text != cardpp.EntityTooLarge {
		t.Errorf("413: %d %q", r.status, r.text)
	}
}

// TestFallback: with the setting, the engine reads where Face++ fails, and the answer says so.
func TestFallback(t *testing.T) {
	u := &facepptest.Upstream{}
	u.Answer = func(facepptest.Call) facepptest.Reply { return facepptest.Failure(cardpp.InternalError, "") }
	file, err := os.ReadFile("../testdata/embossed16.jpg")
	if err != nil {
		t.Fatal(err)
	}
	contentType, body := form(t, image1(file))
	var log lockedBuffer
	base, _, stop := startStoppable(t, withFacePP(t, u, "FACEPP_FALLBACK", "true", "FACEPP_BUDGET", "500ms"), nil, &log)
	r := post(t, base+cardpp.PathBeta, contentType, body)
	if r.status != 200 || r.header.Get("X-Recognizer") != "embedded" || (*r.json.BankCards)[0].Number != requestsNumber {
		t.Errorf("%d %q, by %q", r.status, r.json.ErrorMessage, r.header.Get("X-Recognizer"))
	}
	reply := facepptest.Failure(cardpp.UnsupportedFormat, "image_file")
	u.Answer = func(facepptest.Call) facepptest.Reply { return reply }
	if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 400 {
		t.Errorf("a picture that Face++ refuses: %d", r.status)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), "cause=\"facepp: server: 500 INTERNAL_ERROR"); n != 1 {
		t.Errorf("why the engine had to read is logged %d times", n)
	}
}

// TestStoppingLosesNoCall: SIGTERM to a real process in the midst of calls. Every call that reached Face++ is answered to
// its caller, and the process ends well.
func TestStoppingLosesNoCall(t *testing.T) {
	u := &facepptest.Upstream{Delay: 50 * time.Millisecond}
	var env []string
	for name, value := range withFacePP(t, u, "DRAIN_DELAY", "100ms") {
		env = append(env, name+"="+value)
	}
	base, process := startProcess(t, buildGateway(t), env...)
	var answered, refused int
	var mu sync.Mutex
	var callers sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	for i := range 16 {
		callers.Go(func() {
			for j := 0; ; j++ { // other pictures each time, so that no two calls share an answer
				contentType, body := form(t, image1(asJPEG(t, drawBars(300+i, 200+j, barsNumber))))
				answer, err := client.Post(base+cardpp.PathBeta, contentType, bytes.NewReader(body))
				if err != nil {
					mu.Lock()
					refused++
					mu.Unlock()
					return
				}
				var got struct {
					BankCards []struct{ Number string } `json:"bank_cards"`
				}
				err = json.NewDecoder(answer.Body).Decode(&got)
				answer.Body.Close()
				mu.Lock()
				if err == nil && answer.StatusCode == 200 && len(got.BankCards) == 1 && got.BankCards[0].Number == upstreamNumber {
					answered++
				}
				mu.Unlock()
			}
		})
	}
	for len(u.Calls()) < 64 {
		time.Sleep(time.Millisecond)
	}
	if err := process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	callers.Wait()
	if n := len(u.Calls()); answered != n || refused != 16 {
		t.Errorf("Face++ was asked %d times, %d answers came, %d callers were refused", n, answered, refused)
	}
}

// TestRedisDiesUnderLoad: limits go on in memory, and no call is lost.
func TestRedisDiesUnderLoad(t *testing.T) {
	redis := limittest.StartRedis(t)
	u := &facepptest.Upstream{}
	var log lockedBuffer
	base, _, stop := startStoppable(t, withFacePP(t, u, "REDIS_URL", redis.URL, "LIMIT_KEY", "100000", "API_KEYS", "shop:right"), nil, &log)
	call := func(i int) {
		contentType, body := form(t, image1(asJPEG(t, drawBars(300, 200+i, barsNumber))), part{cardpp.ParamKey, []byte("shop")}, part{cardpp.ParamSecret, []byte("right")})
		if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 200 {
			t.Errorf("call %d: %d %q", i, r.status, r.json.ErrorMessage)
		}
	}
	for i := range 60 {
		switch i {
		case 20:
			redis.Kill(t)
		case 40:
			if !strings.Contains(text1(t, base+"/metrics"), "scanner_redis_away 1") {
				t.Error("no metric shows the outage")
			}
			redis.Start(t)
		}
		call(i)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), "Redis is away"); n != 1 {
		t.Errorf("the outage was logged %d times", n)
	}
}

// lockedBuffer is a log that goroutines share.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
