package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"ocrbankcard/server/internal/setting"
)

// exhausted is a listener of a process that has no file descriptor left for the first connections.
type exhausted struct {
	net.Listener
	left atomic.Int32
}

func (e *exhausted) Accept() (net.Conn, error) {
	if e.left.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return e.Listener.Accept()
}

// TestThatNoConnectionCanBeTakenIsTold: all that an operator else sees of it is that nobody is answered. It is told once.
func TestThatNoConnectionCanBeTakenIsTold(t *testing.T) {
	var log lockedBuffer
	c, err := Load(setting.Map(nil))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(c, c.Log.Logger(&log))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	failing := &exhausted{Listener: l}
	failing.left.Store(4)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, failing) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/healthz") // waits until it can be taken
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := errors.Join(answer.Body.Close(), <-ended); err != nil {
		t.Error(err)
	}
	if got := log.String(); strings.Count(got, "too many open files") != 1 || !strings.Contains(got, "level="+slog.LevelError.String()) {
		t.Errorf("the log tells %q", got)
	}
}
