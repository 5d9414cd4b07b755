package facepp

import (
	"net"
	"testing"
	"time"
)

// pair returns both ends of a connection, kept as if it had been used at a moment.
func pair(t *testing.T) (kept *wire, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return &wire{conn: near, tcp: near}, far
}

// ended reports whether the other end has closed.
func ended(t *testing.T, far net.Conn) bool {
	t.Helper()
	if err := far.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	_, err := far.Read(make([]byte, 1))
	timeout, ok := err.(net.Error)
	return !ok || !timeout.Timeout()
}

func TestIdleConnections(t *testing.T) {
	var i idle
	a, farA := pair(t)
	b, farB := pair(t)
	c, farC := pair(t)
	for _, w := range []*wire{a, b, c} {
		i.put(w)
	}
	farC.Close()
	for quiet(c.tcp) {
		time.Sleep(time.Millisecond)
	}
	if _, err := farB.Write([]byte("HTTP/1.1 408 Request Timeout\r\n")); err != nil {
		t.Fatal(err)
	}
	for quiet(b.tcp) {
		time.Sleep(time.Millisecond)
	}
	if got := i.take(); got != a {
		t.Error("a connection was taken that had ended, or that the upstream had written to")
	}
	if i.take() != nil {
		t.Error("those were kept")
	}

	d, farD := pair(t)
	i.put(a)
	i.put(d)
	i.wires[0].since = time.Now().Add(-keepFor)
	i.drop()
	if !ended(t, farA) || ended(t, farD) || len(i.wires) != 1 {
		t.Error("not the old one alone was dropped")
	}
	i.close()
	if !ended(t, farD) {
		t.Error("closing left one open")
	}
	e, farE := pair(t)
	if i.put(e); !ended(t, farE) {
		t.Error("one was kept after the end")
	}
}
