package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestASecondCtrlCEndsAtOnce: whoever doesn't want to wait for calls says so twice. An orchestrator that repeats its SIGTERM
// doesn't mean that.
func TestASecondCtrlCEndsAtOnce(t *testing.T) {
	for _, c := range []struct {
		sent syscall.Signal
		ends bool
	}{{syscall.SIGINT, true}, {syscall.SIGTERM, false}} {
		addr := freeAddress(t)
		process := exec.Command(buildGateway(t))
		process.Env = append(os.Environ(), "ADDR="+addr, "DIST="+t.TempDir(), "DRAIN_DELAY=3s")
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		waitReady(t, addr)
		ended := make(chan error, 1)
		go func() { ended <- process.Wait() }()
		for range 2 {
			if err := process.Process.Signal(c.sent); err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond)
		}
		answer, err := http.Get("http://" + addr + "/healthz")
		if err == nil {
			answer.Body.Close()
		}
		if gone := err != nil; gone != c.ends {
			t.Errorf("after a second %v the server has ended: %v, want %v", c.sent, gone, c.ends)
		}
		if err := <-ended; (err != nil) != c.ends {
			t.Errorf("after a second %v the server ended with %v", c.sent, err)
		}
	}
}

// waitReady waits until a process is ready to serve.
func waitReady(t *testing.T, addr string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatal("the server isn't ready")
}

// TestSIGHUPEndsNoCall: a renewed certificate's hook may send one while the server is stopping.
func TestSIGHUPEndsNoCall(t *testing.T) {
	base, process := startProcess(t, buildGateway(t), "DRAIN_DELAY=1s")
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		if err := process.Signal(s); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	answer, err := http.Get(base + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}

// TestTheServerOutlivesItsLog: the program that takes the log may end, or be started anew. No call ends with it.
func TestTheServerOutlivesItsLog(t *testing.T) {
	addr := freeAddress(t)
	process := exec.Command(buildGateway(t))
	process.Env = append(os.Environ(), "ADDR="+addr, "DIST="+t.TempDir())
	log, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	waitReady(t, addr)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 { // each is logged
		answer, err := http.Get("http://" + addr + "/cardpp/")
		if err != nil {
			t.Fatalf("the server has ended: %v, %v", err, process.Wait())
		}
		answer.Body.Close()
	}
	if err := errors.Join(process.Process.Signal(syscall.SIGTERM), process.Wait()); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
