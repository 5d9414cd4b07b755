package gateway

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A crowd bounds how many calls are begun at once. When hundreds come together, working on all of them side by side makes
// none faster, and has all their pictures in memory at the same time; let in by few, most are done before the next begin,
// whose bytes wait in the system's buffers meanwhile. A call counts only for its first moments, and for a few more once it is
// received: whoever sends slowly, or waits for the upstream or the engine, holds nobody up for longer. So the line moves on by
// at least most calls each time that receiving passes, 800 a second and core, however slow all of them are.
type crowd struct {
	most int

	mu      sync.Mutex
	in      []*visit
	waiting []*visit // first come, first in
	timer   *time.Timer
	armed   bool
}

const (
	receiving = 10 * time.Millisecond
	received  = 2 * time.Millisecond
)

// visit is one call's.
type visit struct {
	crowd *crowd
	until time.Time     // it counts
	come  chan struct{} // closed when it may begin
}

func newCrowd(most int) *crowd {
	c := &crowd{most: most}
	c.timer = time.AfterFunc(time.Hour, c.look)
	return c
}

// enter waits until a call may begin. The visit's end must be called once, after an error too.
func (c *crowd) enter(ctx context.Context) (*visit, error) {
	v := &visit{crowd: c}
	if c.begin(v) {
		return v, nil
	}
	select {
	case <-v.come:
		return v, nil
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}

// begin lets a call in at once, or puts it in the line.
func (c *crowd) begin(v *visit) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.admit(now)
	if len(c.in) < c.most {
		v.until = now.Add(receiving)
		c.in = append(c.in, v)
		return true
	}
	v.come = make(chan struct{})
	c.waiting = append(c.waiting, v)
	c.arm()
	return false
}

// received tells that the call has come in whole.
func (v *visit) received() {
	v.crowd.mu.Lock()
	defer v.crowd.mu.Unlock()
	v.until = time.Now().Add(received)
}

func (v *visit) end() {
	c := v.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.in, v); i >= 0 {
		c.in = slices.Delete(c.in, i, i+1)
	} else if i := slices.Index(c.waiting, v); i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
	c.admit(time.Now())
}

func (c *crowd) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.armed = false
	c.admit(now)
	c.arm()
}

// admit lets in who waits, in the place of those who no longer count.
func (c *crowd) admit(now time.Time) {
	if len(c.in) >= c.most {
		c.in = slices.DeleteFunc(c.in, func(v *visit) bool { return !v.until.After(now) })
	}
	n := min(len(c.waiting), c.most-len(c.in))
	for _, v := range c.waiting[:n] {
		v.until = now.Add(receiving)
		c.in = append(c.in, v)
		close(v.come)
	}
	c.waiting = slices.Delete(c.waiting, 0, n)
}

// arm has the timer run while any wait. It comes often enough for those received, and not once for each.
func (c *crowd) arm() {
	if len(c.waiting) > 0 && !c.armed {
		c.armed = true
		c.timer.Reset(received)
	}
}
