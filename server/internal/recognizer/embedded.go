package recognizer

import (
	"context"
	"errors"
	"fmt"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/server/internal/picture"
)

// Reading is one card that an engine found.
type Reading struct {
	Quad       geometry.Quad
	Number     cardnumber.Number
	Confidence float64
	Digits     []float64
}

// Engine finds and reads the cards of a frame, the most confident first. It ends with the context, whose error it then returns. It is
// safe for concurrent use.
type Engine interface {
	Read(ctx context.Context, f *frame.Frame) ([]Reading, error)
}

// Local asks the embedded engine. Decoding and reading are work for a core and for memory: Gate bounds both.
type Local struct {
	Engine Engine
	Gate   *Gate
}

// Name returns Embedded.
func (l Local) Name() string { return Embedded }

// ErrLeft is returned for a caller who left while the engine had the picture.
var ErrLeft = fmt.Errorf("the caller left while the engine read: %w", context.Canceled)

// Recognize decodes and reads the picture, or refuses at once when too many wait already. A machine that can't read it by the
// context's deadline has too much to do, as one on which it has waited until then.
func (l Local) Recognize(ctx context.Context, p Picture) (Result, error) {
	leave, err := l.Gate.Enter(ctx, p.Header.DecodeBytes())
	if err != nil {
		return Result{By: Embedded}, err
	}
	defer leave()
	f, err := picture.Decode(p.File, p.Header, p.Param)
	if err != nil {
		return Result{By: Embedded}, err
	}
	cards, err := l.Engine.Read(ctx, f)
	switch {
	case err == nil:
		return result(cards), nil
	case errors.Is(err, context.DeadlineExceeded):
		err = busy()
	case errors.Is(err, context.Canceled):
		err = ErrLeft
	}
	return Result{By: Embedded}, err
}

// result keeps the most confident card: one card a call, says the contract.
func result(cards []Reading) Result {
	r := Result{By: Embedded}
	if len(cards) > 0 {
		best := cards[0]
		r.Cards = []cardpp.Card{{Bound: best.Quad, Number: best.Number}}
		r.Confidence, r.Digits = best.Confidence, best.Digits
	}
	return r
}
