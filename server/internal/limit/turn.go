package limit

import (
	"context"
	"slices"
	"time"
)

// Turn is a call's place in the queue.
type Turn struct {
	queue  *Queue
	since  time.Time
	latest time.Time     // that the turn may come
	ready  bool          // Wait was called
	come   chan turnCome // holds one: the queue never waits for a turn
	place  place         // that is the turn's, once it has come
}

// turnCome tells a turn that it has come, or why it never will.
type turnCome struct {
	place place
	err   error
}

// Wait returns when the turn has come: the call is to go at once. It gives the place up when the context ends first, and
// returns the context's cause; the error is *Refused where a place was missed and none can be had in time. It is called
// when nothing else keeps the call from going, and may be called again, which waits only if the turn has passed.
func (t *Turn) Wait(ctx context.Context) error {
	for t.getReady() {
		select {
		case c := <-t.come:
			if c.err != nil {
				return c.err
			}
			t.take(c.place)
		case <-ctx.Done():
			t.Leave()
			return context.Cause(ctx)
		}
	}
	return nil
}

func (t *Turn) take(p place) {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	t.place = p
}

// getReady reports whether there is anything to wait for. A turn whose place was missed joins the queue again, at its head.
func (t *Turn) getReady() (wait bool) {
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if had := t.place; !had.until.IsZero() {
		if !now.After(had.until) {
			q.observer.Waited(now.Sub(t.since))
			return false
		}
		t.place = place{}
		q.observer.Missed()
		q.waiting = slices.Insert(q.waiting, 0, t)
		q.observer.Waiting(len(q.waiting))
	}
	t.ready = true
	q.letGo(now)
	return true
}

// Leave gives the place up, unless its turn has come.
func (t *Turn) Leave() {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	t.queue.remove(t)
}

func (q *Queue) remove(t *Turn) (was bool) {
	i := slices.Index(q.waiting, t)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	q.observer.Waiting(len(q.waiting))
	return true
}

func (q *Queue) advance() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.letGo(time.Now())
}

// letGo gives every turn that is due to a call that is ready, sets the timer for the next, and has places asked for where
// they are lacking.
func (q *Queue) letGo(now time.Time) {
	q.dropMissed(now)
	q.refuseLate(now)
	for len(q.places) > 0 {
		i := slices.IndexFunc(q.waiting, func(t *Turn) bool { return t.ready })
		if i < 0 {
			return
		}
		due := q.places[0].from
		if due.Before(q.next) {
			due = q.next
		}
		if due.After(now) {
			q.timer.Reset(due.Sub(now))
			break
		}
		q.next = due.Add(q.interval)
		first := q.waiting[i]
		first.come <- turnCome{place: q.places[0]}
		q.places = q.places[1:]
		q.remove(first)
		q.dropMissed(now)
	}
	if !q.refilling && q.lacking() != nil {
		q.refilling = true
		go q.refill()
	}
}

// dropMissed drops the places whose time has passed, or will have before the next turn may be.
func (q *Queue) dropMissed(now time.Time) {
	for len(q.places) > 0 && (q.places[0].until.Before(now) || q.places[0].until.Before(q.next)) {
		if len(q.waiting) >= len(q.places) {
			q.observer.Missed()
		}
		q.places = q.places[1:]
	}
}

// refuseLate refuses those whose turns, in the order of their ranks, would come too late: their own places were missed, and
// by then others had taken all that can be used. What they leave goes to those behind them. A place may begin a little after
// the latest that was asked for, as asking takes time.
func (q *Queue) refuseLate(now time.Time) {
	for i, taken := 0, 0; i < len(q.waiting) && taken < len(q.places); {
		t, from := q.waiting[i], q.places[taken].from
		switch {
		case !t.ready:
			i++
		case from.After(t.latest.Add(Slack)):
			q.remove(t)
			t.come <- turnCome{err: q.refused(&Refused{from.Sub(now)})}
		default:
			i, taken = i+1, taken+1
		}
	}
}

// lacking returns the last of those who are ready, if there are fewer places than them. Others get one when they are.
func (q *Queue) lacking() *Turn {
	var last *Turn
	ready := 0
	for _, t := range q.waiting {
		if t.ready {
			last = t
			ready++
		}
	}
	if ready <= len(q.places) {
		return nil
	}
	return last
}

// refill asks for places until none is lacking. Where one can't be had in time, it is the last in the queue who is
// refused.
func (q *Queue) refill() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		t := q.lacking()
		if t == nil {
			q.refilling = false
			return
		}
		q.mu.Unlock()
		p, err := q.ask(context.Background(), t.latest)
		q.mu.Lock()
		switch {
		case err == nil:
			q.insert(p)
		case q.remove(t):
			t.come <- turnCome{err: q.refused(err)}
		}
		q.letGo(time.Now())
	}
}
