package main

import (
	"net"
	"net/http"
	"sync/atomic"
)

// connections bounds how many there are at once: each costs memory, whatever comes over it. One too many is closed before
// a byte of it is read, so that what a load balancer tries again, at another replica, was done by none: nginx does so with a GET.
type connections struct {
	most    int64
	open    atomic.Int64
	refused func()
}

// state is told of every connection's life (http.Server.ConnState).
func (c *connections) state(conn net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		if c.open.Add(1) > c.most {
			c.refused()
			conn.Close()
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
