package recognize

// Confidence: the probability that a reading is right in every digit, by logistic regression over what the decoder and
// the stages before it say about themselves.

import (
	"math"
)

// The features of a reading, in the order of their weights.
const (
	fBias     = iota // 1
	fAllRight        // ln of the probability that every digit is right, were the digits' odds calibrated and independent
	fLeast           // the least of the digits' odds, in nats
	fMean            // the mean of the digits' odds, none counting more than 3
	fLeftover        // ln(1 + the evidence left unexplained)
	fRival           // how far the best other number is behind, in nats, no more than 10
	fEvidence        // the score for each digit
	fStrength        // ln(1 + cells marked as digits for each digit)
	fLuhn            // 1 when the check digit is right, and had no say in what was read
	fIssued          // 1 when a known brand issues numbers of this length
	fTurn            // ln of the cells marked as digits read this way over those read the opposite way
	fSecond          // the second least of the digits' odds, in nats
	fDoubtful        // how many digits are in doubt
	fPlace           // how far the outline's certainty, located · seen, falls short of 0.9
	fWhole           // 1 when the outline is the whole frame's
	features
)

// Two weights are set by hand. The check digit's is a little less than what fits: three in four of synth's numbers pass
// Luhn's check, of cards in use all, of specimens less than half; a hint must not become a gate for these. The direction's is
// about what fits: most readings don't run both ways, but digits such as 0, 6, 8 and 9 also read upside down, and then it
// has to decide.
const luhnWeight, turnWeight = 2.0, 0.6

// ByHand returns them by the number of their feature.
func ByHand() map[int]float64 { return map[int]float64{fLuhn: luhnWeight, fTurn: turnWeight} }

// confidenceWeights are those, and what `go run ./internal/recognize/eval -fit` finds beside them on pictures that
// internal/synth draws; see the seventh run in train/RUNS.md. Which readings there are to fit to depends a little on the
// weights at the time, so that a second round gives slightly others.
var confidenceWeights = [features]float64{
	fBias: -1.815, fAllRight: 0.081, fLeast: 0.510, fMean: 0.834, fLeftover: -1.490, fRival: 0.111, fEvidence: -0.361,
	fStrength: -1.071, fLuhn: luhnWeight, fIssued: 0.798, fTurn: turnWeight, fSecond: 0.302, fDoubtful: -0.397,
	fPlace: -7.993, fWhole: 0.234,
}

const (
	uncertain    = 1.5 // odds of a digit, in nats, below which it is in doubt
	surelyPlaced = 0.9 // located · seen, above which more says nothing about the number
)

// features returns what the reading's confidence is computed from.
func (r *reading) features() (f [features]float64) {
	n := float64(len(r.text.digits))
	if n == 0 {
		return f
	}
	f[fBias], f[fLeast], f[fSecond] = 1, math.Inf(1), math.Inf(1)
	for _, o := range r.text.odds {
		f[fAllRight] -= math.Log1p(math.Exp(-o))
		f[fLeast], f[fSecond] = math.Min(f[fLeast], o), math.Min(f[fSecond], math.Max(o, f[fLeast]))
		if o < uncertain {
			f[fDoubtful]++
		}
	}
	f[fMean] = r.text.meanOdds()
	f[fLeftover] = math.Log1p(math.Max(r.text.leftover, 0))
	f[fRival] = math.Min(r.text.score-r.text.rival, 10)
	f[fEvidence] = r.text.score / n
	f[fTurn] = math.Log((r.strength + 1) / (r.opposite + 1))
	f[fStrength] = math.Log1p(r.strength / n)
	if r.located == 0 {
		f[fWhole] = 1
	} else {
		f[fPlace] = math.Max(surelyPlaced-r.located*r.seen, 0)
	}
	if passes(r.text.digits) && !r.text.amended {
		f[fLuhn] = 1
	}
	if issued(r.text.digits) {
		f[fIssued] = 1
	}
	return f
}

// meanOdds is the mean of the digits' odds, none counting more than 3.
func (t *text) meanOdds() (mean float64) {
	for _, o := range t.odds {
		mean += math.Min(o, 3) / float64(len(t.odds))
	}
	return mean
}

// confidence returns the probability that the reading is right in every digit, 0 when there is none.
func (r *reading) confidence() float64 {
	if len(r.text.digits) == 0 {
		return 0
	}
	x := 0.0
	for i, v := range r.features() {
		x += confidenceWeights[i] * v
	}
	return 1 / (1 + math.Exp(-x))
}
