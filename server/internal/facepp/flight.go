package facepp

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"net/url"
	"sync"

	"ocrbankcard/internal/cardpp"
)

// flights lets calls of one endpoint for equal pictures share one call to it while it is under way; nothing is kept after.
// golang.org/x/sync/singleflight isn't used because here any caller may leave, the one who began the call too, without
// harm to the others, and what nobody waits for any more is given up.
type flights struct {
	seed maphash.Seed
	mu   sync.Mutex
	open map[uint64]*flight // by the hash of endpoint and picture
}

type flight struct {
	endpoint *url.URL
	file     []byte // the leader's, who made the call and stays until it has landed

	followers  int  // who wait for the leader's answer
	leaderGone bool // the leader's own context has ended

	cancel context.CancelFunc
	done   chan struct{} // closed when answer and err are set
	answer cardpp.Answer
	err    error
}

// flightCall asks the upstream. Its context ends with the budget, or when every caller has left; its error is an *Error.
type flightCall func(context.Context, *flight) (cardpp.Answer, error)

func newFlights() *flights {
	return &flights{seed: maphash.MakeSeed(), open: map[uint64]*flight{}}
}

// fly answers a picture by running call, or by waiting for the call that is under way for an equal one; shared tells
// which.
func (fs *flights) fly(ctx context.Context, endpoint *url.URL, file []byte, call flightCall) (a cardpp.Answer, err error, shared bool) {
	hash := fs.hash(endpoint, file)
	if f, ok := fs.join(hash, endpoint, file); ok {
		defer fs.leave(f)
		select {
		case <-f.done:
			return f.answer, f.err, true
		case <-ctx.Done():
			return a, contextError(ctx), false
		}
	}
	a, err = fs.lead(ctx, hash, endpoint, file, call)
	return a, err, false
}

// hash tells pictures apart well enough by their length and their last bytes: the bytes decide in the end.
func (fs *flights) hash(endpoint *url.URL, file []byte) uint64 {
	const enough = 4 << 10
	var h maphash.Hash
	h.SetSeed(fs.seed)
	maphash.WriteComparable(&h, endpoint)
	maphash.WriteComparable(&h, len(file))
	h.Write(file[max(0, len(file)-enough):])
	return h.Sum64()
}

// join enters a flight for the same bytes. The hash finds it, but all bytes are compared: whoever made up a collision
// would else be shown another's card.
func (fs *flights) join(hash uint64, endpoint *url.URL, file []byte) (*flight, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f, ok := fs.open[hash]
	if !ok || f.leaderGone && f.followers == 0 || f.endpoint != endpoint || !bytes.Equal(f.file, file) {
		return nil, false
	}
	f.followers++
	return f, true
}

// leave ends the flight that nobody is left to wait for.
func (fs *flights) leave(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f.followers--; f.followers == 0 && f.leaderGone {
		f.cancel()
	}
}

// lead makes the call. It stays for the followers when its own context is cancelled, but never beyond the deadline.
func (fs *flights) lead(ctx context.Context, hash uint64, endpoint *url.URL, file []byte, call flightCall) (cardpp.Answer, error) {
	f := &flight{endpoint: endpoint, file: file, done: make(chan struct{})}
	end, _ := ctx.Deadline() // of the leader's budget, at the latest
	all, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	f.cancel = cancel
	fs.mu.Lock()
	if _, taken := fs.open[hash]; !taken {
		fs.open[hash] = f
	}
	fs.mu.Unlock()
	unwatch := context.AfterFunc(ctx, func() {
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) { // then the call's own, no later, ends it: out of time, and not given up
			fs.leaderLeaves(f)
		}
	})
	f.err = newError(Internal, errors.New("the call panicked")) // unless it returns
	defer func() {
		unwatch()
		fs.land(hash, f)
	}()
	f.answer, f.err = call(all, f)
	return f.answer, f.err
}

func (fs *flights) leaderLeaves(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f.leaderGone = true; f.followers == 0 {
		f.cancel()
	}
}

// land lets nobody join any more, and tells those who have.
func (fs *flights) land(hash uint64, f *flight) {
	fs.mu.Lock()
	if fs.open[hash] == f {
		delete(fs.open, hash)
	}
	fs.mu.Unlock()
	close(f.done)
	f.cancel()
}
