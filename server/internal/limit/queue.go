package limit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Slack is the difference in the ways of two calls to the upstream that the queue allows for. Calls are let go so far
// apart that the upstream counts at most its QPS in any second, even where one call's way takes Slack longer than the
// next one's.
const Slack = 100 * time.Millisecond

// catchUp is how late a timer may fire without slowing the queue down; far less than Slack, of which it takes a part.
const catchUp = 5 * time.Millisecond

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
type Queue struct {
	limiter  Limiter
	interval time.Duration
	maxWait  time.Duration
	observer QueueObserver

	mu      sync.Mutex
	key     string
	waiting []*Turn     // in the order of joining
	places  []time.Time // sorted; never fewer than waiting
	next    time.Time   // no turn before this: interval after the last one here, whatever the limiter says
	timer   *time.Timer
}

// Turn is a call's place in the queue.
type Turn struct {
	queue *Queue
	since time.Time
	ready bool          // Wait was called
	come  chan struct{} // closed when the turn has come
}

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

func (q *Queue) currentKey() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.key
}

// Join takes a place. The error is *Refused when the turn would come after latest, or after the queue's longest wait;
// any other is the limiter's.
func (q *Queue) Join(ctx context.Context, latest time.Time) (*Turn, error) {
	if t, ok := q.takeSpare(latest); ok {
		return t, nil
	}
	patience := min(time.Until(latest), q.maxWait)
	if patience < 0 {
		return nil, q.refuse(0)
	}
	// The limiter's burst is how many places ahead may be taken. A call that is given up while it asks has taken its
	// place all the same: the context's end doesn't reach the limiter, so that the place is known here.
	d, err := q.limiter.Take(context.WithoutCancel(ctx), q.currentKey(), Rate{q.interval, int(patience/q.interval) + 1})
	switch {
	case err != nil:
		return nil, err
	case !d.Allowed:
		return nil, q.refuse(d.RetryAfter)
	}
	return q.place(time.Now().Add(d.Wait), latest)
}

// takeSpare takes a place that another call gave up, if its time hasn't passed.
func (q *Queue) takeSpare(latest time.Time) (*Turn, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	stale := time.Now().Add(-Slack)
	for len(q.places) > len(q.waiting) && q.places[0].Before(stale) {
		q.places = q.places[1:]
	}
	if len(q.places) == len(q.waiting) || q.places[len(q.waiting)].After(latest) {
		return nil, false
	}
	return q.enter(), true
}

// place enters with a new place, or refuses where the turns here lag behind the schedule too far.
func (q *Queue) place(at, latest time.Time) (*Turn, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	i, _ := slices.BinarySearchFunc(q.places, at, time.Time.Compare)
	q.places = slices.Insert(q.places, i, at)
	if mine := q.next.Add(time.Duration(len(q.waiting)) * q.interval); mine.After(latest) {
		q.observer.Refused(mine.Sub(latest))
		return nil, &Refused{mine.Sub(latest)}
	}
	return q.enter(), nil
}

func (q *Queue) enter() *Turn {
	t := &Turn{queue: q, since: time.Now(), come: make(chan struct{})}
	q.waiting = append(q.waiting, t)
	q.observer.Waiting(len(q.waiting))
	return t
}

func (q *Queue) refuse(retry time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.observer.Refused(retry)
	return &Refused{retry}
}

func (q *Queue) advance() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.letGo()
}

// letGo gives every turn that is due to a call that is ready, and sets the timer for the next.
func (q *Queue) letGo() {
	now := time.Now()
	for {
		i := slices.IndexFunc(q.waiting, func(t *Turn) bool { return t.ready })
		if i < 0 {
			return
		}
		due := q.places[0]
		if due.Before(q.next) {
			due = q.next
		}
		if due.After(now) {
			q.timer.Reset(due.Sub(now))
			return
		}
		if late := now.Add(-catchUp); due.Before(late) {
			due = late
		}
		q.next = due.Add(q.interval)
		first := q.waiting[i]
		q.waiting, q.places = slices.Delete(q.waiting, i, i+1), slices.Delete(q.places, 0, 1)
		q.observer.Waiting(len(q.waiting))
		q.observer.Waited(now.Sub(first.since))
		close(first.come)
	}
}

// Wait returns when the turn has come, or gives the place up when the context ends first and returns its error. It is
// called when nothing else keeps the call from going, and may be called again.
func (t *Turn) Wait(ctx context.Context) error {
	t.getReady()
	select {
	case <-t.come:
		return nil
	case <-ctx.Done():
		t.Leave()
		return context.Cause(ctx)
	}
}

func (t *Turn) getReady() {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	t.ready = true
	t.queue.letGo()
}

// Leave gives the place up, unless its turn has come.
func (t *Turn) Leave() {
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiting, t); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.observer.Waiting(len(q.waiting))
	}
}

type unobserved struct{}

func (unobserved) Waiting(int)           {}
func (unobserved) Waited(time.Duration)  {}
func (unobserved) Refused(time.Duration) {}
