package recognize

import (
	"testing"

	"ocrbankcard/internal/geometry"
)

// seen returns a reading of digits at q; every digit beats a seven (or, being one, a one) by odds nats, but those in
// weak, by their index, lose to it.
func seen(q geometry.Quad, digits string, odds float64, weak ...int) reading {
	r := reading{quad: q, located: 1, seen: 1, strength: 50}
	r.text = text{score: 100, rival: 80, pitch: 4}
	for i := range digits {
		d, other := digits[i]-'0', byte(7)
		if d == 7 {
			other = 1
		}
		var scores [10]float64
		scores[d], scores[other] = 2+odds, 2
		for _, w := range weak {
			if w == i {
				scores[d], scores[other] = 2, 2.4
			}
		}
		best, margin := top(&scores)
		r.text.digits = append(r.text.digits, byte('0'+best))
		r.text.odds = append(r.text.odds, margin)
		r.text.slots = append(r.text.slots, scores)
	}
	return r
}

// dim is r as it is read where the rest of its line is noise: too poor to be told.
func dim(r reading) reading {
	r.text.leftover = 1000
	return r
}

const (
	firstCard  = "4111111111111111"
	secondCard = "4111111111112222"
	alikeCard  = "4111711171117111"
	otherCard  = "5555555555554444"
	amex       = "378282246310005"
	side       = 960.0 // the longer one of the frames, in pixels
)

func TestSession(t *testing.T) {
	here, there := geometry.Rect(100, 100, 400, 290), geometry.Rect(500, 400, 800, 590)
	nudged := here.Translate(geometry.Point{X: 6, Y: -4})
	none := reading{}
	for name, c := range map[string]struct {
		frames []reading // a zero reading is a frame without a card
		want   string
	}{
		"one frame":                      {[]reading{seen(here, firstCard, 4)}, firstCard},
		"weak digits differ each time":   {[]reading{seen(here, firstCard, 4, 3), seen(nudged, firstCard, 4, 9), seen(here, firstCard, 4, 12)}, firstCard},
		"a lapse":                        {[]reading{seen(here, firstCard, 4), none, seen(nudged, firstCard, 4, 5)}, firstCard},
		"a short while without":          {[]reading{seen(here, firstCard, 4), none, none, seen(here, "", 0)}, firstCard},
		"short whiles add up to no long": {[]reading{seen(here, firstCard, 4), none, none, seen(here, "", 0), none, seen(here, "", 0)}, firstCard},
		"a digit is missed once":         {[]reading{seen(here, firstCard, 4), seen(nudged, firstCard[:15], 2), seen(nudged, "", 0)}, firstCard},
		"the next card, elsewhere":       {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), seen(there, secondCard, 4)}, secondCard},
		"the next card, same place":      {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), seen(nudged, secondCard, 4)}, secondCard},
		"the next card, another length":  {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), seen(nudged, amex, 4)}, amex},
		"so, seen dimly at first":        {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), seen(nudged, amex, 1), seen(nudged, amex, 4)}, amex},
		"the next card can't be read":    {[]reading{seen(here, firstCard, 4), seen(there, "", 0)}, ""},
		"the next card, after a while":   {[]reading{seen(here, firstCard, 4), none, none, none, seen(here, "", 0)}, ""},
		"the next card is read poorly":   {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), dim(seen(nudged, otherCard, 4))}, ""},
		"the same card is":               {[]reading{seen(here, firstCard, 4), seen(here, firstCard, 4), dim(seen(nudged, alikeCard, 4))}, firstCard},
		"nothing any more":               {[]reading{seen(here, firstCard, 4), none}, ""},
		"a card that was never readable": {[]reading{seen(here, "", 0), seen(nudged, "", 0)}, ""},
	} {
		s := NewSession(nil)
		var card Card
		for _, r := range c.frames {
			if r.located == 0 {
				card, _ = s.fuse(nil, side)
			} else {
				card, _ = s.fuse([]reading{r}, side)
			}
		}
		if card.Number.Reveal() != c.want {
			t.Errorf("%s: another number than expected (%d digits)", name, card.Number.Len())
		}
		if len(card.Digits) != card.Number.Len() {
			t.Errorf("%s: %d confidences for %d digits", name, len(card.Digits), card.Number.Len())
		}
	}
}

// Frames that agree make the number surer than any of them.
func TestSessionGrowsSurer(t *testing.T) {
	q := geometry.Rect(100, 100, 400, 290)
	s := NewSession(nil)
	first, _ := s.fuse([]reading{seen(q, firstCard, 2.2)}, side)
	var last Card
	for range 5 {
		last, _ = s.fuse([]reading{seen(q, firstCard, 2.2)}, side)
	}
	if last.Confidence <= first.Confidence {
		t.Errorf("confidence fell from %v to %v", first.Confidence, last.Confidence)
	}
}

// The picture may have more pixels than the frames before it, as where a browser draws those small for want of VideoFrames:
// what they say of the card counts for it, too, and what they said of another one doesn't.
func TestSessionOfFramesOfManySizes(t *testing.T) {
	here, there := geometry.Rect(100, 100, 400, 290), geometry.Rect(500, 400, 800, 590)
	for name, c := range map[string]struct {
		then geometry.Quad
		want string
	}{"the same card": {here, firstCard}, "another one": {there, ""}} {
		s := NewSession(nil)
		s.fuse([]reading{seen(here, firstCard, 4)}, side)
		card, _ := s.fuse([]reading{seen(c.then.Scale(3), "", 0)}, 3*side)
		if card.Number.Reveal() != c.want || card.Quad != c.then.Scale(3) {
			t.Errorf("%s: %d digits at %v", name, card.Number.Len(), card.Quad)
		}
	}
}

// What was misread for long, as while the camera focuses, does not outweigh what is seen well now.
func TestTheLatestFramesCountMost(t *testing.T) {
	q := geometry.Rect(100, 100, 400, 290)
	s := NewSession(nil)
	for range 20 {
		s.fuse([]reading{seen(q, firstCard, 3, 3, 9)}, side)
	}
	if card, _ := s.fuse([]reading{seen(q, firstCard, 3)}, side); card.Number.Reveal() != firstCard {
		t.Errorf("another number is told, sure by %.2f", card.Confidence)
	}
}

// Where no further frame will come, a session tells of a picture what the engine does. Planes that don't fit are an error.
func TestAPatientSessionIsTheEngine(t *testing.T) {
	f := picture(t, "flat16.jpg")
	e := begun(t, f).engine
	want, err := e.Read(f)
	if err != nil || len(want) == 0 {
		t.Fatal(want, err)
	}
	if got, ok, err := NewSession(e).Read(f, true); err != nil || !ok || got.Quad != want[0].Quad || got.Number != want[0].Number {
		t.Errorf("%v, %v: %v, not %v", ok, err, got.Quad, want[0].Quad)
	}
	if got, ok, err := NewSession(e).Read(f, false); err != nil || !ok || got.Quad == want[0].Quad || got.Number != want[0].Number {
		t.Errorf("in a hurry: %v, %v: %v, the same as where there is time", ok, err, got.Quad)
	}
	f.Y.Pix = f.Y.Pix[:1]
	if _, ok, err := NewSession(e).Read(f, true); ok || err == nil {
		t.Error("a frame without its pixels is read")
	}
}

// While a frame's own reading can't tell which way up the card is, those before do.
func TestSessionKeepsTheCardUpright(t *testing.T) {
	here := geometry.Rect(100, 100, 400, 290)
	nudged := here.Translate(geometry.Point{X: 6, Y: -4})
	for turn := range 4 {
		s := NewSession(nil)
		s.fuse([]reading{seen(here, firstCard, 4)}, side)
		card, _ := s.fuse([]reading{seen(nudged.Roll(turn), "", 0)}, side)
		if card.Quad != nudged || card.Number.IsZero() {
			t.Errorf("an outline turned by %d quarters: %v, not %v", turn, card.Quad, nudged)
		}
	}
}
