package limit

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// recheck is how often a Redis that is away is asked whether it is back. One that was too slow must be quick so many times one
// after the other: its first quick answer may be luck.
const (
	recheck    = 500 * time.Millisecond
	quick      = 2 * lateness
	quickTimes = 3
)

var errTooSlow = errors.New("limit: what Redis answers comes too late to be used")

// Failover is a Store in Redis that goes on in memory while Redis is away: no caller sees the outage, but limits hold
// for each replica by itself until Redis is back, and is told what uses were counted. Each outage is logged once, and its end.
type Failover struct {
	redis  *Redis
	memory *Memory
	log    *slog.Logger
	away   func(bool)

	mu      sync.Mutex
	outage  bool
	closed  chan struct{}
	watcher sync.WaitGroup
}

// NewFailover wraps a Redis. Where away is not nil, it is told true when an outage begins and false when it ends.
func NewFailover(r *Redis, log *slog.Logger, away func(bool)) *Failover {
	if away == nil {
		away = func(bool) {}
	}
	return &Failover{redis: r, memory: NewMemory(), log: log, away: away, closed: make(chan struct{})}
}

// Close ends the watching and closes Redis' connections.
func (f *Failover) Close() error {
	f.mu.Lock()
	select {
	case <-f.closed:
	default:
		close(f.closed)
	}
	f.mu.Unlock()
	f.watcher.Wait()
	return f.redis.Close()
}

// Away reports whether an outage lasts.
func (f *Failover) Away() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.outage
}

// Take decides in Redis or in memory. It returns no error but the context's.
func (f *Failover) Take(ctx context.Context, key string, r Rate) (Decision, error) {
	return withRedis(ctx, f, func(ctx context.Context) (Decision, error) { return f.redis.Take(ctx, key, r) },
		func() (Decision, error) { return f.memory.Take(ctx, key, r) })
}

// Use counts in Redis or in memory. What Redis said is remembered, so that an outage gives no session all its uses anew.
func (f *Failover) Use(ctx context.Context, key string, u Use, max int, until time.Time) (Usage, error) {
	inRedis := func(ctx context.Context) (Usage, error) {
		answer, err := f.redis.Use(ctx, key, u, max, until)
		if err == nil {
			f.memory.learn(key, u, answer, max, until)
		}
		return answer, err
	}
	return withRedis(ctx, f, inRedis, func() (Usage, error) { return f.memory.Use(ctx, key, u, max, until) })
}

// GiveBack undoes a use in Redis or in memory.
func (f *Failover) GiveBack(ctx context.Context, key string, u Use) error {
	inMemory := func() (struct{}, error) { return struct{}{}, f.memory.GiveBack(ctx, key, u) }
	inRedis := func(ctx context.Context) (struct{}, error) {
		if err := f.redis.GiveBack(ctx, key, u); err != nil {
			return struct{}{}, err
		}
		return inMemory()
	}
	_, err := withRedis(ctx, f, inRedis, inMemory)
	return err
}

func withRedis[T any](ctx context.Context, f *Failover, inRedis func(context.Context) (T, error), inMemory func() (T, error)) (T, error) {
	if f.Away() {
		return inMemory()
	}
	v, err := inRedis(ctx)
	switch {
	case err == nil:
		return v, nil
	case ctx.Err() != nil: // says nothing about Redis
		return v, ctx.Err()
	}
	f.lost(err)
	return inMemory()
}

// TooSlow begins an outage of a Redis that answers, but too late for a queue: every place in its schedule is over before it is
// known here, and each call would ask again and again until its time was up.
func (f *Failover) TooSlow() { f.lost(errTooSlow) }

// lost begins an outage, unless one lasts.
func (f *Failover) lost(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.closed:
		return
	default:
	}
	if f.outage {
		return
	}
	f.outage = true
	f.away(true)
	f.log.Warn("Redis is away: limits hold for this process by itself", "error", err)
	times, within := 1, redisCall
	if err == errTooSlow {
		times, within = quickTimes, quick
	}
	f.watcher.Go(func() { f.watch(times, within) })
}

// watch ends the outage when Redis keeps limits again: so many times one after the other, each within a time.
func (f *Failover) watch(times int, within time.Duration) {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for kept := 0; kept < times; {
		select {
		case <-f.closed:
			return
		case <-tick.C:
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), redisCall)
		err := f.redis.Try(ctx)
		cancel()
		if kept++; err != nil || time.Since(start) > within || kept == times && f.tell() != nil {
			kept = 0
		}
	}
	f.back()
	if err := f.tell(); err != nil { // what was counted meanwhile
		f.lost(err)
	}
}

func (f *Failover) back() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.outage = false
	f.away(false)
	f.log.Info("Redis is back: limits are shared again")
}

// tell tells Redis all uses that this process has counted: it knows none of those in an outage, and none at all where it came back
// empty.
func (f *Failover) tell() error {
	const atOnce = 100 // keys, so that Redis is soon done
	for some := range slices.Chunk(f.memory.counted(), atOnce) {
		ctx, cancel := context.WithTimeout(context.Background(), redisCall)
		err := f.redis.tell(ctx, some)
		cancel()
		select {
		case <-f.closed:
			return nil
		default:
		}
		if err != nil {
			return err
		}
	}
	return nil
}
