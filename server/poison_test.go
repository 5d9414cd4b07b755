package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestNoNumberComesOut runs every path at debug level, with card numbers wherever a caller can put one, and searches
// logs, metrics, answers' headers, Redis and temporary files for every number, whole or masked less than to first six and
// last four (PCI DSS 4.0, 3.4.1).
func TestNoNumberComesOut(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	numbers := append(specimenNumbers(t), barsNumber, upstreamNumber)
	var out lockedBuffer
	stdout, stderr := capture(t, &out)

	u := &facepptest.Upstream{}
	redis := limittest.StartRedis(t)
	told := redis.Told(t)
	for _, env := range []map[string]string{
		{"LOG_LEVEL": "debug", "LOG_FORMAT": "json"},
		{"LOG_LEVEL": "debug", "LOG_FORMAT": "text", "API_KEYS": barsNumber + ":" + upstreamNumber, "LIMIT_KEY": "1000", "REDIS_URL": redis.URL},
		withFacePP(t, u, "LOG_LEVEL", "debug", "FACEPP_BUDGET", "300ms"),
	} {
		base, _, stop := startStoppable(t, env, nil, &out)
		files := specimens(t)
		if env["API_KEYS"] != "" {
			files = files[:2] // what differs is who calls
		}
		for _, file := range files {
			picture, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			askEveryWay(t, base, picture, &out)
		}
		u.Answer = func(facepptest.Call) facepptest.Reply { // an upstream that breaks in the midst of a number
			return facepptest.Reply{Body: `{"bank_cards":[{"number":"` + upstreamNumber, Status: 200}
		}
		askEveryWay(t, base, asPNG(t, drawBars(320, 200, barsNumber)), &out)
		askWithNumbersEverywhere(t, base, &out)
		askForMetrics(t, base, &out)
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	stdout()
	stderr()
	heard := told()
	if !strings.Contains(heard, "key:") {
		t.Error("Redis was told of no key")
	}
	io.WriteString(&out, heard)

	text := measured.ReplaceAllString(out.String(), "")
	if strings.Count(text, "outcome") < 30 || !strings.Contains(text, "scanner_calls_total") {
		t.Fatal("the search has nothing to search in")
	}
	for i, n := range numbers {
		if leaked(text, n) {
			t.Errorf("number %d of %d came out", i+1, len(numbers))
		}
	}
	checkNoFiles(t, temporary)
}

func askForMetrics(t *testing.T, base string, out io.Writer) {
	t.Helper()
	metrics, err := http.Get(base + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer metrics.Body.Close()
	if _, err := io.Copy(out, metrics.Body); err != nil {
		t.Fatal(err)
	}
}

// checkNoFiles: nothing was left in a folder, nor below it.
func checkNoFiles(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("a temporary file: %s", d.Name())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// measured are values of metrics that are sums of times, and may show any digits.
var measured = regexp.MustCompile(`(?m)^(scanner_\w+_sum|go_|process_).*$`)

// TestTheSearchFinds: the search above would find what it looks for.
func TestTheSearchFinds(t *testing.T) {
	for _, text := range []string{
		"number=4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "411111111•••••••", "4111111*****1111", "411111******11111",
		base64.StdEncoding.EncodeToString([]byte("4111111111111111")), hex.EncodeToString([]byte("4111111111111111")), "411111111",
	} {
		if !leaked(text, "4111111111111111") {
			t.Errorf("not found in %q", text)
		}
	}
	for _, text := range []string{"411111••••••1111", "411111******1111", "total=411111", "1470378968,c6f50ec6-49bd-4838-9923-11db04c40f8d"} {
		if leaked(text, "4111111111111111") {
			t.Errorf("found in %q", text)
		}
	}
}

// leaked looks for nine digits in a row, for more than the first six before a mask, and for more than the last four
// after one.
func leaked(text, number string) bool {
	for _, t := range []string{text, strings.NewReplacer(" ", "", "-", "", `\u0020`, "").Replace(text)} {
		for i := range len(number) - 8 {
			if strings.Contains(t, number[i:i+9]) {
				return true
			}
		}
	}
	encoded := []string{base64.StdEncoding.EncodeToString([]byte(number))[:16], hex.EncodeToString([]byte(number))[:18]}
	for _, e := range encoded {
		if strings.Contains(text, e) {
			return true
		}
	}
	const mask = `[•*xX#…]`
	return regexp.MustCompile(number[:7]+`\d*`+mask).MatchString(text) ||
		regexp.MustCompile(mask+`\d*`+number[len(number)-5:]).MatchString(text)
}

// askEveryWay sends a picture as a file and in base64, to both paths, and adds the answers' headers to out.
func askEveryWay(t *testing.T, base string, picture []byte, out io.Writer) {
	t.Helper()
	for path, p := range map[string]part{cardpp.PathBeta: image1(picture), cardpp.PathV1: {cardpp.ParamBase64, b64(picture)}} {
		contentType, body := form(t, p, part{cardpp.ParamKey, []byte(barsNumber)}, part{cardpp.ParamSecret, []byte(upstreamNumber)})
		r := post(t, base+path, contentType, body)
		if err := r.header.Write(out); err != nil {
			t.Fatal(err)
		}
	}
}

// askWithNumbersEverywhere puts a number wherever a caller can write something.
func askWithNumbersEverywhere(t *testing.T, base string, out io.Writer) {
	t.Helper()
	const n = barsNumber
	contentType, body := form(t, image1([]byte(n)))
	name := bytes.Replace(body, []byte("card.jpg"), []byte(n+".jpg"), 1)
	urlType, url := form(t, part{cardpp.ParamURL, []byte("http://127.0.0.1:1/" + n + ".jpg?number=" + n)})
	keyType, keyed := form(t, image1([]byte(n)), part{cardpp.ParamKey, []byte(n)}, part{cardpp.ParamSecret, []byte(upstreamNumber)})
	_, text := form(t, part{cardpp.ParamBase64, []byte(n)}, part{n, []byte(n)})
	for _, c := range []struct {
		path, contentType string
		body              []byte
	}{
		{cardpp.PathBeta, contentType, body}, {cardpp.PathBeta, contentType, name}, {cardpp.PathBeta, urlType, url}, {cardpp.PathBeta, keyType, keyed}, {cardpp.PathBeta, contentType, text},
		{cardpp.PathBeta + "?api_key=" + n + "&number=" + n, contentType, body}, {"/cardpp/" + n, contentType, body},
		{cardpp.PathBeta, "multipart/form-data; boundary=" + n, body}, {cardpp.PathBeta, n, body},
		{cardpp.PathBeta, "application/x-www-form-urlencoded", []byte("image_base64=" + n + "%zz&image_url=" + n)},
	} {
		for _, name := range []string{"User-Agent", "Referer", "Traceparent", "X-Request-Id", "Authorization", "Cookie", "X-Forwarded-For"} {
			value := n
			if name == "Authorization" {
				value = "Bearer " + n
			}
			r := post(t, base+c.path, c.contentType, c.body, header(name, value))
			if err := r.header.Write(out); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, raw := range []string{"GET /" + n + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", n + "\r\n\r\n", "POST /cardpp/ HTTP/1.1\r\nHost: " + n + ":x:y\r\nConnection: close\r\n\r\n"} {
		answer := rawBytes(t, base, raw)
		out.Write([]byte(strings.ReplaceAll(answer, "/"+n, "")))
	}
}

// rawBytes returns all that the server answers.
func rawBytes(t *testing.T, base, raw string) string {
	t.Helper()
	c := dial(t, base)
	defer c.Close()
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(bufio.NewReader(c))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// capture sends what the process writes to its standard streams to out as well, until the results are called.
func capture(t *testing.T, out io.Writer) (stdout, stderr func()) {
	t.Helper()
	return captureOne(t, &os.Stdout, out), captureOne(t, &os.Stderr, out)
}

func captureOne(t *testing.T, stream **os.File, out io.Writer) (restore func()) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old, done := *stream, make(chan error, 1)
	*stream = w
	go func() {
		_, err := io.Copy(out, r)
		done <- err
	}()
	return func() {
		*stream = old
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func specimens(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.jpg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no specimens: %v", err)
	}
	return files
}

// specimenNumbers are the numbers of testdata's specimens.
func specimenNumbers(t *testing.T) (numbers []string) {
	t.Helper()
	f, err := os.Open("../testdata/specimens.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := json.NewDecoder(f); ; {
		var s struct{ Number string }
		if err := d.Decode(&s); err == io.EOF {
			return numbers
		} else if err != nil {
			t.Fatal(err)
		}
		if s.Number != "" {
			numbers = append(numbers, s.Number)
		}
	}
}
