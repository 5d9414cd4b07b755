package facepp_test

import (
	"bufio"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

const card = `{"bank_cards":[{"number":"` + testNumber + `"}]}`

// start starts an upstream for the time of a test.
func start(t *testing.T, u *facepptest.Raw) (endpoint string) {
	t.Helper()
	endpoint = u.Start()
	t.Cleanup(u.Close)
	return endpoint
}

// TestConnectionsAreKept: as long as an answer leaves its connection in a state in which it can be used again, and as no
// other.
func TestConnectionsAreKept(t *testing.T) {
	const calls = 3
	good := facepptest.Whole("200 OK", "application/json", card)
	for _, c := range []struct {
		name, answer string
		connections  int32
	}{
		{"a length", good, 1},
		{"chunks", facepptest.Head + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(card), card), 1},
		{"announced", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n" + good, 1},
		{"closing", strings.Replace(good, "\r\n", "\r\nConnection: close\r\n", 1), calls},
		{"of HTTP/1.0", strings.Replace(good, "1.1", "1.0", 1), calls},
		{"more than was asked for", good + good, calls},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &facepptest.Raw{Answer: facepptest.Send(c.answer), Keep: true}
			client := newClient(t, start(t, u))
			for i := range calls {
				if _, err := client.Recognize(t.Context(), picture(t, uint8(i))); err != nil {
					t.Fatal(err)
				}
			}
			if n := u.Connections.Load(); n != c.connections {
				t.Errorf("%d connections for %d calls, want %d", n, calls, c.connections)
			}
			client.Close()
		})
	}
}

// TestAnEarlyAnswerIsHeard: an upstream that refuses after the header, and reads nothing of the picture while it leaves the
// connection open, is heard before all is sent.
func TestAnEarlyAnswerIsHeard(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.(*net.TCPConn).SetReadBuffer(4 << 10)
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			t.Error(err)
		}
		io.WriteString(conn, facepptest.HTML("413 Request Entity Too Large"))
		<-t.Context().Done()
		conn.Close()
	}()
	file := append(picture(t, 0), make([]byte, 16<<20)...) // more than sockets hold
	_, err = newClient(t, "http://"+l.Addr().String()).Recognize(t.Context(), file)
	checkFault(t, err, facepp.Picture, cardpp.NewError(cardpp.EntityTooLarge, ""))
}

// TestKeptByTLS: the same over TLS, where a request is cut into records.
func TestKeptByTLS(t *testing.T) {
	u := &facepptest.Upstream{}
	serve(t, u)
	server := httptest.NewUnstartedServer(u)
	var connections atomic.Int32
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	client := newClient(t, server.URL+cardpp.PathBeta, func(c *facepp.Config) { c.RootCAs = roots })
	for i := range 3 {
		file := append(picture(t, uint8(i)), make([]byte, 1<<20)...)
		if _, err := client.Recognize(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if got := u.Calls()[i].File; string(got) != string(file) {
			t.Errorf("%d bytes arrived", len(got))
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
	client.Close()
}

// TestKeptThoughSlow: the way to a far upstream takes long, and there a new connection costs the most.
func TestKeptThoughSlow(t *testing.T) {
	for name, begin := range map[string]func(*httptest.Server){"plain": (*httptest.Server).Start, "TLS": (*httptest.Server).StartTLS} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(400 * time.Millisecond) // while the sockets are full
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, card)
		}))
		var connections atomic.Int32
		server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
			if s == http.StateNew {
				connections.Add(1)
			}
		}
		begin(server)
		roots := x509.NewCertPool()
		if c := server.Certificate(); c != nil {
			roots.AddCert(c)
		}
		client := newClient(t, server.URL, func(c *facepp.Config) { c.RootCAs = roots })
		for i := range 2 {
			file := append(picture(t, uint8(i)), make([]byte, 16<<20)...) // more than sockets hold
			if _, err := client.Recognize(t.Context(), file); err != nil {
				t.Errorf("%s, call %d: %v", name, i, err)
			}
		}
		if n := connections.Load(); n != 1 {
			t.Errorf("%s: %d connections", name, n)
		}
		client.Close()
		server.Close()
	}
}

// TestACallEndsItsExchange: a caller who leaves while the upstream thinks has its connection closed, so that the upstream
// may know.
func TestACallEndsItsExchange(t *testing.T) {
	closed := make(chan error, 1)
	u := &facepptest.Raw{Answer: func(c net.Conn) {
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := c.Read(make([]byte, 1))
		closed <- err
	}}
	client := newClient(t, start(t, u), func(c *facepp.Config) { c.Budget, c.Attempt = 300*time.Millisecond, 200*time.Millisecond })
	_, err := client.Recognize(t.Context(), picture(t, 0))
	checkFault(t, err, facepp.Timeout, cardpp.NewError(cardpp.InternalError, ""))
	if err := <-closed; err != io.EOF {
		t.Errorf("the upstream saw %v", err)
	}
	client.Close()
}
