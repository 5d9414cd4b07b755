package limit

// Tell: a Redis that comes back, or was emptied, is told what this process has counted. It knows none of the uses of an outage, and
// none at all where it came back empty.

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// tell tells Redis all uses of this process, and those that were given back when it couldn't hear of it. What is given back meanwhile
// is gone from memory first and then from Redis: if that was before Redis was told of it here, memory shows it after.
func (f *Failover) tell() error {
	ctx, cancel := context.WithTimeout(f.telling, redisCall)
	since, err := f.redis.itself(ctx)
	cancel()
	if err != nil {
		return err
	}
	if err := f.tellKeys(f.memory.keys(false)); err != nil {
		return err
	}
	f.redis.since.Store(&since)
	return f.tellKeys(f.memory.keys(true)) // what was counted meanwhile
}

func (f *Failover) tellKeys(keys []string) error {
	const atOnce = 100 // so that Redis is soon done
	for keys := range slices.Chunk(keys, atOnce) {
		for some := f.memory.counted(keys); len(some) > 0; some = f.memory.settle(some) {
			ctx, cancel := context.WithTimeout(f.telling, redisCall)
			err := f.redis.tell(ctx, some)
			cancel()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// counted are the uses of a key that this process knows for its own.
type counted struct {
	key string
	count
}

// keys returns all keys, or those that are fresh.
func (m *Memory) keys(fresh bool) (all []string) {
	for i := range m.shards {
		s := &m.shards[i]
		s.Lock()
		for key, c := range s.counts {
			if c.fresh || !fresh {
				all = append(all, key)
			}
		}
		s.Unlock()
	}
	return all
}

// counted returns what Redis is to be told of these keys.
func (m *Memory) counted(keys []string) (all []counted) {
	for _, key := range keys {
		s := m.shard(key)
		s.Lock()
		c, ok := s.counts[key]
		if c.fresh = false; ok {
			s.counts[key] = c
		}
		c.own, c.owed = slices.Clone(c.own), slices.Clone(c.owed)
		s.Unlock()
		if len(c.own)+len(c.owed) > 0 {
			all = append(all, counted{key, c})
		}
	}
	return all
}

// owe notes that Redis is to be told of a use that was given back.
func (m *Memory) owe(key string, u Use) {
	s := m.shard(key)
	s.Lock()
	defer s.Unlock()
	if c, ok := s.counts[key]; ok {
		c.owed, c.fresh = append(c.owed, u), true
		s.counts[key] = c
	}
}

// settle notes what Redis was told, and returns what it is to be told further: those that were given back meanwhile.
func (m *Memory) settle(told []counted) (further []counted) {
	for _, t := range told {
		s := m.shard(t.key)
		s.Lock()
		if c, ok := s.counts[t.key]; ok {
			c.owed = slices.DeleteFunc(c.owed, func(u Use) bool { return slices.Contains(t.owed, u) })
			for _, u := range t.own {
				if !slices.Contains(c.own, u) && !slices.Contains(c.owed, u) {
					c.owed = append(c.owed, u)
				}
			}
			s.counts[t.key] = c
			if len(c.owed) > 0 {
				further = append(further, counted{t.key, count{owed: slices.Clone(c.owed), until: c.until}})
			}
		}
		s.Unlock()
	}
	return further
}

const sinceKey = countPrefix + "since"

// itself returns what tells this Redis from one that has forgotten all it knew. Whoever asks it first gives it that.
func (r *Redis) itself(ctx context.Context) (string, error) {
	var since *redis.StringCmd
	_, err := r.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.SetNX(ctx, sinceKey, strconv.FormatInt(int64(NewUse()), 10), 0)
		since = p.Get(ctx, sinceKey)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("limit: %w", err)
	}
	return since.Val(), nil
}

// tell adds uses that were counted elsewhere, whether or not Redis would have allowed them, and removes those given back.
func (r *Redis) tell(ctx context.Context, all []counted) error {
	_, err := r.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for _, c := range all {
			left := time.Until(c.until)
			if left <= 0 {
				continue
			}
			for _, u := range c.own {
				p.SAdd(ctx, countPrefix+c.key, int64(u))
			}
			for _, u := range c.owed {
				p.SRem(ctx, countPrefix+c.key, int64(u))
			}
			p.PExpire(ctx, countPrefix+c.key, left+time.Millisecond)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("limit: %w", err)
	}
	return nil
}
