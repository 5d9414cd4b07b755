package facepp

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ocrbankcard/internal/cardpp"
)

// stuck is a way on which no answer comes.
type stuck struct{}

func (stuck) exchange(ctx context.Context, _ request, ready func() error) (*http.Response, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func (stuck) close() {}

// TestWhoJoinsHasOneBudget: who waited for another's call in vain has spent that time of its own, and no more than the budget in all.
func TestWhoJoinsHasOneBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const budget = 9 * time.Second
		client, err := New(Config{Key: NewSecret("key"), Secret: NewSecret("secret"), Endpoint: "http://localhost" + cardpp.PathBeta, Budget: budget, Attempt: budget})
		if err != nil {
			t.Fatal(err)
		}
		client.way = stuck{}
		picture := []byte("a picture")
		ask := func() (time.Duration, error) {
			start := time.Now()
			_, err := client.Recognize(t.Context(), picture)
			return time.Since(start), err
		}
		first := make(chan time.Duration)
		go func() { took, _ := ask(); first <- took }()
		time.Sleep(time.Second)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if took, err := ask(); took != budget || kindOfError(err) != Timeout {
				t.Errorf("who joined: %v after %v", err, took)
			}
		}()
		if took := <-first; took != budget {
			t.Errorf("who began: after %v", took)
		}
		<-done
	})
}

// limiting is a way to an upstream that tells after a while, and every time, that the key's QPS is reached.
type limiting struct{}

func (limiting) exchange(ctx context.Context, _ request, ready func() error) (*http.Response, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	select {
	case <-time.After(150 * time.Millisecond):
		body := io.NopCloser(strings.NewReader(`{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`))
		return &http.Response{StatusCode: http.StatusForbidden, Body: body, ContentLength: -1}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (limiting) close() {}

// breaks counts how often the breaker changes.
type breaks struct {
	Unobserved
	n atomic.Int32
}

func (b *breaks) Breaker(string) { b.n.Add(1) }

// TestWhatMetTheLimitToItsEndIsTold: that the time ended amid the last of its requests is no fault of the upstream's, for which the
// breaker would open, and when to come again is known.
func TestWhatMetTheLimitToItsEndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := &breaks{}
		client, err := New(Config{Key: NewSecret("key"), Secret: NewSecret("secret"), Endpoint: "http://localhost" + cardpp.PathBeta, Budget: 600 * time.Millisecond, Observer: seen})
		if err != nil {
			t.Fatal(err)
		}
		client.way = limiting{}
		var calls sync.WaitGroup
		for i := range 100 {
			calls.Go(func() {
				_, err := client.Recognize(t.Context(), []byte{byte(i)})
				if e := asError(err); e.Kind != Limited || e.Public.Code != cardpp.ConcurrencyLimit || e.RetryAfter != time.Second {
					t.Errorf("%v, to be tried again after %v", err, e.RetryAfter)
				}
			})
		}
		calls.Wait()
		if n := seen.n.Load(); n > 0 {
			t.Error("the breaker opened")
		}
	})
}
