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
	seen     float64 // how much of the card's sides could be made out, 0 to 1
	strength float64 // of the map of digits read in this direction,
	opposite float64 // and in the opposite one
	text     text
}

// certain reports whether some reading is so sure that no further one is tried.
func certain(found []reading) bool {
	return slices.ContainsFunc(found, func(r reading) bool { return r.confidence() > enough && r.legible() })
}

const (
	enough   = 0.9
	readable = 0.5   // below this a number counts as unreadable,
	scanned  = 0.85  // and below this where the whole frame may be a card,
	unproven = 0.995 // or this when its check digit is wrong; and where
	hardly   = 0.7   // a card is seen no more certainly than this, as located · seen,
	unlikely = 0.97  // below this
	visible  = 0.89  // how certain an outline must be of a card whose number can't be read: located · seen
)

// decide returns the cards, the most confident first. Readings of the same place compete; the best wins.
func decide(found []reading) []Card {
	var cards []Card
	for len(found) > 0 && len(cards) < mostCards {
		best, legible := choose(found)
		if best == nil {
			break
		}
		c := Card{Quad: best.quad}
		if legible {
			c = best.card()
		}
		cards = append(cards, c)
		found = slices.DeleteFunc(slices.Clone(found), func(r reading) bool { return r.quad.IoU(c.Quad) > samePlace })
	}
	return cards
}

// samePlace is the overlap above which two outlines are of one card.
const samePlace = 0.1

// choose returns the most confident of the legible readings, and true. When there is none, the outline alone is an answer
// where the locator is certain enough that it is a card's; nil when it isn't.
func choose(found []reading) (best *reading, ok bool) {
	var seen *reading
	for i := range found {
		r := &found[i]
		if r.legible() && (best == nil || r.confidence() > best.confidence()) {
			best = r
		}
		if r.located*r.seen >= visible && (seen == nil || r.clearerThan(seen)) {
			seen = r
		}
	}
	if best != nil {
		for i := range found { // of views that say the same, the one whose outline is seen best
			r := &found[i]
			if slices.Equal(r.text.digits, best.text.digits) && r.seen > best.seen+clearlyMore && r.legible() {
				best = r
			}
		}
		return best, true
	}
	return seen, false
}

// legible reports whether the reading is sure enough to be told. Print that looks like a number is found on many things, and
// a sheet of paper, or the whole frame, is taken for a card less surely than a card is.
func (r *reading) legible() bool {
	switch {
	case r.located == 0 && !passes(r.text.digits):
		return r.confidence() >= unproven
	case r.located == 0:
		return r.confidence() >= scanned
	case r.located*r.seen < hardly:
		return r.confidence() >= unlikely
	}
	return r.confidence() >= readable
}

// clearerThan compares outlines whose number can't be read: by the sides seen, and of one view by the marks of digits.
func (r *reading) clearerThan(s *reading) bool {
	if math.Abs(r.seen-s.seen) > clearlyMore {
		return r.seen > s.seen
	}
	return r.strength > s.strength
}

// card is the reading as an answer.
func (r *reading) card() Card {
	c := Card{Quad: r.quad, Confidence: r.confidence()}
	for _, o := range r.text.odds {
		c.Digits = append(c.Digits, 1/(1+math.Exp(-o)))
	}
	var err error
	if c.Number, err = cardnumber.Parse(string(r.text.digits)); err != nil {
		return Card{Quad: r.quad}
	}
	return c
}
