package gateway

import (
	"io"
	"net/http"

	"ocrbankcard/server/internal/request"
)

// tracked is a request's body that remembers how far it was read.
type tracked struct {
	io.ReadCloser
	begun bool
	ended bool // well: after an error, more of it may come
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.begun, t.ended = true, t.ended || err == io.EOF
	return n, err
}

// answerEarly prepares an answer to a call whose body hasn't been read to its end: the connection closes after it. What
// it returns is called when the answer is written: it sends it off, and then reads on for a while, for clients that look
// for an answer only after they have sent everything.
//
// HTTP/2 ends a stream by itself, and lets the connection be; but an answer that comes before all was sent is lost on many
// clients although it shouldn't (RFC 9113, 8.1): on Java's HttpClient, which waits to send the rest until its time is up, and
// on OkHttp. So there the rest is read before the answer, unless the caller waits for our word to begin.
func answerEarly(w http.ResponseWriter, r *http.Request) (written func()) {
	body, ok := r.Body.(*tracked)
	if !ok || body.ended || r.ContentLength == 0 {
		return func() {}
	}
	if r.ProtoMajor > 1 {
		if body.begun || r.Header.Get("Expect") == "" {
			request.Drain(w, r, body.begun)
		}
		return func() {}
	}
	w.Header().Set("Connection", "close")
	conn := http.NewResponseController(w)
	if conn.EnableFullDuplex() != nil {
		return func() {}
	}
	return func() {
		if conn.Flush() == nil {
			request.Drain(w, r, body.begun)
		}
	}
}
