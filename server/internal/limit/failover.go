package limit

import (
	"context"
	"errors"
	"log/slog"
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

// lastTelling is for how long the end of the process waits for Redis to be told; 100,000 uses take half a second.
const lastTelling = 5 * time.Second

var errTooSlow = errors.New("limit: what Redis answers comes too late to be used")

// Failover is a Store in Redis that goes on in memory while Redis is away: no caller sees the outage, but limits hold
// for each replica by itself until Redis is back, and is told what uses were counted. Each outage is logged once, and its end.
type Failover struct {
	redis  *Redis
	memory *Memory
	log    *slog.Logger
	away   func(bool)

	mu      sync.RWMutex
	outage  bool
	closed  chan struct{}
	watcher sync.WaitGroup
	telling context.Context // which ends some time after closed
	hush    context.CancelFunc
}

// NewFailover wraps a Redis. Where away is not nil, it is told true when an outage begins and false when it ends.
func NewFailover(r *Redis, log *slog.Logger, away func(bool)) *Failover {
	if away == nil {
		away = func(bool) {}
	}
	f := &Failover{redis: r, memory: NewMemory(), log: log, away: away, closed: make(chan struct{})}
	f.telling, f.hush = context.WithCancel(context.Background())
	return f
}

// Close ends the watching and closes Redis' connections. In an outage it tries once more to tell what was counted.
func (f *Failover) Close() error {
	f.mu.Lock()
	select {
	case <-f.closed:
	default:
		close(f.closed)
	}
	f.mu.Unlock()
	defer time.AfterFunc(lastTelling, f.hush).Stop()
	f.watcher.Wait()
	return f.redis.Close()
}

// Away reports whether an outage lasts.
func (f *Failover) Away() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.outage
}

// Take decides in Redis or in memory. It returns no error but the context's.
func (f *Failover) Take(ctx context.Context, key string, r Rate) (Decision, error) {
	return withRedis(ctx, f, func(ctx context.Context) (Decision, error) { return f.redis.Take(ctx, key, r) },
		func() (Decision, error) { return f.memory.Take(ctx, key, r) })
}

// Use counts in Redis or in memory, and returns no error. What Redis said is remembered, so that an outage gives no session all its
// uses anew. What it might have said when the context was over counts in memory: the user gives it back, and so it ends in both.
func (f *Failover) Use(ctx context.Context, key string, u Use, max int, until time.Time) (Usage, error) {
	inRedis := func(ctx context.Context) (Usage, error) {
		answer, err := f.redis.Use(ctx, key, u, max, until)
		if err == nil {
			f.memory.learn(key, u, answer, max, until)
		}
		return answer, err
	}
	inMemory := func() (Usage, error) { return f.memory.Use(ctx, key, u, max, until) }
	if answer, err := withRedis(ctx, f, inRedis, inMemory); err == nil {
		return answer, nil
	}
	return inMemory()
}

// GiveBack undoes a use in memory and, at once or when it is back, in Redis. In memory first: see tell.
func (f *Failover) GiveBack(ctx context.Context, key string, u Use) error {
	if err := f.memory.GiveBack(ctx, key, u); err != nil {
		return err
	}
	inRedis := func(ctx context.Context) (struct{}, error) { return struct{}{}, f.redis.GiveBack(ctx, key, u) }
	_, err := withRedis(ctx, f, inRedis, func() (struct{}, error) { f.memory.owe(key, u); return struct{}{}, nil })
	return err
}

func withRedis[T any](ctx context.Context, f *Failover, inRedis func(context.Context) (T, error), inMemory func() (T, error)) (T, error) {
	for {
		if v, err, away := alone(f, inMemory); away {
			return v, err
		}
		v, err := inRedis(ctx)
		switch {
		case err == nil:
			return v, nil
		case ctx.Err() != nil: // says nothing about Redis
			return v, ctx.Err()
		}
		f.lost(err)
	}
}

// alone decides in memory while Redis is away. The outage doesn't end meanwhile: Redis would not be told of it.
func alone[T any](f *Failover, inMemory func() (T, error)) (v T, err error, away bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.outage {
		v, err = inMemory()
	}
	return v, err, f.outage
}

// TooSlow begins an outage of a Redis that answers, but too late for a queue: every place in its schedule is over before it is
// known here, and each call would ask again and again until its time was up.
func (f *Failover) TooSlow() { f.lost(errTooSlow) }

// lost begins an outage, unless one lasts.
func (f *Failover) lost(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outage {
		return
	}
	f.outage = true
	select {
	case <-f.closed:
		return
	default:
	}
	f.away(true)
	f.log.Warn("Redis is away: limits hold for this process by itself", "error", err)
	first, times, within := recheck, 1, redisCall
	switch err {
	case errTooSlow:
		times, within = quickTimes, quick
	case errForgot: // it is there
		first = 0
	}
	f.watcher.Go(func() { f.watch(first, times, within) })
}

// watch ends the outage when Redis, first asked after a while, keeps limits again: so many times one after the other, each within
// a time.
func (f *Failover) watch(first time.Duration, times int, within time.Duration) {
	next := time.NewTimer(first)
	defer next.Stop()
	for kept := 0; kept < times; next.Reset(recheck) {
		select {
		case <-f.closed:
			if err := f.tell(); err != nil { // nobody else can
				f.log.Warn("Redis was not told what this process has counted", "error", err)
			}
			return
		case <-next.C:
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), redisCall)
		err := f.redis.Try(ctx)
		cancel()
		if kept++; err != nil || time.Since(start) > within || kept == times && f.back() != nil {
			kept = 0
		}
	}
}

// back tells Redis what was counted and ends the outage. Callers wait for the last of that, as they would for Redis' answer: it
// is to know all that is counted here when it is asked again.
func (f *Failover) back() error {
	if err := f.tell(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.tellKeys(f.memory.keys(true)); err != nil {
		return err
	}
	f.outage = false
	f.away(false)
	f.log.Info("Redis is back: limits are shared again")
	return nil
}
