package main

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"sync"
	"time"
)

// netLog takes what net/http has to tell. Nearly all of it is about single callers, and for who debugs. That no connection can
// be taken concerns them all, and nothing else would tell it: the system has no file descriptor left, for one.
type netLog struct {
	log  *slog.Logger
	mu   sync.Mutex
	told time.Time // that no connection can be taken
}

// tellEvery is how often the log says that no connection can be taken, for as long as it lasts: net/http tries again many times.
const tellEvery = 10 * time.Second

var noConnection = []byte("http: Accept error: ")

func newNetLog(to *slog.Logger) *log.Logger { return log.New(&netLog{log: to}, "", 0) }

// Write takes one message.
func (n *netLog) Write(message []byte) (int, error) {
	text := bytes.TrimSpace(message)
	if cause, ok := bytes.CutPrefix(text, noConnection); ok && n.due() {
		n.log.Error("no connection can be taken", "cause", string(cause))
	} else {
		n.log.Log(context.Background(), slog.LevelDebug, string(text))
	}
	return len(message), nil
}

func (n *netLog) due() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if time.Since(n.told) < tellEvery {
		return false
	}
	n.told = time.Now()
	return true
}
