package facepp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// direct is the way to an upstream without a proxy between: HTTP/1.1 (RFC 9112), one exchange at a time on a connection,
// and all of it on the goroutine that asks. net/http's Transport hands each request to a second goroutine and waits for a
// third to bring the answer; waking those took longer than anything else that the gateway does for a call.
//
// It needs little of what a Transport can: redirects aren't followed, as the secret would go with them; answers are never
// compressed, so that a bomb can't be one; there is no "100 Continue" to wait for.
type direct struct {
	host, address string      // as in the Host header; host:port to dial
	tls           *tls.Config // nil for plain HTTP
	dialer        net.Dialer
	idle          idle
	sending       sending
}

const (
	dialTime      = 2 * time.Second
	handshakeTime = 3 * time.Second
	maxHeader     = 64 << 10 // of an answer, with what is read ahead of its body
)

func newDirect(endpoint *url.URL, c Config) *direct {
	d := &direct{host: endpoint.Host, dialer: net.Dialer{Timeout: dialTime, KeepAlive: 15 * time.Second}}
	port := endpoint.Port()
	if endpoint.Scheme == "https" {
		d.tls = tlsConfig(c)
		d.tls.ServerName = endpoint.Hostname()
	}
	switch {
	case port != "":
	case d.tls != nil:
		port = "443"
	default:
		port = "80"
	}
	d.address = net.JoinHostPort(endpoint.Hostname(), port)
	return d
}

func (d *direct) close() { d.idle.close() }

// exchange is way's. The picture is touched by nobody any more when it has returned.
func (d *direct) exchange(ctx context.Context, r request, ready func() error) (*http.Response, error) {
	w, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	w.header = d.appendHeader(w.header[:0], r) // before the turn: after it, every moment counts
	if err := ready(); err != nil {
		d.idle.put(w) // nothing was sent
		return nil, err
	}
	unwatch := context.AfterFunc(ctx, w.interrupt)
	resp, err := w.roundTrip(&d.sending, r.body)
	if err != nil {
		unwatch()
		w.conn.Close()
		return nil, err
	}
	resp.Body = &answerBody{ReadCloser: resp.Body, end: func(whole bool) {
		// Where unwatch is false, the connection is interrupted, or about to be.
		if unwatch() && whole && !resp.Close && w.sound && w.buffer.Buffered() == 0 {
			d.idle.put(w)
			return
		}
		w.conn.Close()
	}}
	return resp, nil
}

// connect takes a kept connection, or makes one.
func (d *direct) connect(ctx context.Context) (*wire, error) {
	if w := d.idle.take(); w != nil {
		return w, nil
	}
	conn, err := d.dialer.DialContext(ctx, "tcp", d.address)
	if err != nil {
		return nil, err
	}
	w := &wire{conn: conn, tcp: conn}
	if d.tls != nil {
		ctx, cancel := context.WithTimeout(ctx, handshakeTime)
		defer cancel()
		secure := tls.Client(conn, d.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		w.conn = secure
	}
	w.buffer = bufio.NewReader(&w.bounded)
	return w, nil
}

// appendHeader appends what stands before the picture.
func (d *direct) appendHeader(b []byte, r request) []byte {
	b = append(b, "POST "+r.endpoint.RequestURI()+" HTTP/1.1\r\nHost: "+d.host+"\r\nUser-Agent: "+userAgent+"\r\nAccept: application/json\r\nContent-Type: "...)
	b = append(b, r.contentType...)
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(r.body.length()), 10)
	if r.traceparent != "" {
		b = append(b, "\r\nTraceparent: "+r.traceparent...)
	}
	b = append(b, "\r\n\r\n"...)
	return append(b, r.body.head...)
}

// wire is one connection.
type wire struct {
	conn    net.Conn // what is spoken on
	tcp     net.Conn // what lies below TLS, or the same
	buffer  *bufio.Reader
	bounded bounded
	header  []byte // of the request, with the body's head
	sound   bool   // a request was sent whole
	since   time.Time
	watched chan struct{} // closed when nobody watches any more; see sending
}

// interrupt ends what the connection is being used for.
func (w *wire) interrupt() { w.conn.SetDeadline(longAgo) } // fails on a closed connection, which is as good

var longAgo = time.Unix(1, 0)

// roundTrip sends a request, whose header is in place, and reads the header of its answer.
func (w *wire) roundTrip(s *sending, b body) (*http.Response, error) {
	w.bounded = bounded{w.conn, maxHeader}
	over := s.begin(w)
	parts := net.Buffers{w.header, b.file, b.tail}
	_, unsent := parts.WriteTo(w.conn) // writev, on a plain connection
	if over() && unsent == nil {
		unsent = w.conn.SetWriteDeadline(time.Time{}) // an answer to all of it is no reason to send nothing more
	}
	w.sound = unsent == nil
	resp, err := w.answer()
	if err != nil && unsent != nil {
		return nil, unsent
	}
	return resp, err
}

// answer reads the header of an answer, past those that only announce it (RFC 9110, 15.2).
func (w *wire) answer() (*http.Response, error) {
	for range 5 {
		resp, err := http.ReadResponse(w.buffer, &http.Request{Method: http.MethodPost})
		switch {
		case err != nil:
			return nil, err
		case resp.StatusCode >= http.StatusOK:
			w.bounded.left = math.MaxInt // who reads the body bounds it
			return resp, nil
		case resp.StatusCode == http.StatusSwitchingProtocols:
			return nil, errors.New("facepp: another protocol")
		}
	}
	return nil, errors.New("facepp: only announcements of an answer")
}

// bounded reads so many bytes and no more.
type bounded struct {
	conn net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("facepp: an endless header")
	}
	n, err := b.conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// answerBody tells, once it is closed, whether it was read to its end.
type answerBody struct {
	io.ReadCloser
	whole bool
	end   func(whole bool)
}

func (a *answerBody) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	a.whole = a.whole || err == io.EOF
	return n, err
}

func (a *answerBody) Close() error {
	if end := a.end; end != nil {
		a.end = nil
		end(a.whole)
	}
	return nil
}
