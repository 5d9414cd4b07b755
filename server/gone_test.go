package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/recognizer"
)

// TestWhoLeavesHasSpentTheScan: Face++ counts what it was sent, whether or not anybody waits for the answer. Whoever has a
// token for one scan could else have the account pay for as many as its minutes allow.
func TestWhoLeavesHasSpentTheScan(t *testing.T) {
	asked := make(chan struct{}, 8)
	over := make(chan struct{})
	u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply {
		asked <- struct{}{}
		<-over
		return facepptest.Success(cardpp.Answer{})
	}}
	base, open := shopOfFacePP(t, u)
	token := open(`{"scans": 1}`)
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-asked
		leave()
	}()
	if status, text := scanOnce(t, ctx, base, token); status != 0 {
		t.Fatalf("who left got %d %s", status, text)
	}
	awaitCalls(t, base, 1)
	close(over)
	if status, text := scanOnce(t, t.Context(), base, token); status != 403 || !strings.Contains(text, cardpp.DeniedByClient) {
		t.Errorf("a session of one scan had another: %d %s", status, text)
	}
	if len(asked) > 0 {
		t.Error("Face++ was asked again")
	}
}

// TestWhoLeavesTheLineHasSpentNothing: nothing was sent for whoever gave up before the turn came.
func TestWhoLeavesTheLineHasSpentNothing(t *testing.T) {
	base, open := shopOfFacePP(t, &facepptest.Upstream{}, "FACEPP_QPS", "1")
	first, token := open(`{"scans": 1}`), open(`{"scans": 1}`)
	if status, text := scanOnce(t, t.Context(), base, first); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	ctx, leave := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer leave()
	if status, text := scanOnce(t, ctx, base, token); status != 0 {
		t.Fatalf("who left got %d %s", status, text)
	}
	awaitCalls(t, base, 2)
	if status, text := scanOnce(t, t.Context(), base, token); status != 200 {
		t.Errorf("the scan was lost: %d %s", status, text)
	}
}

// TestWhoLeavesAReadingHasSpentTheScan: the engine ends with its caller, who could else have it work for as many pictures as a token's
// minutes allow. What the deadline ends was the machine's fault.
func TestWhoLeavesAReadingHasSpentTheScan(t *testing.T) {
	for _, c := range []struct {
		leaves        bool
		status, after int
	}{{true, 0, 403}, {false, 403, 200}} {
		base, open, s := shopServer(t, nil)
		works, deadline := s.gateway.Recognizer, s.gateway.Deadline
		began := make(chan struct{}, 1)
		s.gateway.Recognizer = recognizer.Local{Engine: endless{began}, Gate: s.engine}
		token := open(`{"scans": 1}`)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		if c.leaves {
			go func() {
				<-began
				leave()
			}()
		} else {
			s.gateway.Deadline = 50 * time.Millisecond
		}
		if status, text := scanOnce(t, ctx, base, token); status != c.status || status != 0 && !strings.Contains(text, cardpp.ConcurrencyLimit) {
			t.Errorf("leaves %v: %d %s", c.leaves, status, text)
		}
		awaitCalls(t, base, 1)
		s.gateway.Recognizer, s.gateway.Deadline = works, deadline
		if status, text := scanOnce(t, t.Context(), base, token); status != c.after {
			t.Errorf("leaves %v: after that %d %s", c.leaves, status, text)
		}
	}
}

// endless is an engine that reads until its context ends.
type endless struct{ began chan struct{} }

func (e endless) Read(ctx context.Context, _ *frame.Frame) ([]recognizer.Reading, error) {
	e.began <- struct{}{}
	<-ctx.Done()
	return nil, ctx.Err()
}

// shopOfFacePP is shop where Face++ reads.
func shopOfFacePP(t *testing.T, u *facepptest.Upstream, more ...string) (base string, open func(request string) string) {
	t.Helper()
	base, open, s := shopServer(t, withFacePP(t, u, more...))
	s.gateway.Recognizer = recognizer.Remote{Upstream: s.upstream}
	return base, open
}

// scanOnce sends a picture. The status is 0 when the caller left before the answer came.
func scanOnce(t *testing.T, ctx context.Context, base, token string) (status int, text string) {
	t.Helper()
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+cardpp.PathBeta, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, ""
	}
	return answer.StatusCode, string(b)
}

// awaitCalls waits until the server is done with so many calls.
func awaitCalls(t *testing.T, base string, calls int) {
	t.Helper()
	counted := func() (n int) {
		for line := range strings.Lines(text1(t, base+"/metrics")) {
			if strings.HasPrefix(line, "scanner_calls_total{") {
				n += int(line[len(line)-2] - '0')
			}
		}
		return n
	}
	for end := time.Now().Add(10 * time.Second); counted() < calls; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the server is not done with the call")
		}
	}
}
