package recognize

// Mend: the outline of a card that was decided on, where hardly any camera can make such a one of a card, is weighed against
// every other that may be meant. Often three of its sides are the card's, seen well, and the fourth is a stripe's on it or
// something's beside it.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// Of 2,795 outlines of drawn cards, 11 of the 16 wrong ones were odder than tooOdd, and 1 in 20 of the right ones.
const (
	tooOdd     = 2.0  // the oddity of an outline above which others are tried
	nearlySame = 0.92 // located quads that overlap more need not both be tried
	oddLoses   = 0.03 // of what is seen of the sides, beside what likely leaves of it, for each oddity beyond hardlyOdd
	mendedBy   = 0.04 // what another outline must have more
)

// cards is what is told of the readings.
func (r *run) cards(found []reading) []Card {
	cards := decide(found)
	for i := range cards {
		cards[i].Quad = r.mend(cards[i].Quad)
	}
	return cards
}

// mend returns the outline that is meant by q, the same corner first: q itself but where it is odd and another is worth more.
func (r *run) mend(q geometry.Quad) geometry.Quad {
	camera := r.camera()
	if !r.patient || camera.oddity(q, 0) <= tooOdd {
		return q
	}
	best, most := q, math.Inf(-1)
	try := func(p geometry.Quad) {
		v, ok := r.outlook(p)
		if !ok || v.quad.IoU(q) < anotherCard {
			return
		}
		if worth := v.seen - oddLoses*math.Max(camera.oddity(v.quad, 0)-hardlyOdd, 0); worth > most {
			best, most = v.quad, worth
		}
	}
	withSides := func(p geometry.Quad) {
		try(p)
		for _, c := range camera.completions(p) {
			try(c)
		}
	}
	try(q)
	best, most = q, most+mendedBy
	withSides(q)
	for _, part := range r.windows(q) {
		for _, l := range r.closely(part, nearlySame) {
			withSides(l.Quad)
		}
	}
	if best == q {
		return q
	}
	return asRead(r.refine(best), q)
}
