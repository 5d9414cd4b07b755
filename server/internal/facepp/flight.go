package facepp

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"ocrbankcard/internal/cardpp"
)

// flights lets calls for equal pictures share one call to the upstream while it is under way; nothing is kept after.
// golang.org/x/sync/singleflight isn't used because here any caller may leave, the first one too, without harm to the
// others, and takes its picture's memory with it.
type flights struct {
	seed maphash.Seed
	mu   sync.Mutex
	open map[uint64]*flight // by the picture's hash
}

type flight struct {
	picture *lent
	size    int
	kind    int // of picture
	began   time.Time
	members []*member // whose bytes are equal; the picture lent is the first one's
	cancel  context.CancelCauseFunc
	done    chan struct{} // closed when answer and err are set
	answer  cardpp.Answer
	err     error
}

type member struct{ file []byte }

func newFlights() *flights {
	return &flights{seed: maphash.MakeSeed(), open: map[uint64]*flight{}}
}

// fly answers a picture by running call, or by waiting for the call that is under way for an equal one; shared tells
// which. call's context ends with the budget, or when every caller has left; its error is an *Error.
func (fs *flights) fly(ctx context.Context, file []byte, budget time.Duration, call func(context.Context, *flight) (cardpp.Answer, error)) (a cardpp.Answer, err error, shared bool) {
	hash, me := fs.hash(file), &member{file}
	f, shared := fs.join(hash, me)
	if !shared {
		f = fs.begin(ctx, hash, me, budget, call)
	}
	defer fs.leave(f, me)
	select {
	case <-f.done:
		return f.answer, f.err, shared
	case <-ctx.Done():
		return cardpp.Answer{}, contextError(ctx), false
	}
}

// hash tells pictures apart well enough by their length and their last bytes: the bytes decide in the end.
func (fs *flights) hash(file []byte) uint64 {
	const enough = 4 << 10
	var h maphash.Hash
	h.SetSeed(fs.seed)
	maphash.WriteComparable(&h, len(file))
	h.Write(file[max(0, len(file)-enough):])
	return h.Sum64()
}

// join enters a flight for the same bytes. The hash finds it, but all bytes are compared: whoever made up a collision
// would else be shown another's card.
func (fs *flights) join(hash uint64, me *member) (*flight, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f, ok := fs.open[hash]
	if !ok || len(f.members) == 0 || !bytes.Equal(f.members[0].file, me.file) {
		return nil, false
	}
	f.members = append(f.members, me)
	return f, true
}

func (fs *flights) begin(ctx context.Context, hash uint64, me *member, budget time.Duration, call func(context.Context, *flight) (cardpp.Answer, error)) *flight {
	f := &flight{picture: &lent{bytes: me.file}, size: len(me.file), kind: pictureType(me.file), began: time.Now(),
		members: []*member{me}, done: make(chan struct{})}
	end := f.began.Add(budget)
	if own, ok := ctx.Deadline(); ok && own.Before(end) {
		end = own
	}
	ctx, stop := context.WithDeadline(context.WithoutCancel(ctx), end)
	ctx, f.cancel = context.WithCancelCause(ctx)
	fs.mu.Lock()
	if _, taken := fs.open[hash]; !taken {
		fs.open[hash] = f
	}
	fs.mu.Unlock()
	go func() {
		defer stop()
		f.answer, f.err = call(ctx, f)
		fs.land(hash, f)
		close(f.done)
	}()
	return f
}

func (fs *flights) land(hash uint64, f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.open[hash] == f {
		delete(fs.open, hash)
	}
}

// leave takes a member's memory out of the flight, and ends the flight that nobody is left to wait for.
func (fs *flights) leave(f *flight, me *member) {
	fs.mu.Lock()
	i := slices.Index(f.members, me)
	f.members = slices.Delete(f.members, i, i+1)
	last := len(f.members) == 0
	fs.mu.Unlock()
	if last {
		f.cancel(context.Canceled) // first, as it ends a write that holds the picture
	}
	if last || i == 0 {
		f.picture.exchange(func() []byte { return fs.lender(f) })
	}
}

// lender returns the bytes of the first who still waits, nil when there is none.
func (fs *flights) lender(f *flight) []byte {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if len(f.members) == 0 {
		return nil
	}
	return f.members[0].file
}
