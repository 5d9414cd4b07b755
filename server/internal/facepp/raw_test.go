package facepp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

// raw is an upstream on the level of connections. It reads a request and leaves the rest to answer.
type raw struct {
	answer   func(net.Conn)
	unread   bool // leaves the request unread
	listener net.Listener
	requests atomic.Int32
	open     sync.WaitGroup
}

func (u *raw) start(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u.listener = l
	u.open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			u.open.Go(func() { u.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); u.open.Wait() })
	return "http://" + l.Addr().String() + cardpp.PathBeta
}

func (u *raw) serve(conn net.Conn) {
	defer conn.Close()
	if !u.unread {
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
	}
	u.requests.Add(1)
	u.answer(conn)
}

// send writes a text; what comes of it is the client's affair.
func send(text string) func(net.Conn) {
	return func(c net.Conn) { fmt.Fprint(c, text) }
}

// trickle writes a text and then one more byte at a time, for longer than any client waits.
func trickle(text, more string) func(net.Conn) {
	return func(c net.Conn) {
		_, err := fmt.Fprint(c, text)
		for end := time.Now().Add(time.Minute); err == nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			_, err = fmt.Fprint(c, more)
		}
	}
}

// reset writes a text and breaks the connection off.
func reset(text string) func(net.Conn) {
	return func(c net.Conn) {
		fmt.Fprint(c, text)
		c.(*net.TCPConn).SetLinger(0)
	}
}

// silent writes nothing until the client hangs up.
func silent(c net.Conn) { io.Copy(io.Discard, c) }

const (
	head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	card = `{"bank_cards":[{"number":"` + testNumber + `"}]}`
	page = "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%[1]s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

// whole is a response with its length.
func whole(status, contentType, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", status, contentType, len(body), body)
}

func html(status string) string { return whole(status, "text/html", fmt.Sprintf(page, status)) }

// flood sends an answer of 100 MB, as far as it is taken.
func flood(header string, chunked bool) func(net.Conn) {
	return func(c net.Conn) {
		_, err := fmt.Fprint(c, header)
		chunk := strings.Repeat(" ", 1<<20)
		if chunked {
			chunk = fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk)
		}
		for range 100 {
			if err != nil {
				return
			}
			_, err = fmt.Fprint(c, chunk)
		}
	}
}
