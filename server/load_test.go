package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/setting"
)

var loadFor = flag.Duration("load", 4*time.Second, "how long TestFourTimesTheCapacity lasts; make bench gives it 60s")

// steady takes a fixed time for each picture, so that the capacity is known.
type steady struct{ each time.Duration }

func (s steady) Read(ctx context.Context, f *frame.Frame) ([]recognizer.Reading, error) {
	time.Sleep(s.each)
	return bars{}.Read(ctx, f)
}

// outcome is what one caller saw.
type outcome struct {
	right, refused bool
	took           time.Duration
}

// TestFourTimesTheCapacity: mixed load at four times what the engine can do, good and bad pictures, abandoned bodies.
// What is accepted is answered rightly, the rest is refused, the process stays within the memory that the manifests give
// it (though its callers are in it too), and afterwards nothing is left running.
func TestFourTimesTheCapacity(t *testing.T) {
	forgetPeak(t)
	before := runtime.NumGoroutine()
	const workers, each = 2, 50 * time.Millisecond // 40 a second
	c := recognizer.LoadGate(setting.Map(nil))
	c.Workers, c.Queue = workers, 4
	base, s, stop := startStoppable(t, map[string]string{"LOG_LEVEL": "error"}, nil, io.Discard)
	s.gateway.Recognizer = recognizer.Local{Engine: steady{each}, Gate: recognizer.NewGate(c)}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

	goodType, good := form(t, image1(asJPEG(t, drawBars(160, 100, barsNumber))))
	badType, bad := form(t, image1([]byte("no picture")))
	end := time.Now().Add(*loadFor)
	var mu sync.Mutex
	var all []outcome
	var callers sync.WaitGroup
	for time.Now().Before(end) {
		time.Sleep(time.Second / (4 * workers * time.Second / each)) // open loop: callers don't wait for each other
		callers.Go(func() {
			var o outcome
			switch rand.IntN(20) {
			case 0:
				o = askOnce(t, client, base, badType, bad, "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file")
			case 1:
				abandon(t, base)
				return
			default:
				o = askOnce(t, client, base, goodType, good, "")
			}
			mu.Lock()
			all = append(all, o)
			mu.Unlock()
		})
	}
	callers.Wait()
	report(t, all)
	checkPeak(t)
	client.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
	settle(before)
	if after := runtime.NumGoroutine(); after > before+2 {
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, buf[:runtime.Stack(buf, true)])
	}
	if used := s.gateway.Uploads.InUse(); used != 0 {
		t.Errorf("%d bytes are still granted", used)
	}
}

// askOnce wants either the given outcome or a refusal.
func askOnce(t *testing.T, client *http.Client, base, contentType string, body []byte, want string) (o outcome) {
	start := time.Now()
	answer, err := client.Post(base+cardpp.PathBeta, contentType, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return o
	}
	defer answer.Body.Close()
	var got struct {
		BankCards    []struct{ Number string } `json:"bank_cards"`
		ErrorMessage string                    `json:"error_message"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		t.Error(err)
		return o
	}
	o.took = time.Since(start)
	o.refused = answer.StatusCode == 403 && got.ErrorMessage == cardpp.ConcurrencyLimit && answer.Header.Get("Retry-After") != ""
	o.right = got.ErrorMessage == want && (want != "" || len(got.BankCards) == 1 && got.BankCards[0].Number == barsNumber)
	return o
}

// abandon sends half a call and hangs up.
func abandon(t *testing.T, base string) {
	c := dial(t, base)
	if _, err := io.WriteString(c, "POST "+cardpp.PathBeta+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n"); err != nil {
		t.Error(err)
	}
	c.Close()
}

func report(t *testing.T, all []outcome) {
	t.Helper()
	var right, refused []time.Duration
	for _, o := range all {
		switch {
		case o.right:
			right = append(right, o.took)
		case o.refused:
			refused = append(refused, o.took)
		default:
			t.Error("neither answered rightly nor refused")
		}
	}
	if len(right) == 0 || len(refused) == 0 {
		t.Fatalf("%d right, %d refused: no overload", len(right), len(refused))
	}
	for name, d := range map[string][]time.Duration{"answered": right, "refused": refused} {
		slices.Sort(d)
		t.Logf("%s %d, median %v, p99 %v, at most %v", name, len(d), d[len(d)/2], d[len(d)*99/100], d[len(d)-1])
	}
}

// forgetPeak lets the system count the peak of memory anew (proc(5), clear_refs), so that other tests' doesn't count.
func forgetPeak(t *testing.T) {
	t.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Log("the peak of memory includes other tests':", err)
	}
}

// checkPeak reads the largest resident size since then (proc(5), status), where the system tells.
func checkPeak(t *testing.T) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Log("no peak of memory is known here")
		return
	}
	var kib int
	if _, rest, ok := strings.Cut(string(status), "VmHWM:"); ok {
		if _, err := fmt.Sscan(rest, &kib); err != nil {
			t.Error(err)
		}
	}
	const limit = 512 << 10 // deploy/kubernetes/scanner.yaml
	if t.Logf("peak %d MiB", kib>>10); kib > limit {
		t.Errorf("%d KiB resident, over %d", kib, limit)
	}
}

// settle waits for what is ending to end.
func settle(goroutines int) {
	for range 100 {
		if runtime.NumGoroutine() <= goroutines+2 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestMemoryStaysBounded: pictures that together need more memory than there is wait for each other.
func TestMemoryStaysBounded(t *testing.T) {
	var peak peakOf
	gate := recognizer.NewGate(recognizer.GateConfig{Workers: 8, Queue: 64, Memory: 4 << 20})
	base := start(t, map[string]string{"CALL_DEADLINE": "5m"}, recognizer.Local{Engine: measuring{&peak}, Gate: gate})
	contentType, body := form(t, image1(asPNG(t, drawBars(1024, 1024, barsNumber)))) // 1.5 MiB of pixels
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != 200 {
				t.Errorf("%d %q", r.status, r.json.ErrorMessage)
			}
		})
	}
	callers.Wait()
	if peak.most > 2 {
		t.Errorf("%d pictures of 1.5 MiB at once, in 4 MiB", peak.most)
	}
}

type peakOf struct {
	sync.Mutex
	now, most int
}

type measuring struct{ *peakOf }

func (m measuring) Read(ctx context.Context, f *frame.Frame) ([]recognizer.Reading, error) {
	m.Lock()
	m.now++
	m.most = max(m.most, m.now)
	m.Unlock()
	defer func() {
		m.Lock()
		m.now--
		m.Unlock()
	}()
	return bars{}.Read(ctx, f)
}
