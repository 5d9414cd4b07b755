package facepp

import (
	"sync"
	"time"
)

// Connections are kept for less than the 60 s or more that servers do, so that few are closed under a request.
const (
	keepFor = 50 * time.Second
	keepMax = 1024
)

// idle keeps connections for the next request, the last one used on top: those that aren't needed grow old below.
type idle struct {
	mu     sync.Mutex
	wires  []*wire
	sweep  *time.Timer // runs while there are any
	closed bool
}

// take returns a connection that the upstream hasn't closed or written to, nil when there is none.
func (i *idle) take() *wire {
	for {
		w := i.pop()
		if w == nil || quiet(w.tcp) {
			return w
		}
		w.conn.Close()
	}
}

func (i *idle) pop() *wire {
	i.mu.Lock()
	defer i.mu.Unlock()
	last := len(i.wires) - 1
	if last < 0 {
		return nil
	}
	w := i.wires[last]
	i.wires[last] = nil
	i.wires = i.wires[:last]
	return w
}

func (i *idle) put(w *wire) {
	w.since = time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || len(i.wires) == keepMax {
		w.conn.Close()
		return
	}
	i.wires = append(i.wires, w)
	switch {
	case i.sweep == nil:
		i.sweep = time.AfterFunc(keepFor, i.drop)
	case len(i.wires) == 1:
		i.sweep.Reset(keepFor)
	}
}

// drop closes what has grown old, and comes again when the next one will have.
func (i *idle) drop() {
	i.mu.Lock()
	defer i.mu.Unlock()
	old := 0
	for old < len(i.wires) && time.Since(i.wires[old].since) >= keepFor {
		i.wires[old].conn.Close()
		old++
	}
	n := copy(i.wires, i.wires[old:])
	clear(i.wires[n:])
	if i.wires = i.wires[:n]; n > 0 {
		i.sweep.Reset(time.Until(i.wires[0].since.Add(keepFor)))
	}
}

// close closes those that are kept, and from now on each one that comes.
func (i *idle) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed = true; i.sweep != nil {
		i.sweep.Stop()
	}
	for _, w := range i.wires {
		w.conn.Close()
	}
	i.wires = nil
}
