package facepptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ocrbankcard/internal/cardpp"
)

// Raw is an upstream on the level of connections, for what no http.Handler would do. It reads a request and leaves the rest
// to Answer.
type Raw struct {
	Answer func(net.Conn)
	Unread bool // leaves the request unread
	Keep   bool // takes one request after the other on a connection

	Requests, Connections atomic.Int32

	listener net.Listener
	open     sync.WaitGroup
}

// Start listens and returns the endpoint; it panics when it can't. Close ends it.
func (u *Raw) Start() (endpoint string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	u.listener = l
	u.open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			u.Connections.Add(1)
			u.open.Go(func() { u.serve(conn) })
		}
	})
	return "http://" + l.Addr().String() + cardpp.PathBeta
}

// Close stops listening and waits for the connections to end.
func (u *Raw) Close() {
	u.listener.Close()
	u.open.Wait()
}

func (u *Raw) serve(conn net.Conn) {
	defer conn.Close()
	for in := bufio.NewReader(conn); ; {
		if !u.Unread {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
		}
		u.Requests.Add(1)
		u.Answer(conn)
		if !u.Keep {
			return
		}
	}
}

// Send writes a text; what comes of it is the client's affair.
func Send(text string) func(net.Conn) {
	return func(c net.Conn) { io.WriteString(c, text) }
}

// Trickle writes a text and then one more byte at a time, for longer than any client waits.
func Trickle(text, more string) func(net.Conn) {
	return func(c net.Conn) {
		_, err := io.WriteString(c, text)
		for end := time.Now().Add(time.Minute); err == nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			_, err = io.WriteString(c, more)
		}
	}
}

// Reset writes a text and breaks the connection off.
func Reset(text string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, text)
		c.(*net.TCPConn).SetLinger(0)
	}
}

// Silent writes nothing until the client hangs up.
func Silent(c net.Conn) { io.Copy(io.Discard, c) }

// Flood sends an answer of 100 MB, as far as it is taken.
func Flood(header string, chunked bool) func(net.Conn) {
	return func(c net.Conn) {
		_, err := io.WriteString(c, header)
		chunk := strings.Repeat(" ", 1<<20)
		if chunked {
			chunk = fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk)
		}
		for i := 0; i < 100 && err == nil; i++ {
			_, err = io.WriteString(c, chunk)
		}
	}
}

// Head is how a good answer begins, up to what tells its length.
const Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// Whole is a response with its length.
func Whole(status, contentType, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", status, contentType, len(body), body)
}

const page = "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%[1]s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"

// HTML is a response of a server that stands before the API.
func HTML(status string) string { return Whole(status, "text/html", fmt.Sprintf(page, status)) }
