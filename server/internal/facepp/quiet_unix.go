//go:build unix

package facepp

import (
	"net"
	"syscall"
)

// quiet reports whether a kept connection has nothing to read: no end, no data that nobody asked for. A read that
// doesn't wait tells, and what it may take away is of a connection that is not used again.
func quiet(conn net.Conn) bool {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	var answer error
	err = raw.Read(func(fd uintptr) bool {
		_, answer = syscall.Read(int(fd), make([]byte, 1))
		return true
	})
	return err == nil && (answer == syscall.EAGAIN || answer == syscall.EWOULDBLOCK)
}
