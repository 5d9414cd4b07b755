package facepptest

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// stampArrivals makes a socket, and those it accepts, tell when the system received what is read (socket(7), SO_TIMESTAMPNS).
func stampArrivals(of syscall.Conn) error {
	raw, err := of.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
	})
	return errors.Join(err, failed)
}

// stamped knows when the system received what was last read of a connection: however late this process is let run, that
// is when a call arrived.
type stamped struct {
	*net.TCPConn
	raw     syscall.RawConn
	arrived atomic.Int64 // Unix nanoseconds
}

func newStamped(c *net.TCPConn) (net.Conn, error) {
	raw, err := c.SyscallConn()
	return &stamped{TCPConn: c, raw: raw}, err
}

func (s *stamped) at() time.Time { return time.Unix(0, s.arrived.Load()) }

func (s *stamped) Read(p []byte) (int, error) {
	var control [64]byte
	var n, told int
	var failed error
	err := s.raw.Read(func(fd uintptr) bool {
		n, told, _, _, failed = syscall.Recvmsg(int(fd), p, control[:], 0)
		return failed != syscall.EAGAIN && failed != syscall.EINTR
	})
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Err: failed}
	case n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	s.arrived.Store(stampIn(control[:told]))
	return n, nil
}

// stampIn finds the time in a message's control data; without one, it is now.
func stampIn(control []byte) int64 {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return time.Now().UnixNano()
	}
	for _, m := range messages {
		if m.Header.Level == syscall.SOL_SOCKET && m.Header.Type == syscall.SO_TIMESTAMPNS && len(m.Data) >= int(unsafe.Sizeof(syscall.Timespec{})) {
			return (*syscall.Timespec)(unsafe.Pointer(&m.Data[0])).Nano()
		}
	}
	return time.Now().UnixNano()
}
