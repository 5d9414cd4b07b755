package recognize

// Locator: the part of the engine that finds cards and reads nothing. A page can guide a hand with it while the weights of
// the rest, more than half of all, are still on their way, or where they are not wanted.

import (
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/neural"
)

// Locator finds cards. It is read-only, and safe for concurrent use.
type Locator struct{ engine *Engine }

// Split parts a weight file in two: what NewLocator needs, and what Locator.Engine needs besides.
func Split(weights []byte) (locator, rest []byte, err error) {
	if locator, err = neural.Extract(weights, "locator"); err != nil {
		return nil, nil, err
	}
	rest, err = neural.Extract(weights, "cardnet", "reader")
	return locator, rest, err
}

// NewLocator returns a locator with the given weight file, which may hold other nets, too.
func NewLocator(weights []byte) (*Locator, error) {
	e := newEngine()
	if err := e.take(weights, "locator"); err != nil {
		return nil, err
	}
	return &Locator{e}, nil
}

// Engine returns the engine that finds cards as l does, and reads them with the rest of the weights.
func (l *Locator) Engine(rest []byte) (*Engine, error) {
	e := newEngine()
	if err := e.take(rest, "cardnet", "reader"); err != nil {
		return nil, err
	}
	e.locator = l.engine.locator
	return e, nil
}

// Locate is Engine.Locate.
func (l *Locator) Locate(f *frame.Frame) (Location, bool) { return l.engine.Locate(f) }

// LocateAll is Engine.LocateAll.
func (l *Locator) LocateAll(f *frame.Frame) []Location { return l.engine.LocateAll(f) }
