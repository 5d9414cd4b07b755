package facepp

import (
	"context"
	"net/http"
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
