// Package limittest starts a real redis-server for tests.
package limittest

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Redis is a redis-server that a test may kill and start again, always at the same address and always empty.
type Redis struct {
	URL     string
	port    string
	dir     string
	process *exec.Cmd
}

// StartRedis starts a server on a free port of loopback; the test's end stops it. Without the program, the test is
// skipped by name.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	r := &Redis{URL: "redis://127.0.0.1:" + port, port: port, dir: t.TempDir()}
	r.Start(t)
	t.Cleanup(func() { r.Kill(t) })
	return r
}

// Start starts the server and returns when it answers.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	r.process = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", r.port, "--save", "", "--appendonly", "no", "--dir", r.dir)
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if r.answers() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("redis-server doesn't answer")
}

func (r *Redis) answers() bool {
	c, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		return false
	}
	defer c.Close()
	fmt.Fprint(c, "PING\r\n")
	answer := make([]byte, 16)
	n, err := c.Read(answer)
	return err == nil && strings.HasPrefix(string(answer[:n]), "+PONG")
}

// Kill ends the server as a crash would. It may be called again.
func (r *Redis) Kill(t testing.TB) {
	t.Helper()
	if r.process == nil {
		return
	}
	if err := r.process.Process.Kill(); err != nil {
		t.Error(err)
	}
	r.process.Wait() // tells "killed", as it should
	r.process = nil
}

// Stall holds the server still until what it returns is called: what it is told meanwhile, it does then.
func (r *Redis) Stall(t testing.TB) (goOn func()) {
	t.Helper()
	process := r.process.Process
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return func() { process.Signal(syscall.SIGCONT) } // which fails where the test has ended it
}

// Told begins to note all that Redis is told, keys and values alike, however soon it forgets them. What it returns ends that
// and gives the notes.
func (r *Redis) Told(t testing.TB) (notes func() string) {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprint(c, "MONITOR\r\n")
	lines := bufio.NewScanner(c)
	if !lines.Scan() || lines.Text() != "+OK" {
		t.Fatalf("redis-server shows nothing: %q %v", lines.Text(), lines.Err())
	}
	all := make(chan string, 1)
	go func() {
		var b strings.Builder
		for lines.Scan() && !strings.Contains(lines.Text(), lastWord) {
			b.WriteString(lines.Text() + "\n")
		}
		all <- b.String()
	}()
	return func() string {
		t.Helper()
		last, err := net.Dial("tcp", "127.0.0.1:"+r.port)
		if err != nil {
			t.Fatal(err)
		}
		defer last.Close()
		fmt.Fprint(last, "ECHO "+lastWord+"\r\n")
		return <-all
	}
}

// lastWord ends Told's notes.
const lastWord = "the-last-word"
