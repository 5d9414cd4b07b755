package facepp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit"
)

// queued puts a client behind a queue in memory.
func queued(t *testing.T, qps float64) func(*facepp.Config) {
	t.Helper()
	q, err := limit.NewQueue(limit.QueueConfig{Limiter: limit.NewMemory(), QPS: qps})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *facepp.Config) { c.Queue = q }
}

func TestTheQueueRefusesAtOnce(t *testing.T) {
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u), queued(t, 0.1))
	if _, err := client.Recognize(t.Context(), picture(t, 0)); err != nil {
		t.Fatal(err)
	}
	_, err := client.Recognize(t.Context(), picture(t, 1)) // its turn would come in 11 s
	checkFault(t, err, facepp.QueueFull, cardpp.NewError(cardpp.ConcurrencyLimit, ""))
	e, _ := errors.AsType[*facepp.Error](err)
	if e.RetryAfter <= 0 || e.RetryAfter > 11*time.Second || e.Attempts != 0 {
		t.Errorf("after %d attempts, to come again in %v", e.Attempts, e.RetryAfter)
	}
	if n := len(u.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// remembering is a limiter that remembers the keys it was asked with.
type remembering struct {
	limit.Limiter
	keys []string
}

func (r *remembering) Take(ctx context.Context, key string, rate limit.Rate) (limit.Decision, error) {
	r.keys = append(r.keys, key)
	return r.Limiter.Take(ctx, key, rate)
}

// TestEachKeyHasItsOwnQueue: the QPS is granted to a key, so a call with a new one doesn't wait for the old one's; and
// no limiter, which may be a Redis that others read, learns a key.
func TestEachKeyHasItsOwnQueue(t *testing.T) {
	asked := &remembering{Limiter: limit.NewMemory()}
	q, err := limit.NewQueue(limit.QueueConfig{Limiter: asked, QPS: 1000})
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, serve(t, &facepptest.Upstream{}), func(c *facepp.Config) { c.Queue = q })
	for i, key := range []string{testKey, testKey, "another-key"} {
		client.SetCredentials(facepp.NewSecret(key), facepp.NewSecret(testSecret))
		client.Recognize(t.Context(), picture(t, uint8(i))) // the other key isn't known, which is no matter here
	}
	if len(asked.keys) != 3 || asked.keys[0] != asked.keys[1] || asked.keys[1] == asked.keys[2] {
		t.Errorf("asked with %d keys: %q", len(asked.keys), asked.keys)
	}
	for _, name := range asked.keys {
		if strings.Contains(name, testKey) || strings.Contains(name, "another-key") || !strings.HasPrefix(name, "facepp:") {
			t.Errorf("the limiter was told %q", name)
		}
	}
}

func TestADeadlineThatCannotBeMetIsRefusedAtOnce(t *testing.T) {
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u), queued(t, 0.5))
	if _, err := client.Recognize(t.Context(), picture(t, 0)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	_, err := client.Recognize(ctx, picture(t, 1))
	checkFault(t, err, facepp.QueueFull, cardpp.NewError(cardpp.ConcurrencyLimit, ""))
	if ctx.Err() != nil {
		t.Error("the refusal came with the deadline")
	}
}

// TestNothingIsSentBeforeTheTurn watches a connection of a call that has to wait: it is made, and no byte is on it,
// not even when the caller gives up.
func TestNothingIsSentBeforeTheTurn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	q, err := limit.NewQueue(limit.QueueConfig{Limiter: limit.NewMemory(), QPS: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	turn, err := q.Join(t.Context(), time.Now().Add(time.Second)) // the first place is taken
	if err != nil {
		t.Fatal(err)
	}
	if err := turn.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := newClient(t, "http://"+l.Addr().String()+cardpp.PathBeta, func(c *facepp.Config) { c.Queue = q })
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := client.Recognize(ctx, picture(t, 0)); done <- err }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 1)); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes came before the turn, error %v", n, err)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller who left got %v", err)
	}
	client.Close() // the connection was kept
	if sent, err := io.ReadAll(conn); err != nil || len(sent) > 0 {
		t.Errorf("%d bytes were sent, error %v", len(sent), err)
	}
}

// states remembers what the breaker did.
type states struct {
	facepp.Unobserved
	mu   sync.Mutex
	seen []string
}

func (s *states) Breaker(state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, state)
}

func (s *states) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func TestTheBreakerOpensAndCloses(t *testing.T) {
	t.Parallel()
	u, seen := &facepptest.Upstream{}, &states{}
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Observer = seen })
	u.Script(slices.Repeat([]facepptest.Reply{facepptest.Failure(cardpp.InternalError, "")}, 8)...)
	for i := range 2 {
		_, err := client.Recognize(t.Context(), picture(t, uint8(i)))
		checkFault(t, err, facepp.Server, cardpp.NewError(cardpp.InternalError, ""))
	}
	_, err := client.Recognize(t.Context(), picture(t, 2))
	checkFault(t, err, facepp.BreakerOpen, cardpp.NewError(cardpp.InternalError, ""))
	if e, _ := errors.AsType[*facepp.Error](err); e.RetryAfter == 0 {
		t.Error("nothing said about when to come again")
	}
	if n := len(u.Calls()); n != 8 {
		t.Errorf("%d calls reached an upstream that failed 8 times", n)
	}
	for err != nil && strings.Contains(err.Error(), string(facepp.BreakerOpen)) {
		time.Sleep(100 * time.Millisecond)
		_, err = client.Recognize(t.Context(), picture(t, 3))
	}
	if err != nil || !slices.Equal(seen.all(), []string{"open", "half-open", "closed"}) {
		t.Errorf("the breaker went through %v, error %v", seen.all(), err)
	}
}

func TestAnswersThatRefuseDoNotTripTheBreaker(t *testing.T) {
	t.Parallel()
	for _, code := range []string{cardpp.ConcurrencyLimit, cardpp.UnsupportedFormat, cardpp.AuthorizationError} {
		u, seen := &facepptest.Upstream{}, &states{}
		client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Observer, c.Budget = seen, time.Second })
		const refusals = 40
		u.Script(slices.Repeat([]facepptest.Reply{facepptest.Failure(code, "")}, refusals)...)
		for i := 0; len(u.Calls()) < refusals; i++ {
			if _, err := client.Recognize(t.Context(), picture(t, uint8(i))); err == nil {
				break // the script ended within this call
			}
		}
		if _, err := client.Recognize(t.Context(), picture(t, 255)); err != nil || len(seen.all()) > 0 {
			t.Errorf("after %s: error %v, breaker %v", code, err, seen.all())
		}
	}
}

// TestCallersWhoLeaveDoNotTripTheBreaker: an upstream that thinks while they give up is no upstream that fails.
func TestCallersWhoLeaveDoNotTripTheBreaker(t *testing.T) {
	held, arrived := make(gate), make(chan struct{}, 100)
	seen := &states{}
	u := &facepptest.Upstream{Answer: func(c facepptest.Call) facepptest.Reply {
		arrived <- struct{}{}
		return held.answer(c)
	}}
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Observer = seen })
	for i := range 10 {
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { _, err := client.Recognize(ctx, picture(t, uint8(i))); done <- err }()
		select {
		case <-arrived:
		case err := <-done:
			t.Fatalf("call %d wasn't made: %v", i, err)
		}
		leave()
		checkFault(t, <-done, facepp.Cancelled, cardpp.NewError(cardpp.InternalError, ""))
	}
	close(held)
	if _, err := client.Recognize(t.Context(), picture(t, 255)); err != nil || len(seen.all()) > 0 {
		t.Errorf("error %v, breaker %v", err, seen.all())
	}
}
