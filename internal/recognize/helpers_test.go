//go:build !wasm

package recognize

import (
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/neural"
	"ocrbankcard/internal/recognize/weights"
)

// onCores lets the test use so many cores, whatever the machine has.
func onCores(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// Every piece is done once, by as many at a time as there are cores, up to a bound, each in memory of its own. The pieces
// wait until all who may come are there.
func TestEachPieceIsDoneOnceInMemoryOfItsOwn(t *testing.T) {
	const pieces = 6
	for cores, want := range map[int]int{1: 1, 2: 2, 4: 4, 64: 1 + mostHelpers} {
		t.Run(strconv.Itoa(cores), func(t *testing.T) {
			onCores(t, cores)
			r := begun(t, picture(t, "blank.jpg"))
			var lock sync.Mutex
			users, done := map[*neural.Arena]bool{}, map[int]int{}
			together := make(chan bool)
			r.each(pieces, func(a *neural.Arena, i int) error {
				lock.Lock()
				if done[i]++; len(done) == want {
					close(together)
				}
				users[a] = true
				lock.Unlock()
				select {
				case <-together:
				case <-time.After(20 * time.Second): // too few have come: counted below
				}
				return nil
			})
			if len(done) != pieces || len(users) != want || !users[&r.arena] {
				t.Errorf("pieces %v are done in %d arenas, want %d", done, len(users), want)
			}
			for i, n := range done {
				if n != 1 {
					t.Errorf("piece %d is done %d times", i, n)
				}
			}
		})
	}
}

// When as many calls are at work as there are cores, each does its own work. A traced one always does.
func TestNobodyHelpsWhereNoCoreIsIdle(t *testing.T) {
	onCores(t, 2)
	alone := func(what string, r *run, want int) {
		users := map[*neural.Arena]bool{}
		var lock sync.Mutex
		r.each(50, func(a *neural.Arena, _ int) error {
			lock.Lock()
			defer lock.Unlock()
			users[a] = true
			runtime.Gosched()
			return nil
		})
		if len(users) > want {
			t.Errorf("%s: %d are at work", what, len(users))
		}
	}
	r := begun(t, picture(t, "blank.jpg"))
	r.trace = &Trace{}
	alone("traced", r, 1)
	r.trace = nil
	other := begun(t, picture(t, "blank.jpg"))
	alone("two calls", other, 1)
	if n := busy.Load(); n != 2 {
		t.Errorf("%d are counted for two calls", n)
	}
}

// The engine answers the same on any number of cores: of a plain card, of a small one, and of one without a number, which is swept.
func TestCoresDoNotChangeTheAnswer(t *testing.T) {
	e, err := New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*frame.Frame{picture(t, "embossed16.jpg"), cornered(picture(t, "flat16.jpg")), picture(t, "blank.jpg")} {
		var first []Card
		for _, cores := range []int{1, 4} {
			onCores(t, cores)
			cards, err := e.Read(f)
			if err != nil {
				t.Fatal(err)
			}
			if cores == 1 {
				first = cards
			} else if !reflect.DeepEqual(cards, first) {
				t.Errorf("on %d cores %+v, on one %+v", cores, cards, first)
			}
		}
	}
	if n := busy.Load(); n != 0 {
		t.Errorf("%d are counted as busy, and nothing is read", n)
	}
}

// What goes wrong in a piece is known to the caller: the first error, and a panic, whoever did the piece.
func TestWhatGoesWrongInAPieceIsKnown(t *testing.T) {
	onCores(t, 4)
	r := begun(t, picture(t, "blank.jpg"))
	wrong := errors.New("wrong")
	r.each(8, func(_ *neural.Arena, i int) error {
		if i >= 5 {
			return wrong
		}
		return nil
	})
	if !errors.Is(r.err, wrong) {
		t.Errorf("error %v", r.err)
	}
	for _, helper := range []bool{false, true} {
		var came sync.WaitGroup
		came.Add(2)
		failed := func() (p any) {
			defer func() { p = recover() }()
			r.each(2, func(a *neural.Arena, _ int) error {
				came.Done()
				came.Wait()
				if (a != &r.arena) == helper {
					panic("broken")
				}
				return nil
			})
			return nil
		}()
		place := ""
		if b, ok := failed.(*broken); ok {
			cause, stack := b.Panicked()
			frames := runtime.CallersFrames(stack)
			for f, more := frames.Next(); more && !strings.HasPrefix(place, "ocrbankcard/"); f, more = frames.Next() {
				place = f.Function
			}
			failed = cause
		}
		if failed != "broken" || strings.Contains(place, "TestWhatGoesWrongInAPieceIsKnown") != helper {
			t.Errorf("a helper's: %t, the caller sees %v in %s", helper, failed, place)
		}
	}
	if n := busy.Load(); n != 1 {
		t.Errorf("%d are counted as busy for one call", n)
	}
}
