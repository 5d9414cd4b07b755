package facepp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// The test below runs this test binary again, as replicas: processes that share nothing but Redis and the upstream.
const replicaVariable = "FACEPP_TEST_REPLICA"

// replica is what such a process is told, by environment.
type replica struct {
	Number          int
	Redis, Upstream string
	QPS             float64
	Calls, Waiting  int // in all, and at once
	Picture         []byte
}

// tally is what it tells when done, on its standard output.
type tally struct {
	Answered int
	Limited  int           // attempts that the upstream refused for the QPS
	Stalled  time.Duration // longest time that the process wasn't let run
	Errors   []string
}

func TestMain(m *testing.M) {
	if text := os.Getenv(replicaVariable); text != "" {
		if err := runReplica(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func runReplica(text string) error {
	var r replica
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return err
	}
	redis, err := limit.NewRedis(r.Redis)
	if err != nil {
		return err
	}
	store := limit.NewFailover(redis, slog.New(slog.NewTextHandler(os.Stderr, nil)), nil)
	defer store.Close()
	key := facepp.NewSecret(testKey)
	queue, err := limit.NewQueue(limit.QueueConfig{Limiter: store, Key: facepp.QueueKey(key), QPS: r.QPS})
	if err != nil {
		return err
	}
	var limited limitedCalls
	client, err := facepp.New(facepp.Config{Key: key, Secret: facepp.NewSecret(testSecret), Endpoint: r.Upstream, Queue: queue, Observer: &limited})
	if err != nil {
		return err
	}
	stalls := watchStalls()
	result := callAll(client, r)
	result.Stalled, result.Limited = stalls(), int(limited.n.Load())
	return json.NewEncoder(os.Stdout).Encode(result)
}

// callAll makes the replica's calls, each with a picture of its own, so many at once.
func callAll(client *facepp.Client, r replica) tally {
	var result tally
	var mu sync.Mutex
	var wait sync.WaitGroup
	next := make(chan int)
	for range r.Waiting {
		wait.Go(func() {
			for i := range next {
				file := fmt.Appendf(bytes.Clone(r.Picture), "%d/%d", r.Number, i) // bytes after a JPEG's end are no part of it
				_, err := client.Recognize(context.Background(), file)
				mu.Lock()
				if err != nil {
					result.Errors = append(result.Errors, err.Error())
				} else {
					result.Answered++
				}
				mu.Unlock()
			}
		})
	}
	for i := range r.Calls {
		next <- i
	}
	close(next)
	wait.Wait()
	return result
}

type limitedCalls struct {
	facepp.Unobserved
	n atomic.Int32
}

func (l *limitedCalls) Attempted(k facepp.Kind, _ time.Duration) {
	if k == facepp.Limited {
		l.n.Add(1)
	}
}

// watchStalls measures how long this process wasn't let run when it wanted to, until the returned function is called.
func watchStalls() (longest func() time.Duration) {
	const beat = 5 * time.Millisecond
	stop, result := make(chan struct{}), make(chan time.Duration)
	go func() {
		var worst time.Duration
		for last := time.Now(); ; {
			select {
			case <-stop:
				result <- worst
				return
			case <-time.After(beat):
			}
			now := time.Now()
			worst, last = max(worst, now.Sub(last)-beat), now
		}
	}()
	return func() time.Duration { close(stop); return <-result }
}

// TestThreeReplicasKeepOneQPS makes 1,000 calls from three processes that share a Redis. The upstream counts the calls
// of every second; whoever waits is answered. The times between processes can be judged only where each is let run: a
// run in which one of the four stood still for more than the queue allows for is made again.
func TestThreeReplicasKeepOneQPS(t *testing.T) {
	const qps, calls, replicas = 150, 1000, 3
	redis, file := limittest.StartRedis(t), picture(t, 0)
	for range 5 {
		u := &facepptest.Upstream{QPS: qps, Answer: func(facepptest.Call) facepptest.Reply { return facepptest.Reply{Body: `{"bank_cards":[]}`} }}
		endpoint, stalls := serve(t, u), watchStalls()
		tallies := runReplicas(t, replicas, func(i int) replica {
			share := calls / replicas
			if i == 0 {
				share += calls % replicas
			}
			return replica{Number: i, Redis: redis.URL, Upstream: endpoint, QPS: qps, Calls: share, Waiting: 60, Picture: file}
		})
		stalled, answered, limited := stalls(), 0, 0
		for _, r := range tallies {
			answered, limited, stalled = answered+r.Answered, limited+r.Limited, max(stalled, r.Stalled)
			for _, e := range r.Errors {
				t.Errorf("a caller who waited got %s", e)
			}
		}
		if answered != calls {
			t.Errorf("%d of %d calls answered", answered, calls)
		}
		most := facepptest.MostInASecond(u.Calls())
		t.Logf("at most %d calls in a second, %d of %d over; longest stall %v", most, limited, len(u.Calls()), stalled)
		if most <= qps && limited == 0 {
			return
		}
		if stalled < limit.Slack/2 {
			t.Errorf("the QPS of %d was passed", qps)
			return
		}
	}
	t.Skip("this machine is too busy to judge times between processes")
}

func runReplicas(t *testing.T, n int, of func(int) replica) []tally {
	t.Helper()
	tallies := make([]tally, n)
	var wait sync.WaitGroup
	for i := range n {
		text, err := json.Marshal(of(i))
		if err != nil {
			t.Fatal(err)
		}
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), replicaVariable+"="+string(text))
		process.Stderr = os.Stderr
		wait.Go(func() {
			out, err := process.Output()
			if err == nil {
				err = json.Unmarshal(out, &tallies[i])
			}
			if err != nil {
				t.Errorf("replica %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	return tallies
}
