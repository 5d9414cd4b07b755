package recognizer

import (
	"context"
	"errors"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/observe"
)

// Upstream is a client of the Face++ service.
type Upstream interface {
	Recognize(ctx context.Context, file []byte) (cardpp.Answer, error)
}

// Remote asks Face++.
type Remote struct{ Upstream Upstream }

// Name returns FacePP.
func (r Remote) Name() string { return FacePP }

// Recognize sends the picture on. Refusals of the picture are told in terms of the caller's parameter; those that
// concern our own credentials and our own request are faults that the caller can't mend, and come back inside
// a Fault.
func (r Remote) Recognize(ctx context.Context, p Picture) (Result, error) {
	ctx = facepp.WithTraceparent(ctx, observe.Traceparent(ctx))
	if p.V1 {
		ctx = facepp.WithV1(ctx)
	}
	a, err := r.Upstream.Recognize(ctx, p.File)
	if err != nil {
		return Result{By: FacePP}, translate(err, p.Param)
	}
	return Result{Cards: a.Cards, ImageID: a.ImageID, By: FacePP}, nil
}

func translate(err error, param string) error {
	var e *cardpp.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case cardpp.UnsupportedFormat, cardpp.InvalidImageSize, cardpp.FileTooLarge:
		return cardpp.NewError(e.Code, param)
	case cardpp.AuthorizationError, cardpp.ConcurrencyLimit, cardpp.EntityTooLarge, cardpp.InternalError:
		return err
	}
	return &Fault{err}
}

// Fault hides an error from the caller, who is told INTERNAL_ERROR.
type Fault struct{ Cause error }

// Error tells the cause, for the log.
func (f *Fault) Error() string { return "fault between gateway and recognizer: " + f.Cause.Error() }
