package limit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"ocrbankcard/server/internal/setting"
)

// Redis is a Store that replicas share. Its clock is the Redis server's.
type Redis struct {
	client *redis.Client
	rates  *redis_rate.Limiter
	since  atomic.Pointer[string] // what it said of itself when it was last told all uses; nil before the first use
}

// A call for a limit stands before every scan: Redis answers within these times or counts as away. Waiting for one of
// the redisConns connections is no fault of Redis', so that has time until others' calls would have shown one.
const (
	redisDial  = time.Second
	redisCall  = time.Second
	redisTurn  = 3 * time.Second
	redisConns = 64
)

// quietRedis silences go-redis' own log: Failover tells of an outage, once.
var quietRedis = sync.OnceFunc(func() { redis.SetLogger(silence{}) })

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

// NewRedis returns a store at a URL like redis://user:password@host:6379/0 (rediss:// for TLS). It doesn't connect
// yet. The error never repeats the URL, which may hold a password.
func NewRedis(url string) (*Redis, error) {
	quietRedis()
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, setting.Invalid("REDIS_URL", "redis://host:6379/0")
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = redisDial, redisCall, redisCall
	o.PoolSize, o.PoolTimeout = redisConns, redisTurn
	o.MaxRetries, o.DialerRetries = 1, 1
	o.MinRetryBackoff, o.MaxRetryBackoff = time.Millisecond, 10*time.Millisecond
	o.ContextTimeoutEnabled = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	client := redis.NewClient(o)
	return &Redis{client: client, rates: redis_rate.NewLimiter(client)}, nil
}

// Close closes the connections.
func (r *Redis) Close() error { return r.client.Close() }

// Try asks whether Redis keeps limits. One that is full, follows another or grants too little answers a ping all the same.
func (r *Redis) Try(ctx context.Context) error {
	_, err := r.Take(ctx, "try", Per(1000, time.Second))
	return err
}

// Take decides by GCRA in Redis. redis_rate tells when the state will be as new; the place taken begins one interval
// before that.
func (r *Redis) Take(ctx context.Context, key string, rate Rate) (Decision, error) {
	res, err := r.allow(ctx, key, rate)
	if most := max(farthest, time.Duration(rate.Burst)*rate.Interval) + rate.Interval; err == nil && res.ResetAfter > most {
		if err = forget.Run(ctx, r.client, []string{ratePrefix + key}, most.Milliseconds()).Err(); err == nil {
			res, err = r.allow(ctx, key, rate)
		}
	}
	if err != nil {
		return Decision{}, fmt.Errorf("limit: %w", err)
	}
	if res.Allowed == 0 {
		return Decision{RetryAfter: res.RetryAfter}, nil
	}
	return Decision{Allowed: true, Wait: max(0, res.ResetAfter-rate.Interval)}, nil
}

func (r *Redis) allow(ctx context.Context, key string, rate Rate) (*redis_rate.Result, error) {
	return r.rates.Allow(ctx, key, redis_rate.Limit{Rate: 1, Period: rate.Interval, Burst: rate.Burst})
}

// farthest is how far ahead places are taken at most: no caller waits for so long, and limits on callers count a minute. A
// schedule that lies farther ahead was made before Redis' clock went back, or by one whose clock was ahead, and would let nobody in
// until then.
const farthest = 5 * time.Minute

const ratePrefix = "rate:" // redis_rate's

// forget deletes such a schedule, once: what another replica has begun anew meanwhile ends soon.
var forget = redis.NewScript(`
if redis.call("PTTL", KEYS[1]) > tonumber(ARGV[1]) then return redis.call("DEL", KEYS[1]) end
return 0
`)

const countPrefix = "uses:"

// useOne adds to the set of a key's uses: of a Redis that is slow to answer, go-redis asks the same again, and both are done in the
// end. It answers with the uses so far, this one included, -1 when none was left, or -2 when it has forgotten them: one that was
// emptied, or is back before anyone saw it away.
var useOne = redis.NewScript(`
if redis.call("GET", KEYS[2]) ~= ARGV[4] then return -2 end
local used = redis.call("SCARD", KEYS[1])
if redis.call("SISMEMBER", KEYS[1], ARGV[3]) == 1 then return used end
if used >= tonumber(ARGV[1]) then return -1 end
redis.call("SADD", KEYS[1], ARGV[3])
if used == 0 then redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return used + 1
`)

var errForgot = errors.New("limit: Redis has forgotten what was counted")

// Use counts one use in Redis, atomically. Redis is told how long the count lasts, and not until when: by a clock ahead of ours,
// that might be over. One that has forgotten what was counted is to be told first.
func (r *Redis) Use(ctx context.Context, key string, u Use, max int, until time.Time) (Usage, error) {
	left := time.Until(until)
	if left <= 0 {
		return Usage{}, nil
	}
	if r.since.Load() == nil {
		since, err := r.itself(ctx)
		if err != nil {
			return Usage{}, err
		}
		r.since.CompareAndSwap(nil, &since)
	}
	used, err := useOne.Run(ctx, r.client, []string{countPrefix + key, sinceKey}, max, left.Milliseconds()+1, int64(u), *r.since.Load()).Int()
	switch {
	case err != nil:
		return Usage{}, fmt.Errorf("limit: %w", err)
	case used == -2:
		return Usage{}, errForgot
	case used < 0:
		return Usage{}, nil
	}
	return Usage{Allowed: true, Left: max - used}, nil
}

// GiveBack undoes a use in Redis.
func (r *Redis) GiveBack(ctx context.Context, key string, u Use) error {
	if err := r.client.SRem(ctx, countPrefix+key, int64(u)).Err(); err != nil {
		return fmt.Errorf("limit: %w", err)
	}
	return nil
}
