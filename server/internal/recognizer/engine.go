package recognizer

import (
	"context"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

// NewEngine returns the project's own engine with the weights that are built in.
func NewEngine() (Engine, error) {
	e, err := recognize.New(weights.Data)
	if err != nil {
		return nil, err
	}
	return own{e}, nil
}

type own struct{ engine *recognize.Engine }

func (o own) Read(ctx context.Context, f *frame.Frame) ([]Reading, error) {
	cards, err := o.engine.ReadContext(ctx, f)
	readings := make([]Reading, len(cards))
	for i, c := range cards {
		readings[i] = Reading(c)
	}
	return readings, err
}
