package facepp_test

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestRedisOutageLosesNoCall kills Redis and brings it back while calls wait in the queue it keeps.
func TestRedisOutageLosesNoCall(t *testing.T) {
	t.Parallel()
	server := limittest.StartRedis(t)
	redis, err := limit.NewRedis(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	away := make(chan bool, 10)
	store := limit.NewFailover(redis, slog.New(slog.DiscardHandler), func(b bool) { away <- b })
	defer store.Close()
	queue, err := limit.NewQueue(limit.QueueConfig{Limiter: store, QPS: 300})
	if err != nil {
		t.Fatal(err)
	}
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u), func(c *facepp.Config) { c.Queue = queue })

	var made atomic.Int32
	var load sync.WaitGroup
	stop := make(chan struct{})
	for caller := range 20 {
		load.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				file := fmt.Appendf(picture(t, 0), "%d/%d", caller, n)
				made.Add(1)
				if _, err := client.Recognize(t.Context(), file); err != nil {
					t.Errorf("a call was lost: %v", err)
					return
				}
			}
		})
	}
	server.Kill(t)
	<-away
	server.Start(t)
	<-away
	close(stop)
	load.Wait()
	if sent := int32(len(u.Calls())); sent != made.Load() {
		t.Errorf("%d calls were made and %d sent", made.Load(), sent)
	}
}
