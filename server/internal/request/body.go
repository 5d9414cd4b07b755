package request

import (
	"io"
	"net/http"
	"sync"
	"time"

	"ocrbankcard/internal/cardpp"
)

// A body gets firstBuffer before any of it has come, so that many connections that announce large bodies and send little
// cost little; it is what net/http reads ahead with a header. When that is full, the body gets room for all that it
// announces, up to largeBuffer, in which most pictures fit; what is larger doubles as it comes in.
const (
	firstBuffer = 4 << 10
	stepBuffer  = 16 << 10
	largeBuffer = 256 << 10
)

// Buffers of up to largeBuffer are kept for the next bodies, by their size in steps: making and collecting one costs more
// than parsing what it holds. Steps, because what a few hundred callers hold at once is nearly all of the server's memory:
// were they all of one size, a quarter of it would be empty.
var buffers [largeBuffer/stepBuffer + 1]sync.Pool // the first holds those of firstBuffer

// newBuffer returns an empty buffer for size bytes.
func newBuffer(size int) []byte {
	if pool := poolOf(size); pool != nil {
		if b, ok := pool.Get().(*[]byte); ok {
			return *b
		}
	}
	return make([]byte, 0, size)
}

// poolOf returns where buffers of a size are kept, nil for nowhere.
func poolOf(size int) *sync.Pool {
	switch {
	case size == firstBuffer:
		return &buffers[0]
	case size > 0 && size <= largeBuffer && size%stepBuffer == 0:
		return &buffers[size/stepBuffer]
	}
	return nil
}

// nextSize is how large a full buffer becomes, where limit bytes are needed at most.
func nextSize(size, limit int) int {
	if size < firstBuffer {
		return firstBuffer
	}
	next := max(min(limit, max(largeBuffer, 2*size)), size+1)
	return (next + stepBuffer - 1) / stepBuffer * stepBuffer
}

// recycle wipes what a buffer holds, and keeps it, if it is one of those. Nothing was ever written beyond its length.
func recycle(buf []byte) {
	clear(buf)
	if pool := poolOf(cap(buf)); pool != nil {
		buf = buf[:0]
		pool.Put(&buf)
	}
}

// deadlineStep is how much time a caller has to earn before its deadline is moved.
const deadlineStep = 500 * time.Millisecond

// readBody reads the whole body, bounded in size and in time. A caller that sends slower than Config.MinRate is cut off.
func readBody(w http.ResponseWriter, r *http.Request, c Config, room func(bytes int) error) (body []byte, err error) {
	if r.ContentLength > int64(c.MaxBody) {
		return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
	}
	conn := http.NewResponseController(w)
	defer conn.SetReadDeadline(time.Time{}) // the next request brings its own
	start := time.Now()
	var buf []byte
	var until time.Time // the deadline that is set
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
		earned := time.Duration(float64(len(buf)) / float64(c.MinRate) * float64(time.Second))
		if allowed := start.Add(c.Grace + earned); allowed.Sub(until) > deadlineStep {
			if err := conn.SetReadDeadline(allowed); err != nil {
				return nil, err
			}
			until = allowed
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
//
// begun tells that some of the body was read. One who waits for our word ("100 Continue") before it sends has else had none.
func Drain(w http.ResponseWriter, r *http.Request, begun bool) {
	// net/http itself reads on when the handler is done: that too must end.
	if http.NewResponseController(w).SetReadDeadline(time.Now().Add(5*time.Second)) != nil {
		return
	}
	if !begun && r.Header.Get("Expect") != "" {
		return
	}
	io.CopyN(io.Discard, r.Body, 16<<20) // how it ends doesn't matter: the connection closes after it
}
