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
	seen     float64 // as a view's
	strength float64 // of the map of digits read in this direction,
	opposite float64 // and in the opposite one
	text     text
	mirrored bool // something on the card reads better in a mirror
}

// certain reports whether some reading is to be told, and so sure that no further one is tried.
func certain(found []reading) bool {
	return slices.ContainsFunc(found, func(r reading) bool { return r.confidence() > enough && r.legible() })
}

const (
	enough     = 0.9
	readable   = 0.5  // below this a number counts as unreadable,
	hardlyCard = 0.86 // located · seen, below which the outline is in doubt; on 1,600 scenes without a card no number was above
	unproven   = 0.96 // or below this where the outline is in doubt, and neither the first digits nor the last speak for it,
	halfProven = 0.8  // or this where only one of them does
	visible    = 0.89 // how certain an outline must be of a card whose number can't be read: located · seen,
	backed     = 0.6  // or this, where something stands on it that may well
	hint       = 0.03 // be a number: a reading at least so sure,
	faint      = 0.4  // or this, where a number does that would be told on a better outline
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
		found = slices.DeleteFunc(slices.Clone(found), func(r reading) bool {
			return r.quad.IoU(c.Quad) > samePlace || legible && slices.Equal(r.text.digits, best.text.digits) ||
				r.located == 0 && best.located == 0 // the whole frame's, though c may lie in a small part of it
		})
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
		if r.shows() && (seen == nil || r.clearerThan(seen)) {
			seen = r
		}
	}
	if best == nil {
		return seen, false
	}
	if best.located == 0 && seen != nil { // the frame has shown the number, but a card is seen on it
		card := *best
		card.quad = asRead(seen.quad, best.quad)
		return &card, true
	}
	for i := range found { // of views that say the same, the one whose outline is seen best
		r := &found[i]
		if slices.Equal(r.text.digits, best.text.digits) && r.seen > best.seen+clearlyMore && r.legible() {
			best = r
		}
	}
	return best, true
}

// asRead returns q with that side first which runs most like the first one of read.
func asRead(q, read geometry.Quad) geometry.Quad {
	first := read[1].Sub(read[0])
	best := q
	for turn := 1; turn < 4; turn++ {
		if p := q.Roll(turn); p[1].Sub(p[0]).Dot(first) > best[1].Sub(best[0]).Dot(first) {
			best = p
		}
	}
	return best
}

// legible reports whether the reading is sure enough to be told. Print that looks like a number stands on many things; on
// what is hardly a card it must be one that a brand issues, and have the right check digit, or be surer. In the whole frame,
// a scan's, one of the two does. On a card that is seen in a mirror it must be unmistakable.
func (r *reading) legible() bool {
	if r.mirrored && r.confidence() < unmistakable {
		return false
	}
	issued, checked := issued(r.text.digits), passes(r.text.digits)
	least := readable
	switch doubtful := r.located*r.seen < hardlyCard; {
	case doubtful && !issued && !checked:
		least = unproven
	case doubtful && issued != checked && r.located != 0:
		least = halfProven
	}
	return r.confidence() >= least
}

// shows reports whether the outline is sure enough to be told though its number can't be read.
func (r *reading) shows() bool {
	certainty, number := r.located*r.seen, r.confidence()
	return certainty >= visible || certainty >= backed && number >= hint || certainty >= faint && number >= readable
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
