package request

import (
	"io"
	"net/http"
	"time"

	"ocrbankcard/internal/cardpp"
)

// Memory is granted to a body in steps. It gets firstGrant before any of it has come, so that many connections that announce
// large bodies and send little are granted little; that is what net/http reads ahead with a header. When half of it is full,
// it is granted all that it announces, up to largeGrant, in which most pictures fit; what is larger doubles as it comes in.
const (
	firstGrant = 4 << 10
	stepGrant  = 16 << 10
	largeGrant = 256 << 10
)

// nextGrant is how much a body may take up after it has come to the end of a grant, where limit bytes are needed at most.
func nextGrant(granted, limit int) int {
	if granted < firstGrant {
		return firstGrant
	}
	next := max(min(limit, max(largeGrant, 2*granted)), granted+1)
	return (next + stepGrant - 1) / stepGrant * stepGrant
}

// deadlineStep is how much time a caller has to earn before its deadline is moved.
const deadlineStep = 500 * time.Millisecond

// readBody reads the whole body, bounded in size and in time. A caller that sends slower than Config.MinRate is cut off.
func readBody(w http.ResponseWriter, r *http.Request, c Config, room func(bytes int) error) (body *buffer, err error) {
	if r.ContentLength > int64(c.MaxBody) {
		return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
	}
	conn := http.NewResponseController(w)
	defer conn.SetReadDeadline(time.Time{}) // the next request brings its own
	start := time.Now()
	b := stretchesOf(c.MaxBody).take()
	defer func() {
		if err != nil {
			b.recycle()
		}
	}()
	granted := 0
	var until time.Time // the deadline that is set
	for {
		if n := len(b.bytes); n == granted || granted == firstGrant && n >= firstGrant/2 {
			next := min(nextGrant(granted, sizeHint(r, c)), cap(b.bytes))
			if err := room(next - granted); err != nil {
				return nil, err
			}
			granted = next
		}
		earned := time.Duration(float64(len(b.bytes)) / float64(c.MinRate) * float64(time.Second))
		if allowed := start.Add(c.Grace + earned); allowed.Sub(until) > deadlineStep {
			if err := conn.SetReadDeadline(allowed); err != nil {
				return nil, err
			}
			until = allowed
		}
		n, err := r.Body.Read(b.bytes[len(b.bytes):granted])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case len(b.bytes) > c.MaxBody:
			return nil, cardpp.NewError(cardpp.EntityTooLarge, "")
		case err == io.EOF:
			return b, nil
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
// begun tells that some of the body was read. One who says that it waits for our word ("100 Continue") has else had none, and
// gets none any more; it may send all the same (RFC 9110, 10.1.1), as proxies do that pass the header on, but not begin later.
func Drain(w http.ResponseWriter, r *http.Request, begun bool) {
	conn := http.NewResponseController(w)
	end := time.Now().Add(5 * time.Second)
	first := end
	if !begun && r.Header.Get("Expect") != "" {
		first = time.Now().Add(time.Second)
	}
	if conn.SetReadDeadline(first) != nil { // net/http itself reads on when the handler is done: that too ends then
		return
	}
	// How it ends doesn't matter: the connection closes after it.
	if n, err := r.Body.Read(make([]byte, 1)); n == 0 || err != nil || conn.SetReadDeadline(end) != nil {
		return
	}
	io.CopyN(io.Discard, r.Body, 16<<20)
}
