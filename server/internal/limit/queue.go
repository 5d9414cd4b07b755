package limit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Slack is by how much calls may be shifted against each other on their way from the schedule to the upstream, without
// its counting more than its QPS in any second: the schedule's places lie so far apart that QPS and one of them take a
// second and Slack. A part of it is for what this process is late, lateness; the rest for the network.
const (
	Slack    = 100 * time.Millisecond
	lateness = 50 * time.Millisecond
)

// QueueConfig configures a Queue.
type QueueConfig struct {
	Limiter  Limiter       // shared by all replicas that call with the same key, best
	Key      string        // of the limiter
	QPS      float64       // that the upstream grants; over 0
	MaxWait  time.Duration // longest wait for a turn; bounds the queue to QPS·MaxWait calls; 6 s when 0
	Observer QueueObserver // may be nil
}

// QueueObserver is told what happens in a queue. Its methods are called with the queue locked: they must be quick.
type QueueObserver interface {
	Waiting(calls int)           // the queue's length changed
	Waited(d time.Duration)      // a call got its turn
	Refused(retry time.Duration) // the queue was full, or the call's deadline too close
	Missed()                     // a place couldn't be used in its time: this process was late, or the limiter slow
}

// Refused is returned to a call that can't have its turn in time.
type Refused struct{ RetryAfter time.Duration }

func (r *Refused) Error() string {
	return fmt.Sprintf("limit: the queue is full for %v", r.RetryAfter.Round(time.Millisecond))
}

// Queue gives calls their turns under an upstream's QPS, first come, first served. A call that joins takes a place in
// the limiter's schedule, so all replicas wait in one line, know at once when their turns will be, and ask once. A
// place goes to the first call of this process that is ready for it: to the one that took it, unless that has given up
// or is still connecting.
//
// A place can be used for as long as lateness after it begins, and no longer: a process that wasn't let run when the turn
// came would else send together what was to be sent one after the other. The call then keeps its rank here, and another
// place is asked for.
type Queue struct {
	limiter  Limiter
	interval time.Duration
	maxWait  time.Duration
	observer QueueObserver

	mu        sync.Mutex
	key       string
	waiting   []*Turn   // in the order of joining
	places    []place   // sorted by from; no fewer than those waiting and ready, unless refilling
	next      time.Time // no turn before this: interval after the last one here, whatever the limiter says
	timer     *time.Timer
	refilling bool // a goroutine asks for the places that are lacking
	asked     delays
	late      int       // places that were over when they were known here, one after the other
	lateSince time.Time // when the first of them was known
}

// place is a moment in the limiter's schedule, as exactly as it is known here.
type place struct{ from, until time.Time }

// NewQueue returns an empty queue.
func NewQueue(c QueueConfig) (*Queue, error) {
	if c.QPS <= 0 || c.QPS > 1e6 || c.Limiter == nil {
		return nil, fmt.Errorf("FACEPP_QPS is %v: want a number over 0, up to a million", c.QPS)
	}
	if c.MaxWait == 0 {
		c.MaxWait = 6 * time.Second
	}
	q := &Queue{limiter: c.Limiter, key: c.Key, maxWait: c.MaxWait, observer: c.Observer}
	q.interval = time.Duration(float64(time.Second+Slack) / c.QPS)
	if q.observer == nil {
		q.observer = unobserved{}
	}
	q.timer = time.AfterFunc(time.Hour, q.advance)
	return q, nil
}

// SetKey changes the limiter's key for the calls that join from now on. Places taken under the old one stay.
func (q *Queue) SetKey(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.key = key
}

// Join takes a place. The error is *Refused when the turn would come after latest, or after the queue's longest wait;
// any other is the limiter's.
func (q *Queue) Join(ctx context.Context, latest time.Time) (*Turn, error) {
	if t, ok := q.takeSpare(latest); ok {
		return t, nil
	}
	soon := latest
	if end := time.Now().Add(q.maxWait); end.Before(soon) {
		soon = end
	}
	p, err := q.ask(ctx, soon)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil {
		return nil, q.refused(err)
	}
	q.insert(p)
	return q.enter(latest), nil
}

// takeSpare takes a place that another call gave up, if its time hasn't passed.
func (q *Queue) takeSpare(latest time.Time) (*Turn, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropMissed(time.Now())
	if len(q.places) <= len(q.waiting) || q.places[len(q.waiting)].from.After(latest) {
		return nil, false
	}
	return q.enter(latest), true
}

func (q *Queue) enter(latest time.Time) *Turn {
	t := &Turn{queue: q, since: time.Now(), latest: latest, come: make(chan turnCome, 1)}
	q.waiting = append(q.waiting, t)
	q.observer.Waiting(len(q.waiting))
	return t
}

func (q *Queue) insert(p place) {
	i, _ := slices.BinarySearchFunc(q.places, p.from, func(p place, t time.Time) int { return p.from.Compare(t) })
	q.places = slices.Insert(q.places, i, p)
}

// refused passes an error on, and tells the observer of a refusal.
func (q *Queue) refused(err error) error {
	if r, ok := err.(*Refused); ok {
		q.observer.Refused(r.RetryAfter)
	}
	return err
}

// ask takes a place that begins before latest from the limiter.
//
// A call that is given up while it asks has taken its place all the same: the context's end doesn't reach the limiter,
// so that the place is known here.
func (q *Queue) ask(ctx context.Context, latest time.Time) (place, error) {
	for {
		start := time.Now()
		patience := latest.Sub(start)
		if patience < 0 {
			return place{}, &Refused{}
		}
		// The limiter's burst is how many places ahead may be taken.
		d, err := q.limiter.Take(context.WithoutCancel(ctx), q.currentKey(), Rate{q.interval, int(patience/q.interval) + 1})
		end := time.Now()
		switch {
		case err != nil:
			return place{}, err
		case !d.Allowed:
			return place{}, &Refused{d.RetryAfter}
		}
		if p, ok := q.locate(start, end, d.Wait); ok {
			return p, nil
		}
		if l, ok := q.limiter.(slowLimiter); ok && q.hopeless(end) {
			l.TooSlow()
		}
	}
}

// slowLimiter can be told that nothing it grants comes in time to be used.
type slowLimiter interface{ TooSlow() }

// A limiter is too slow when so many places one after the other, over so long, were over when they were known. What this
// process held up itself, because its machine was busy, comes all at once, and others after it.
const (
	hopelessAfter = 5
	hopelessFor   = 3 * time.Second
)

// hopeless counts a place that was over when it was known.
func (q *Queue) hopeless(known time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.late == 0 {
		q.lateSince = known
	}
	q.late++
	return q.late >= hopelessAfter && known.Sub(q.lateSince) >= hopelessFor
}

// locate tells where on this process' clock a place lies that was given out between two moments, wait after that. It may
// be used from the latest that it may begin until lateness after the earliest: that is never where asking took too long.
// The quickest answers of late took nothing but the way, which those between them take too; half of it each way.
func (q *Queue) locate(start, end time.Time, wait time.Duration) (p place, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	way := q.asked.note(end.Sub(start)) / 2
	p = place{end.Add(wait - way), start.Add(wait + way + lateness)}
	if p.until.Before(p.from) || p.until.Before(end) {
		q.observer.Missed()
		return p, false
	}
	q.late = 0
	return p, true
}

func (q *Queue) currentKey() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.key
}

// delays are how long the last answers of a limiter took.
type delays struct {
	last [32]time.Duration
	n    int
}

// note takes another into account, and returns the shortest of those before, 0 if there were none.
func (d *delays) note(took time.Duration) (shortest time.Duration) {
	if known := d.last[:min(d.n, len(d.last))]; len(known) > 0 {
		shortest = min(took, slices.Min(known))
	}
	d.last[d.n%len(d.last)] = took
	d.n++
	return shortest
}

type unobserved struct{}

func (unobserved) Waiting(int)           {}
func (unobserved) Waited(time.Duration)  {}
func (unobserved) Refused(time.Duration) {}
func (unobserved) Missed()               {}
