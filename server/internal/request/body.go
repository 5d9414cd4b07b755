package request

import (
	"io"
	"net/http"
	"sync"
	"time"

	"ocrbankcard/internal/cardpp"
)

// firstBuffer is reserved for a body before any of it has come, so that many idle connections that announce large
// bodies cost little. Most pictures fit.
const firstBuffer = 256 << 10

// buffers keeps buffers of firstBuffer bytes for the next bodies: making and collecting one costs more than parsing what
// it holds.
var buffers = sync.Pool{New: func() any { return new([firstBuffer]byte) }}

// newBuffer returns an empty buffer, for up to size bytes as far as the first buffer holds them.
func newBuffer(size int) []byte {
	if size < firstBuffer/8 {
		return make([]byte, 0, size)
	}
	return buffers.Get().(*[firstBuffer]byte)[:0]
}

// recycle wipes a buffer and keeps it, if it is one of those.
func recycle(buf []byte) {
	if cap(buf) != firstBuffer {
		return
	}
	clear(buf)
	buffers.Put((*[firstBuffer]byte)(buf[:firstBuffer]))
}

// readBody reads the whole body, bounded in size and in time. A caller that sends slower than Config.MinRate is cut off.
func readBody(w http.ResponseWriter, r *http.Request, c Config) ([]byte, error) {
	if r.ContentLength > int64(c.MaxBody) {
		return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
	}
	conn := http.NewResponseController(w)
	defer conn.SetReadDeadline(time.Time{}) // the next request brings its own
	start := time.Now()
	buf := newBuffer(sizeHint(r, c))
	for {
		if len(buf) == cap(buf) {
			if len(buf) > c.MaxBody {
				return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
			}
			small := buf
			buf = grow(buf, sizeHint(r, c))
			recycle(small)
		}
		allowed := c.Grace + time.Duration(float64(len(buf))/float64(c.MinRate)*float64(time.Second))
		if err := conn.SetReadDeadline(start.Add(allowed)); err != nil {
			return nil, err
		}
		n, err := r.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > c.MaxBody:
			return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, badBody("body")
		}
	}
}

// sizeHint is the room that a body needs: what it announces and a byte to see its end, or else one more than is allowed.
func sizeHint(r *http.Request, c Config) int {
	if r.ContentLength >= 0 {
		return int(r.ContentLength) + 1
	}
	return c.MaxBody + 1
}

// grow doubles the room, but not beyond limit.
func grow(buf []byte, limit int) []byte {
	bigger := make([]byte, len(buf), max(min(2*cap(buf), limit), len(buf)+1))
	copy(bigger, buf)
	return bigger
}

// Drain reads and drops what a refused caller still sends, up to 16 MiB and for 5 seconds. Many clients look for an
// answer only when all is sent, and a connection closed on them would hide it.
func Drain(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Expect") != "" {
		return // waits for our word before it sends
	}
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(time.Now().Add(5*time.Second)) != nil {
		return
	}
	io.CopyN(io.Discard, r.Body, 16<<20) // how it ends doesn't matter: the connection closes after it
}
