package recognizer

import (
	"context"
	"errors"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/observe"
)

// Fallback asks First, and Second where First fails through no fault of the picture. The answer says which one read.
type Fallback struct{ First, Second Recognizer }

// Name returns the first one's.
func (f Fallback) Name() string { return f.First.Name() }

// Recognize asks one after the other, within the same deadline.
func (f Fallback) Recognize(ctx context.Context, p Picture) (Result, error) {
	r, err := f.First.Recognize(ctx, p)
	if err == nil || aboutPicture(err) || ctx.Err() != nil {
		return r, err
	}
	observe.From(ctx).Cause = err // for the log: nothing else tells that First fails, as long as Second reads
	return f.Second.Recognize(ctx, p)
}

// aboutPicture reports whether an error says that no recognizer could do better.
func aboutPicture(err error) bool {
	var e *cardpp.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case cardpp.UnsupportedFormat, cardpp.InvalidImageSize, cardpp.FileTooLarge:
		return true
	}
	return false
}
