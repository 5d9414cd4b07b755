package limit_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestRedisComesAndGoes uses up limits while Redis is killed, gone and back, under load, and reads the log.
func TestRedisComesAndGoes(t *testing.T) {
	server := limittest.StartRedis(t)
	var log lines
	away := make(chan bool, 10)
	f := limit.NewFailover(newRedis(t, server.URL), slog.New(slog.NewTextHandler(&log, nil)), func(b bool) { away <- b })
	defer f.Close()
	until, rate := time.Now().Add(time.Hour), limit.Per(1_000_000, time.Second)

	if u, err := f.Use(t.Context(), "session", limit.NewUse(), 2, until); err != nil || !u.Allowed {
		t.Fatal(u, err)
	}
	stop := make(chan struct{})
	var load sync.WaitGroup
	for i := range 8 {
		load.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				if d, err := f.Take(context.Background(), fmt.Sprint("load", i), rate); err != nil || !d.Allowed {
					t.Errorf("a call was lost: %+v, %v", d, err)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	for range 2 {
		server.Kill(t)
		if !<-away || !f.Away() {
			t.Error("the outage wasn't told")
		}
		server.Start(t)
		if <-away || f.Away() {
			t.Error("the return wasn't told")
		}
	}
	server.Kill(t)
	<-away
	// Of the two uses one was counted in Redis, and this process remembers.
	for _, want := range []limit.Usage{{Allowed: true}, {}} {
		if u, err := f.Use(t.Context(), "session", limit.NewUse(), 2, until); err != nil || u != want {
			t.Errorf("while Redis is away: %+v, %v", u, err)
		}
	}
	close(stop)
	load.Wait()
	if gone, back := log.count("away"), log.count("back"); gone != 3 || back != 2 || log.count("") != 5 {
		t.Errorf("%d outages and %d returns are logged:\n%s", gone, back, &log.buf)
	}
}

// TestAFullRedisIsOneOutage: one that takes no more keys still answers pings.
func TestAFullRedisIsOneOutage(t *testing.T) {
	server := limittest.StartRedis(t)
	o, err := redis.ParseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	admin := redis.NewClient(o)
	defer admin.Close()
	fill := func(maxmemory string) {
		if err := admin.ConfigSet(t.Context(), "maxmemory", maxmemory).Err(); err != nil {
			t.Fatal(err)
		}
	}
	var log lines
	f := limit.NewFailover(newRedis(t, server.URL), slog.New(slog.NewTextHandler(&log, nil)), nil)
	defer f.Close()
	fill("1")
	for range 20 { // for longer than Redis is left alone in an outage
		if d, err := f.Take(t.Context(), "load", limit.Per(1000, time.Second)); err != nil || !d.Allowed {
			t.Errorf("a call was lost: %+v, %v", d, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if n := log.count(""); n != 1 || !f.Away() {
		t.Errorf("%d lines, away %v:\n%s", n, f.Away(), &log.buf)
	}
	fill("0")
	for end := time.Now().Add(10 * time.Second); f.Away(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the return wasn't noticed")
		}
	}
}

// TestAnOutageMayOutlastTheServer: calls that are still there when it ends are decided in memory.
func TestAnOutageMayOutlastTheServer(t *testing.T) {
	server := limittest.StartRedis(t)
	f := limit.NewFailover(newRedis(t, server.URL), slog.New(slog.DiscardHandler), nil)
	server.Kill(t)
	for _, end := range []func() error{func() error { return nil }, f.Close, f.Close} {
		end() // the second time, the connections are closed already
		if d, err := f.Take(t.Context(), "a", limit.Per(10, time.Hour)); err != nil || !d.Allowed || !f.Away() {
			t.Errorf("%+v, %v, away %v", d, err, f.Away())
		}
	}
}

// TestAnOutageTakesNoScanThatWasGivenBack: this process remembers that, too.
func TestAnOutageTakesNoScanThatWasGivenBack(t *testing.T) {
	server := limittest.StartRedis(t)
	f := limit.NewFailover(newRedis(t, server.URL), slog.New(slog.DiscardHandler), nil)
	defer f.Close()
	until := time.Now().Add(time.Hour)
	use := func(want bool) (use limit.Use) {
		t.Helper()
		use = limit.NewUse()
		if u, err := f.Use(t.Context(), "session", use, 1, until); err != nil || u.Allowed != want {
			t.Errorf("%+v, %v", u, err)
		}
		return use
	}
	if err := f.GiveBack(t.Context(), "session", use(true)); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	use(true)
	use(false)
}

// lines is a log that goroutines share.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// count counts the lines that contain a word.
func (l *lines) count(word string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for line := range strings.Lines(l.buf.String()) {
		if strings.Contains(line, word) {
			n++
		}
	}
	return n
}
