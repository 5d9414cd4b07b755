package guide

import (
	"math"
	"time"

	"ocrbankcard/internal/geometry"
)

// smoother steadies a drawn outline with the 1€ filter (Casiez, Roussel and Vogel, CHI 2012): a low-pass whose cut-off
// rises with speed, so that a resting outline does not jitter and a moving one does not lag.
type smoother struct {
	at    time.Duration
	value geometry.Quad
	slope geometry.Quad // px a second, low-passed
}

const (
	restCutoff  = 1.4   // Hz, of a resting outline
	speedCutoff = 0.035 // Hz more for each px a second
	slopeCutoff = 1.0   // Hz, of the speed itself
)

func (s *smoother) start(q geometry.Quad, at time.Duration) {
	*s = smoother{at: at, value: q}
}

func (s *smoother) step(q geometry.Quad, at time.Duration) {
	dt := (at - s.at).Seconds()
	if dt <= 0 {
		return
	}
	s.at = at
	for i := range q {
		slope := q[i].Sub(s.value[i]).Mul(1 / dt)
		s.slope[i] = s.slope[i].Lerp(slope, weight(slopeCutoff, dt))
		s.value[i] = s.value[i].Lerp(q[i], weight(restCutoff+speedCutoff*s.slope[i].Norm(), dt))
	}
}

func (s *smoother) quad() geometry.Quad { return s.value }

// weight is the share of the new value in a first-order low-pass of that cut-off frequency.
func weight(cutoff, dt float64) float64 {
	r := 2 * math.Pi * cutoff * dt
	return r / (r + 1)
}
