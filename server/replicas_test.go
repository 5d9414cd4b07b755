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
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestThreeReplicasKeepOneQPS makes 1,000 calls through three gateway processes that share nothing but a Redis. The
// upstream counts the calls of every second and refuses what is over; whoever waits is answered. It holds on a busy machine
// too: what counts is when a call reached the upstream's socket, not when the stand-in, in this process, gets to run.
func TestThreeReplicasKeepOneQPS(t *testing.T) {
	const qps, calls = 150, 1000
	redis, binary := limittest.StartRedis(t), buildGateway(t)
	u := &facepptest.Upstream{QPS: qps, Key: facepKey, Secret: facepSecret}
	upstream := serveStamped(t, u)
	defer upstream.Close()
	var replicas []string
	for range 3 {
		replicas = append(replicas, startGateway(t, binary, "REDIS_URL="+redis.URL, "FACEPP_QPS="+fmt.Sprint(qps),
			"FACEPP_API_KEY="+facepKey, "FACEPP_API_SECRET="+facepSecret, "FACEPP_ENDPOINT="+upstream.URL+cardpp.PathBeta))
	}
	start := time.Now()
	callReplicas(t, replicas, calls)
	took := time.Since(start)
	over, late, missed := 0, time.Duration(0), 0.0
	for _, c := range u.Calls() {
		late = max(late, c.Seen.Sub(c.At))
		if c.Limited {
			over++
		}
	}
	for _, base := range replicas {
		missed += metric(t, base, "scanner_upstream_queue_missed_total")
	}
	most := facepptest.MostInASecond(u.Calls())
	t.Logf("at most %d calls in a second, %d of %d over, in %.1f s; %.0f turns missed; the stand-in saw a call up to %v after its arrival",
		most, over, len(u.Calls()), took.Seconds(), missed, late.Round(time.Millisecond))
	if most > qps || over > 0 {
		t.Errorf("the QPS of %d was passed", qps)
	}
}

// metric reads one of a server's metrics that have no labels.
func metric(t *testing.T, base, name string) float64 {
	t.Helper()
	_, after, found := strings.Cut(text1(t, base+"/metrics"), "\n"+name+" ")
	value, _, _ := strings.Cut(after, "\n")
	f, err := strconv.ParseFloat(value, 64)
	if !found || err != nil {
		t.Errorf("%s is %q", name, value)
	}
	return f
}

// serveStamped serves a stand-in that counts calls by when they arrived.
func serveStamped(t *testing.T, u *facepptest.Upstream) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(u)
	l, err := facepptest.Stamp(s.Config, s.Listener.(*net.TCPListener))
	if err != nil {
		t.Fatal(err)
	}
	s.Listener = l
	s.Start()
	return s
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
	process := exec.CommandContext(t.Context(), binary)                              // the context ends before the test's clean-up
	process.Cancel = func() error { return process.Process.Signal(syscall.SIGTERM) } // which may come twice
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
	waitReady(t, addr)
	return "http://" + addr, process.Process
}
