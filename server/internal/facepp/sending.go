package facepp

import (
	"sync"
	"time"
)

// watchAfter is how long a request may be on its way before somebody looks for an early answer.
const watchAfter = 250 * time.Millisecond

// sending are the requests on their way. A server may answer before it has read all, and then read no more of it: "413", for
// one. One timer looks after all of them: one for each would wake a thread that sleeps, for each, and most requests are sent
// within a millisecond.
type sending struct {
	mu    sync.Mutex
	since map[*wire]time.Time // of those not watched yet
	timer *time.Timer
	armed bool
}

// begin looks after a request until over is called; that reports whether the request was watched, because it took long, and
// waits until nobody touches the wire any more.
func (s *sending) begin(w *wire) (over func() (watched bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since == nil {
		s.since = map[*wire]time.Time{}
		s.timer = time.AfterFunc(time.Hour, s.look)
	}
	s.since[w] = time.Now()
	if !s.armed {
		s.armed = true
		s.timer.Reset(watchAfter)
	}
	return func() bool { return s.end(w) }
}

func (s *sending) end(w *wire) (watched bool) {
	s.mu.Lock()
	_, unwatched := s.since[w]
	delete(s.since, w)
	s.mu.Unlock()
	if unwatched {
		return false
	}
	<-w.watched // there is an answer, or trouble
	return true
}

// look watches those that have been on their way for long.
func (s *sending) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w, since := range s.since {
		if time.Since(since) >= watchAfter {
			delete(s.since, w)
			w.watched = make(chan struct{})
			go w.watch()
		}
	}
	if s.armed = len(s.since) > 0; s.armed {
		s.timer.Reset(watchAfter)
	}
}

// watch ends the sending when there is an answer.
func (w *wire) watch() {
	if _, err := w.buffer.Peek(1); err == nil {
		w.conn.SetWriteDeadline(longAgo)
	}
	close(w.watched)
}
