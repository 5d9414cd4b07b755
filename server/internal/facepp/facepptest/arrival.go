package facepptest

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Stamp makes a server whose handler is an Upstream count calls by the time at which the system received them, where the
// system tells. Without it they are counted when the handler gets to run, which on a busy machine is late by as much as
// any limit is about. It returns the listener to serve on.
func Stamp(s *http.Server, l *net.TCPListener) (net.Listener, error) {
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, stampKey{}, c) }
	return stamping{l}, stampArrivals(l)
}

type stampKey struct{}

type stamping struct{ *net.TCPListener }

func (s stamping) Accept() (net.Conn, error) {
	c, err := s.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return newStamped(c)
}

// arrival is when the system received what was last read of a call's connection, or else now.
func arrival(ctx context.Context) time.Time {
	if s, ok := ctx.Value(stampKey{}).(*stamped); ok {
		return s.at()
	}
	return time.Now()
}
