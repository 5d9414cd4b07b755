package limit

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

// A shard holds at most shardKeys keys of a kind. Where an attack brings more at once, some are forgotten early.
const (
	shards    = 32
	shardKeys = 8192
)

// Memory is a Store for one process. Its memory is bounded whatever the number of keys.
type Memory struct {
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	sync.Mutex
	rates  map[string]time.Time // theoretical arrival time
	counts map[string]count

	rateRoom, countRoom int // keys at which those that have run out are looked for
}

type count struct {
	used  int   // as far as is known, those of other processes included
	own   []Use // those of this process
	owed  []Use // those given back that Redis is to be told of
	fresh bool  // changed since Redis was told all
	until time.Time
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	m := &Memory{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].rates, m.shards[i].counts = map[string]time.Time{}, map[string]count{}
	}
	return m
}

func (m *Memory) shard(key string) *shard { return &m.shards[maphash.String(m.seed, key)%shards] }

// Take decides by GCRA. It returns no error.
func (m *Memory) Take(_ context.Context, key string, r Rate) (Decision, error) {
	s, now := m.shard(key), time.Now()
	s.Lock()
	defer s.Unlock()
	begins := s.rates[key]
	if begins.Before(now) {
		begins = now
	}
	next := begins.Add(r.Interval)
	if early := next.Add(-time.Duration(r.Burst) * r.Interval).Sub(now); early > 0 {
		return Decision{RetryAfter: early}, nil
	}
	s.makeRoomForRate(now)
	s.rates[key] = next
	return Decision{Allowed: true, Wait: begins.Sub(now)}, nil
}

// Use counts one use. It returns no error.
func (m *Memory) Use(_ context.Context, key string, u Use, max int, until time.Time) (Usage, error) {
	s, now := m.shard(key), time.Now()
	s.Lock()
	defer s.Unlock()
	c := s.count(key, now, until)
	if c.used >= max || !now.Before(until) {
		return Usage{}, nil
	}
	c.used++
	c.own, c.fresh = append(c.own, u), true
	s.makeRoomForCount(now)
	s.counts[key] = c
	return Usage{Allowed: true, Left: max - c.used}, nil
}

// GiveBack undoes a use. It returns no error.
func (m *Memory) GiveBack(_ context.Context, key string, u Use) error {
	s := m.shard(key)
	s.Lock()
	defer s.Unlock()
	c := s.counts[key]
	if i := slices.Index(c.own, u); i >= 0 {
		c.used, c.own = c.used-1, slices.Delete(c.own, i, i+1)
		s.counts[key] = c
	}
	return nil
}

// learn notes a use that another store has answered, and raises the count to what that one knows.
func (m *Memory) learn(key string, u Use, answer Usage, max int, until time.Time) {
	s, now := m.shard(key), time.Now()
	s.Lock()
	defer s.Unlock()
	c := s.count(key, now, until)
	if c.used < max-answer.Left {
		c.used = max - answer.Left
	}
	if answer.Allowed {
		c.own, c.fresh = append(c.own, u), true
	}
	s.makeRoomForCount(now)
	s.counts[key] = c
}

// count returns what is known of a key, or one that begins now.
func (s *shard) count(key string, now, until time.Time) count {
	if c := s.counts[key]; now.Before(c.until) {
		return c
	}
	return count{until: until}
}

// makeRoom drops what has run out from a map that has twice as many keys as after the last time, which loses nothing, and where
// that leaves a full one, an arbitrary eighth.
func makeRoom[V any](m map[string]V, room *int, over func(V) bool) {
	const fewest = 64 // not worth a look
	if len(m) < *room {
		return
	}
	for k, v := range m {
		if over(v) {
			delete(m, k)
		}
	}
	if len(m) >= shardKeys {
		for k := range m {
			if delete(m, k); len(m) <= shardKeys*7/8 {
				break
			}
		}
	}
	*room = min(max(2*len(m), fewest), shardKeys)
}

func (s *shard) makeRoomForRate(now time.Time) {
	makeRoom(s.rates, &s.rateRoom, func(begins time.Time) bool { return begins.Before(now) })
}

func (s *shard) makeRoomForCount(now time.Time) {
	makeRoom(s.counts, &s.countRoom, func(c count) bool { return c.until.Before(now) })
}
