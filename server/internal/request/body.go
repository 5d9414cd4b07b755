package request

import (
	"io"
	"net/http"
	"sync"
	"time"

	"ocrbankcard/internal/cardpp"
)

// A body gets firstBuffer before any of it has come, so that many connections that announce large bodies and send little
// cost little. When that is full it gets mainBuffer, in which most pictures fit.
const (
	firstBuffer = 16 << 10
	mainBuffer  = 256 << 10
)

// Buffers of both sizes are kept for the next bodies: making and collecting one costs more than parsing what it holds.
var (
	firstBuffers = sync.Pool{New: func() any { return new([firstBuffer]byte) }}
	mainBuffers  = sync.Pool{New: func() any { return new([mainBuffer]byte) }}
)

// newBuffer returns an empty buffer for size bytes.
func newBuffer(size int) []byte {
	switch size {
	case firstBuffer:
		return firstBuffers.Get().(*[firstBuffer]byte)[:0]
	case mainBuffer:
		return mainBuffers.Get().(*[mainBuffer]byte)[:0]
	}
	return make([]byte, 0, size)
}

// nextSize is how large a full buffer becomes, where limit bytes are needed at most: it never passes what is needed by
// more than mainBuffer.
func nextSize(size, limit int) int {
	switch {
	case size < firstBuffer:
		return max(min(firstBuffer, limit), size+1)
	case size < mainBuffer && limit > 2*firstBuffer:
		return mainBuffer
	}
	return max(min(2*size, limit), size+1)
}

// recycle wipes what a buffer holds, and keeps it, if it is one of those. Nothing was ever written beyond its length.
func recycle(buf []byte) {
	clear(buf)
	switch cap(buf) {
	case firstBuffer:
		firstBuffers.Put((*[firstBuffer]byte)(buf[:firstBuffer]))
	case mainBuffer:
		mainBuffers.Put((*[mainBuffer]byte)(buf[:mainBuffer]))
	}
}

// readBody reads the whole body, bounded in size and in time. A caller that sends slower than Config.MinRate is cut off.
func readBody(w http.ResponseWriter, r *http.Request, c Config, room func(bytes int) error) (body []byte, err error) {
	if r.ContentLength > int64(c.MaxBody) {
		return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
	}
	conn := http.NewResponseController(w)
	defer conn.SetReadDeadline(time.Time{}) // the next request brings its own
	start := time.Now()
	var buf []byte
	defer func() {
		if err != nil {
			recycle(buf)
		}
	}()
	for {
		if len(buf) == cap(buf) {
			size := nextSize(cap(buf), sizeHint(r, c))
			if err := room(size - cap(buf)); err != nil {
				return nil, err
			}
			full := buf
			buf = append(newBuffer(size), full...)
			recycle(full)
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
