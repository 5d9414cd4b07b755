package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestThreeReplicasKeepOneQPS makes 1,000 calls through three gateway processes that share nothing but a Redis. The
// upstream counts the calls of every second and refuses what is over; whoever waits is answered.
//
// Times between processes can be judged only where each is let run. A run that passed the QPS is made again, and counts
// only where this process, as one of five, never stood still for half of what the queue allows for.
func TestThreeReplicasKeepOneQPS(t *testing.T) {
	const qps, calls = 150, 1000
	redis, binary := limittest.StartRedis(t), buildGateway(t)
	judged := false
	for range 3 {
		u := &facepptest.Upstream{QPS: qps, Key: facepKey, Secret: facepSecret}
		upstream := httptest.NewServer(u)
		var replicas []string
		for range 3 {
			replicas = append(replicas, startGateway(t, binary, "REDIS_URL="+redis.URL, "FACEPP_QPS="+fmt.Sprint(qps),
				"FACEPP_API_KEY="+facepKey, "FACEPP_API_SECRET="+facepSecret, "FACEPP_ENDPOINT="+upstream.URL+cardpp.PathBeta))
		}
		stalls := watchStalls()
		callReplicas(t, replicas, calls)
		stalled := stalls()
		upstream.Close()
		over, most := 0, facepptest.MostInASecond(u.Calls())
		for _, c := range u.Calls() {
			if c.Limited {
				over++
			}
		}
		t.Logf("at most %d calls in a second, %d of %d over; longest stall %v", most, over, len(u.Calls()), stalled)
		if most <= qps && over == 0 || t.Failed() {
			return
		}
		judged = judged || stalled < limit.Slack/2
	}
	if judged {
		t.Errorf("the QPS of %d was passed", qps)
	} else {
		t.Skip("this machine is too busy to judge times between processes")
	}
}

// callReplicas makes the calls, each with a picture of its own, 60 waiting at each replica at any time.
func callReplicas(t *testing.T, replicas []string, calls int) {
	picture := asJPEG(t, drawBars(160, 100, barsNumber))
	next := make(chan int)
	var wait sync.WaitGroup
	for i := range 60 * len(replicas) {
		wait.Go(func() {
			for n := range next {
				// What follows a JPEG's end is no part of the picture.
				contentType, body := form(t, image1(fmt.Appendf(bytes.Clone(picture), "%d", n)))
				answer, err := http.Post(replicas[i%len(replicas)]+cardpp.PathBeta, contentType, bytes.NewReader(body))
				if err != nil {
					t.Errorf("call %d: %v", n, err)
					continue
				}
				text, err := io.ReadAll(answer.Body)
				if answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
					t.Errorf("a caller who waited got %d %s, error %v", answer.StatusCode, text, err)
				}
			}
		})
	}
	for n := range calls {
		next <- n
	}
	close(next)
	wait.Wait()
}

// buildGateway builds the binary as it is deployed: it needs no library of the system's. All tests share it; TestMain
// removes its folder.
func buildGateway(t *testing.T) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

var built = sync.OnceValues(func() (binary string, err error) {
	if builtIn, err = os.MkdirTemp("", "gateway"); err != nil {
		return "", err
	}
	binary = filepath.Join(builtIn, "server")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

var builtIn string

// freeAddress returns a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startGateway starts the binary as an operator would and returns its address; the test's end stops it.
func startGateway(t *testing.T, binary string, env ...string) string {
	t.Helper()
	base, _ := startProcess(t, binary, env...)
	return base
}

// startProcess also returns the process.
func startProcess(t *testing.T, binary string, env ...string) (base string, running *os.Process) {
	t.Helper()
	addr := freeAddress(t)
	process := exec.CommandContext(t.Context(), binary) // the context ends before the test's clean-up
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	var log lockedBuffer
	process.Env = append(os.Environ(), append(env, "ADDR="+addr, "DIST="+t.TempDir(), "LIMIT_ADDRESS=0", "LOG_LEVEL=warn")...)
	process.Stdout, process.Stderr = &log, &log
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := process.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the gateway ended with %v", err)
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for range 500 {
		if answer, err := http.Get("http://" + addr + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return "http://" + addr, process.Process
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the gateway isn't ready:\n%s", strings.TrimSpace(log.String()))
	return "", nil
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
