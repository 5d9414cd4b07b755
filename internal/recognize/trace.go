package recognize

// Trace: what happened within one Read, for those who look for the cause of a failure.

import (
	"time"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

// Trace is filled by Inspect.
type Trace struct {
	// Took is the time spent in each stage, in the order in which the stages were first entered.
	Took []StageTime
	// Located is where cards seemed to be at first sight.
	Located []Location
	// Tries are the lines of digits that were read, in order.
	Tries []Try

	pending []Strip
}

// StageTime is the time spent in a stage.
type StageTime struct {
	Stage string
	Took  time.Duration
}

// Try is one line of digits that was read.
type Try struct {
	Quad       geometry.Quad
	Number     cardnumber.Number
	Confidence float64
	// Features is what Confidence was computed from; see confidence.go.
	Features []float64
	Strips   []Strip
}

// Strip is a picture of a line as the reader saw it, standardised, and its answer.
type Strip struct {
	Width, Height int
	Pixels        []float32
	// Gain[t][d] is the evidence for digit d at column t, in nats; 0 where a digit is as likely as none.
	Gain [][10]float32
	// Outline is the strip's place in the frame.
	Outline geometry.Quad
}

// Inspect is Read, and fills t.
func (e *Engine) Inspect(f *frame.Frame, t *Trace) ([]Card, error) {
	r, err := e.begin(f)
	if err != nil {
		return nil, err
	}
	defer e.end(r)
	r.trace, r.patient = t, true
	return r.cards(r.readings()), r.err
}

// enter says that what follows belongs to a stage, until the returned function is called.
func (t *Trace) enter(stage string) func() {
	if t == nil {
		return func() {}
	}
	start := time.Now()
	return func() {
		took := time.Since(start)
		for i := range t.Took {
			if t.Took[i].Stage == stage {
				t.Took[i].Took += took
				return
			}
		}
		t.Took = append(t.Took, StageTime{stage, took})
	}
}

// saw keeps a strip, which belongs to the next try.
func (t *Trace) saw(in neural.Tensor, e *evidence, outline geometry.Quad) {
	if t == nil {
		return
	}
	s := Strip{Width: in.Width, Height: in.Height, Pixels: append([]float32(nil), in.Data...), Outline: outline}
	s.Gain = append(s.Gain, e.gain[:]...)
	t.pending = append(t.pending, s)
}

// tried keeps a reading with the strips seen since the last one.
func (t *Trace) tried(r *reading) {
	if t == nil {
		return
	}
	n, _ := cardnumber.ParseReading(string(r.text.digits))
	f := r.features()
	t.Tries = append(t.Tries, Try{r.quad, n, r.confidence(), f[:], t.pending})
	t.pending = nil
}
