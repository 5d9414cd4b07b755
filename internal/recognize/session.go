package recognize

// Session: the readings of a live picture's frames add up, digit by digit, as long as they are of one card
// (score → accumulate → decide, after card.io's scan session).

import (
	"math"
	"slices"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

const (
	memory       = 0.8  // what a frame still counts when the next one comes
	lostAfter    = 3    // frames without the card, after which it is gone
	jump         = 0.2  // consecutive outlines that overlap less than this are of two cards
	conflict     = 3.0  // nats of odds for digits against those for others, which no one card can cause
	clash        = 16.0 // the same of a reading that is not legible: one drawn card had 13 at most, but upside down; two mostly over 24
	leastReading = 0.1  // a reading less sure than this adds nothing
)

// Session reads one card after the other from the frames of a live picture. Readings of one card support each other;
// as soon as one contradicts them it is another card's, and starts anew. A card of which nothing is read, and which lies
// where the one before did, is still given that one's number for some frames: glare looks the same. Who sees that it is
// another one (package guide does) calls Reset. A Session serves one goroutine; its Engine may serve many.
type Session struct {
	engine *Engine
	place  geometry.Quad // where the card was seen last, in longer sides of the frame: not every frame need have the same size
	missed int           // frames since the card was seen
	tally  []tally
}

// tally is what frames said about a number of a certain length, the latest counting most.
type tally struct {
	digits [][10]float64 // for each digit, the sum of what its slot scored, in nats
	best   reading       // the surest of the readings, faded like the sum
	sure   float64       // its confidence
	weight float64       // of the readings in the sum
}

// NewSession returns a session that has seen nothing.
func NewSession(e *Engine) *Session { return &Session{engine: e} }

// Reset forgets the card.
func (s *Session) Reset() { s.missed, s.tally = 0, s.tally[:0] }

// Read takes the next frame and returns the card as all its frames so far show it, its outline as in this one. It
// reports false when this frame shows no card. Where no further frame will come, a patient reading tries more. The error
// says that the frame's planes don't fit together.
func (s *Session) Read(f *frame.Frame, patient bool) (Card, bool, error) {
	r, err := s.engine.begin(f)
	if err != nil {
		return Card{}, false, err
	}
	defer s.engine.end(r)
	r.patient = patient
	card, ok := s.told(r, r.readings())
	return card, ok, r.err
}

// told is what is told of a frame's readings.
func (s *Session) told(r *run, found []reading) (Card, bool) {
	w, h := r.frame.Size()
	card, ok := s.fuse(found, float64(max(w, h)))
	if ok {
		card.Quad = r.mend(card.Quad)
	}
	return card, ok
}

// fuse adds the best of a frame's readings, whose longer side has so many pixels, to those before.
func (s *Session) fuse(found []reading, side float64) (Card, bool) {
	best, legible := choose(found)
	if best == nil {
		if s.missed++; s.missed >= lostAfter {
			s.Reset()
		}
		return Card{}, false
	}
	place := best.quad.Scale(1 / side)
	least := clash
	if legible {
		least = conflict
	}
	if place.IoU(s.place) < jump || s.contradicts(best, least) {
		s.Reset()
	}
	s.place, s.missed = place, 0
	s.fade()
	if best.confidence() >= leastReading {
		s.add(best)
	}
	return s.card(best), true
}

// contradicts reports whether a reading can't be of the card that the tally is of: more than least nats speak against it.
func (s *Session) contradicts(r *reading, least float64) bool {
	t := s.leading()
	if t == nil {
		return false
	}
	fused := t.fused()
	if len(t.digits) != len(r.text.digits) {
		return r.confidence() > certainty && fused.confidence() > certainty // not t.sure, which has faded
	}
	against := 0.0
	for i, d := range r.text.digits {
		if fused.text.digits[i] != d {
			against += math.Min(fused.text.odds[i], r.text.odds[i])
		}
	}
	return against > least
}

// certainty is the confidence from which two readings of different length are of two cards.
const certainty = 0.8

func (s *Session) fade() {
	for i := range s.tally {
		t := &s.tally[i]
		t.weight *= memory
		t.sure *= memory
		for k := range t.digits {
			for d := range t.digits[k] {
				t.digits[k][d] *= memory
			}
		}
	}
	s.tally = slices.DeleteFunc(s.tally, func(t tally) bool { return t.weight < 0.05 })
}

func (s *Session) add(r *reading) {
	n := len(r.text.digits)
	i := slices.IndexFunc(s.tally, func(t tally) bool { return len(t.digits) == n })
	if i < 0 {
		i = len(s.tally)
		s.tally = append(s.tally, tally{digits: make([][10]float64, n)})
	}
	t := &s.tally[i]
	w := r.confidence()
	for k, scores := range r.text.slots {
		for d, v := range scores {
			t.digits[k][d] += w * v
		}
	}
	t.weight += w
	if w >= t.sure {
		t.best, t.sure = *r, w
	}
}

// leading returns the tally of the length that was read most surely, or nil.
func (s *Session) leading() *tally {
	var best *tally
	for i := range s.tally {
		if best == nil || s.tally[i].weight > best.weight {
			best = &s.tally[i]
		}
	}
	return best
}

// fused returns the sum as one reading. Frames see the same glare and the same blur, so the odds of n frames count as
// those of √n.
func (t *tally) fused() reading {
	r := t.best
	r.text.digits, r.text.odds, r.text.slots, r.text.amended = nil, nil, nil, false
	k := math.Sqrt(math.Max(t.weight, 1)) / t.weight
	for _, scores := range t.digits {
		for d := range scores {
			scores[d] *= k
		}
		digit, odds := top(&scores)
		r.text.digits = append(r.text.digits, byte('0'+digit))
		r.text.odds = append(r.text.odds, odds)
		r.text.slots = append(r.text.slots, scores)
	}
	r.text.heedCheck()
	return r
}

// card returns the fused reading in the outline of the frame's own. Which way up that is only its number can tell: where it
// is not legible now, the frames before tell.
func (s *Session) card(now *reading) Card {
	c := Card{Quad: now.quad}
	if t := s.leading(); t != nil {
		if r := t.fused(); r.legible() {
			c = r.card()
			if c.Quad = now.quad; !now.legible() {
				c.Quad = asRead(now.quad, r.quad)
			}
		}
	}
	return c
}
