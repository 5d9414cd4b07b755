package recognize

// Decide: how sure is each reading, and which one is the card's?

import (
	"math"
	"slices"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
)

// reading is one attempt at a card: a quad, and what a line on it says.
type reading struct {
	quad     geometry.Quad
	located  float64 // the locator's certainty of the quad; 0 for the whole frame
	strength float64 // of the map of digits
	text     text
}

// confidence returns the probability that the reading is right in every digit.
func (r *reading) confidence() float64 {
	n := len(r.text.digits)
	if n == 0 {
		return 0
	}
	least, total := math.Inf(1), 0.0
	for _, o := range r.text.odds {
		least = math.Min(least, o)
		total += math.Min(o, 6)
	}
	mean := total / float64(n)
	x := -6 + 0.5*least + 1.2*mean - 0.15*r.text.leftover + 0.1*math.Min(r.text.score-r.text.rival, 10)
	return 1 / (1 + math.Exp(-x))
}

// certain reports whether some reading is so sure that no further one is tried.
func certain(found []reading) bool {
	return slices.ContainsFunc(found, func(r reading) bool { return r.confidence() > enough })
}

const (
	enough   = 0.9
	readable = 0.2 // below this a number counts as unreadable
	visible  = 0.5 // the locator's certainty from which a card without a readable number is one
)

// decide returns the cards, the most confident first. Readings of the same place compete; the best wins.
func decide(found []reading) []Card {
	var best *reading
	for i := range found {
		if best == nil || found[i].confidence() > best.confidence() {
			best = &found[i]
		}
	}
	if best == nil {
		return nil
	}
	confidence := best.confidence()
	if confidence < readable {
		return nil
	}
	number, err := cardnumber.Parse(string(best.text.digits))
	if err != nil {
		return nil
	}
	card := Card{Quad: best.quad, Number: number, Confidence: confidence}
	for _, o := range best.text.odds {
		card.Digits = append(card.Digits, 1/(1+math.Exp(-o)))
	}
	return []Card{card}
}
