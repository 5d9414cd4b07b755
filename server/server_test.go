package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/setting"
)

// start runs a real server with the given environment on a free port, until the test ends; r reads in place of the
// configured recognizer, unless it is nil.
func start(t *testing.T, env map[string]string, r recognizer.Recognizer) (base string) {
	t.Helper()
	base, _ = startServer(t, env, r, io.Discard)
	return base
}

func startServer(t *testing.T, env map[string]string, r recognizer.Recognizer, logs io.Writer) (base string, s *Server) {
	t.Helper()
	base, s, _ = startStoppable(t, env, r, logs)
	return base, s
}

// startStoppable also returns what SIGTERM does: stop returns when the server has ended.
func startStoppable(t *testing.T, env map[string]string, r recognizer.Recognizer, logs io.Writer) (base string, s *Server, stop func() error) {
	t.Helper()
	c, err := Load(setting.Map(env))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = NewServer(c, c.Log.Logger(logs)); err != nil {
		t.Fatal(err)
	}
	if r != nil {
		s.gateway.Recognizer = r
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return "http://" + l.Addr().String(), s, stop
}

// reader is the tests' recognizer behind the real gate and the real decoders.
func reader(t *testing.T) recognizer.Recognizer {
	t.Helper()
	c := recognizer.LoadGate(setting.Map(nil))
	return recognizer.Local{Engine: bars{}, Gate: recognizer.NewGate(c)}
}

// part is one part of a multipart form.
type part struct {
	name  string
	value []byte
}

func image1(file []byte) part { return part{cardpp.ParamFile, file} }

func form(t *testing.T, parts ...part) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var pw io.Writer
		var err error
		if p.name == cardpp.ParamFile {
			pw, err = w.CreateFormFile(p.name, "card.jpg")
		} else {
			pw, err = w.CreateFormField(p.name)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pw.Write(p.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// reply is an answer, as a client sees it.
type reply struct {
	status int
	header http.Header
	text   string
	json   struct {
		BankCards *[]struct {
			Bound        map[string]struct{ X, Y int }
			Number       string
			Bank         *string
			Organization *[]string
		} `json:"bank_cards"`
		ImageID      *string `json:"image_id"`
		RequestID    *string `json:"request_id"`
		TimeUsed     *int    `json:"time_used"`
		ErrorMessage string  `json:"error_message"`
	}
}

func post(t *testing.T, url, contentType string, body []byte, edit ...func(*http.Request)) reply {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	for _, f := range edit {
		f(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return read1(t, answer)
}

// read1 reads an answer and checks what every answer of the contract has.
func read1(t *testing.T, answer *http.Response) (r reply) {
	t.Helper()
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.status, r.header, r.text = answer.StatusCode, answer.Header, string(text)
	if r.status == http.StatusRequestEntityTooLarge {
		return r
	}
	if err := json.Unmarshal(text, &r.json); err != nil {
		t.Fatalf("status %d: no JSON: %v", r.status, err)
	}
	if r.json.RequestID == nil || !requestID.MatchString(*r.json.RequestID) || r.json.TimeUsed == nil {
		t.Errorf("status %d: request_id or time_used missing or malformed", r.status)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	if got := r.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	return r
}

var (
	requestID = regexp.MustCompile(`^\d{10},[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	imageID   = regexp.MustCompile(`^[A-Za-z0-9+/]{22}==$`)
)

// checkRead reports an answer that is not the number, with its bound within tolerance pixels of the truth.
func checkRead(t *testing.T, r reply, width, height, tolerance int) {
	t.Helper()
	switch {
	case r.status != http.StatusOK || r.json.BankCards == nil || len(*r.json.BankCards) != 1:
		t.Fatalf("status %d, message %q, or not one card", r.status, r.json.ErrorMessage)
	case r.json.ImageID == nil || !imageID.MatchString(*r.json.ImageID):
		t.Error("image_id is missing or malformed")
	}
	card := (*r.json.BankCards)[0]
	if card.Number != barsNumber {
		t.Error("another number was read")
	}
	box := barsIn(width, height)
	for name, want := range map[string][2]int{
		"left_top": {box.Min.X, box.Min.Y}, "right_top": {box.Max.X, box.Min.Y},
		"right_bottom": {box.Max.X, box.Max.Y}, "left_bottom": {box.Min.X, box.Max.Y},
	} {
		got := card.Bound[name]
		if abs(got.X-want[0]) > tolerance || abs(got.Y-want[1]) > tolerance {
			t.Errorf("%s at %v, want %v", name, got, want)
		}
	}
}

func abs(v int) int { return max(v, -v) }

func TestACardIsRead(t *testing.T) {
	base := start(t, nil, reader(t))
	contentType, body := form(t, image1(asJPEG(t, drawBars(640, 400, barsNumber))))
	for _, path := range []string{cardpp.PathBeta, cardpp.PathV1} {
		r := post(t, base+path, contentType, body)
		checkRead(t, r, 640, 400, 1)
		for name, want := range map[string]string{"X-Recognizer": "embedded", "X-Confidence": "0.973"} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if got := len(r.header.Get("X-Digit-Confidence")); got != 16*len("0.99,")-1 {
			t.Errorf("X-Digit-Confidence has %d characters", got)
		}
	}
	if !strings.Contains(text1(t, base+"/metrics"), `outcome="card"`) {
		t.Error("the metrics don't count it")
	}
}

func TestNoCardIsAnEmptyList(t *testing.T) {
	base := start(t, nil, reader(t))
	blank := drawBars(200, 150, "9999999999999999")
	for i := range blank.Pix {
		blank.Pix[i] = 255
	}
	contentType, body := form(t, image1(asPNG(t, blank)))
	r := post(t, base+cardpp.PathBeta, contentType, body)
	if r.status != 200 || r.json.BankCards == nil || len(*r.json.BankCards) != 0 {
		t.Errorf("status %d, %s", r.status, r.text)
	}
	if !strings.Contains(text1(t, base+"/metrics"), `outcome="no_card"`) {
		t.Error("the metrics don't tell it from a card")
	}
}

func TestHealth(t *testing.T) {
	base := start(t, nil, reader(t))
	for _, path := range []string{"/healthz", "/readyz"} {
		answer, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != 200 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

func TestMain(m *testing.M) {
	http.DefaultTransport.(*http.Transport).IdleConnTimeout = time.Second
	code := m.Run()
	if builtIn != "" {
		if err := os.RemoveAll(builtIn); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
