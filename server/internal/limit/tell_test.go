package limit

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"ocrbankcard/server/internal/limit/limittest"
)

// replica is a process that shares a Redis, and tells of its outages.
type replica struct {
	*Failover
	away chan bool
}

func newReplica(t *testing.T, server *limittest.Redis) replica {
	t.Helper()
	r, err := NewRedis(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	away := make(chan bool, 10)
	f := replica{NewFailover(r, slog.New(slog.DiscardHandler), func(b bool) { away <- b }), away}
	t.Cleanup(func() { f.Close() })
	return f
}

// use uses a session of max scans.
func (r replica) use(t *testing.T, ctx context.Context, max int, want bool) (u Use) {
	t.Helper()
	u = NewUse()
	if answer, err := r.Use(ctx, "session", u, max, time.Now().Add(time.Hour)); err != nil || answer.Allowed != want {
		t.Errorf("%+v, %v, want %v", answer, err, want)
	}
	return u
}

// outage waits for an outage to begin and to end.
func (r replica) outage(t *testing.T) {
	t.Helper()
	for _, want := range []bool{true, false} {
		select {
		case away := <-r.away:
			if away != want {
				t.Fatalf("away %v, want %v", away, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("away %v is not told", want)
		}
	}
}

// TestARedisThatComesBackIsToldAllUses: those from before the outage, which an empty one has lost, and those of the outage, by each
// replica. All of them count once.
func TestARedisThatComesBackIsToldAllUses(t *testing.T) {
	server := limittest.StartRedis(t)
	replicas := []replica{newReplica(t, server), newReplica(t, server)}
	use := func(i int, want Usage) {
		t.Helper()
		if u, err := replicas[i].Use(t.Context(), "session", NewUse(), 6, time.Now().Add(time.Hour)); err != nil || u != want {
			t.Errorf("%+v, %v, want %+v", u, err, want)
		}
	}
	outage := func(meanwhile ...Usage) {
		t.Helper()
		server.Kill(t)
		for i, want := range meanwhile {
			use(i, want)
		}
		server.Start(t) // empty
		for _, r := range replicas {
			r.outage(t)
		}
	}
	use(0, Usage{Allowed: true, Left: 5})
	use(1, Usage{Allowed: true, Left: 4})
	outage(Usage{Allowed: true, Left: 4}, Usage{Allowed: true, Left: 3}) // by what each of them knows
	use(0, Usage{Allowed: true, Left: 1})
	use(0, Usage{Allowed: true})
	use(1, Usage{})
	outage(Usage{}, Usage{})
	use(0, Usage{})
	use(1, Usage{})
}

// TestARedisThatForgetsIsTold: one that was emptied, or is there again before anyone asked it, answers as ever. Each replica finds that
// out at its next use.
func TestARedisThatForgetsIsTold(t *testing.T) {
	server := limittest.StartRedis(t)
	replicas := []replica{newReplica(t, server), newReplica(t, server)}
	use := func(want bool) {
		for _, r := range replicas {
			r.use(t, t.Context(), 6, want)
		}
	}
	use(true)
	for _, forget := range []func(){
		func() { server.Kill(t); server.Start(t) },
		func() {
			if err := replicas[0].redis.client.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		forget()
		use(true)
		for _, r := range replicas {
			r.outage(t)
		}
	}
	use(false)
}

// TestAScanGivenBackInAnOutageComesBack: one that Redis has counted before, or while it was too slow to say so.
func TestAScanGivenBackInAnOutageComesBack(t *testing.T) {
	server := limittest.StartRedis(t)
	one, other := newReplica(t, server), newReplica(t, server)
	before := one.use(t, t.Context(), 2, true)
	goOn := server.Stall(t)
	defer goOn()
	meanwhile := one.use(t, t.Context(), 2, true)
	if !<-one.away {
		t.Fatal("no outage")
	}
	for _, u := range []Use{before, meanwhile} {
		if err := one.GiveBack(t.Context(), "session", u); err != nil {
			t.Error(err)
		}
	}
	goOn()
	if <-one.away {
		t.Fatal("another outage")
	}
	for _, want := range []bool{true, true, false} {
		other.use(t, t.Context(), 2, want)
	}
}

// TestAUseWhoseCallIsOverIsGivenBack: Redis counts it though it is too slow to say so in the call's time.
func TestAUseWhoseCallIsOverIsGivenBack(t *testing.T) {
	server := limittest.StartRedis(t)
	one, other := newReplica(t, server), newReplica(t, server)
	if err := one.GiveBack(t.Context(), "session", one.use(t, t.Context(), 1, true)); err != nil { // it is connected, and the script known
		t.Fatal(err)
	}
	goOn := server.Stall(t)
	defer goOn()
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if err := one.GiveBack(t.Context(), "session", one.use(t, ctx, 1, true)); err != nil {
		t.Fatal(err)
	}
	goOn()
	one.outage(t)
	other.use(t, t.Context(), 1, true)
}

// TestAScanGivenBackWhileRedisIsToldComesBack: Redis may have heard of that before it heard of the use.
func TestAScanGivenBackWhileRedisIsToldComesBack(t *testing.T) {
	m, u := NewMemory(), NewUse()
	if _, err := m.Use(t.Context(), "session", u, 1, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	told := m.counted(m.keys(false))
	if err := m.GiveBack(t.Context(), "session", u); err != nil {
		t.Fatal(err)
	}
	further := m.settle(told)
	if len(further) != 1 || len(further[0].own) != 0 || len(further[0].owed) != 1 || further[0].owed[0] != u {
		t.Errorf("told %+v, then %+v", told, further)
	}
	if further = m.settle(further); len(further) != 0 || len(m.counted(m.keys(false))) != 0 {
		t.Errorf("in the end %+v", further)
	}
}

// TestTheEndOfAnOutageMayBeTheServers: what it has counted, it tells when it ends.
func TestTheEndOfAnOutageMayBeTheServers(t *testing.T) {
	server := limittest.StartRedis(t)
	one, other := newReplica(t, server), newReplica(t, server)
	server.Kill(t)
	one.use(t, t.Context(), 1, true)
	server.Start(t)
	if err := one.Close(); err != nil {
		t.Error(err)
	}
	other.use(t, t.Context(), 1, false)
}
