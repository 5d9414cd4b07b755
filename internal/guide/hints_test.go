package guide_test

import (
	"testing"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

func TestHintsAreHeld(t *testing.T) {
	var g guide.Guide
	dark := func(int) guide.View { v := card(); v.Luma = 20; return v }
	none := func(int) guide.View { v := card(); v.Cards = 0; return v }
	// From the dark to no card at all: that the light came can't be told, so the first hint stays for its 1.5 s.
	run(&g, 0, 6, dark) // shown at .3 s
	if a, _ := run(&g, 600*time.Millisecond, 12, none); a.Hint != guide.Dark {
		t.Errorf("%q after 1.4 s of %q", a.Hint, guide.Dark)
	}
	if a, _ := run(&g, 1800*time.Millisecond, 3, none); a.Hint != guide.Search {
		t.Errorf("%q after 1.7 s without a card", a.Hint)
	}
	// What is judged after it can only be complained of when it was followed: it goes as soon as that has lasted.
	g.Reset()
	run(&g, 0, 6, dark)
	far := func(int) guide.View { v := card(); v.Quad = geometry.Rect(860, 480, 1060, 606); return v }
	if a, _ := run(&g, 600*time.Millisecond, 7, far); a.Hint != guide.Closer {
		t.Errorf("light came, the card is far, and the hint is %q", a.Hint)
	}
	// And the other way round it is held.
	g.Reset()
	run(&g, 0, 10, far)
	if a, _ := run(&g, time.Second, 4, dark); a.Hint != guide.Closer {
		t.Errorf("%q before its time", a.Hint)
	}
	// Solved, it goes at once.
	g.Reset()
	run(&g, 0, 10, func(int) guide.View { v := card(); v.Luma = 20; return v })
	a, _ := run(&g, time.Second, 6, func(int) guide.View { return card() })
	if a.Hint != guide.Good {
		t.Errorf("light came, and the hint is still %q", a.Hint)
	}
}

// Focus at its limit: every other frame is blurred, so that no condition lasts. "Hold the card into the picture" would be
// behind the times, and hold back what is wrong; that all is well would be said for as long as it isn't.
func TestAFlickeringComplaintIsShown(t *testing.T) {
	for first := range 2 {
		var g guide.Guide
		run(&g, 0, 20, func(int) guide.View { v := card(); v.Cards = 0; return v })
		a, taken := run(&g, 2*time.Second, 30, func(i int) guide.View {
			v := card()
			v.Focus = 0.44 + 0.04*float64((first+i)%2)
			return v
		})
		if a.Hint != guide.Blurred || taken != 0 {
			t.Errorf("hint %q, taken %d times", a.Hint, taken)
		}
	}
}

// A slow phone loses a card that moves, and finds it elsewhere, in each next frame: it is told of, and not asked for.
func TestACardThatFlickersIsToldOf(t *testing.T) {
	for first := range 2 {
		var g guide.Guide
		run(&g, 0, 10, func(int) guide.View { v := card(); v.Luma = 20; return v })
		for i := range 8 {
			v := card()
			v.At = time.Duration(2+i) * 500 * time.Millisecond
			v.Cards = (first + i) % 2
			if a := g.Step(v); a.Hint == guide.Search {
				t.Fatalf("%q after %v", a.Hint, v.At)
			} else if i == 7 && a.Hint != guide.HoldStill {
				t.Errorf("hint %q", a.Hint)
			}
		}
	}
}

// Nor does it change what is said of the card.
func TestAMissedFrameChangesNoHint(t *testing.T) {
	var g guide.Guide
	a, _ := run(&g, 0, 20, func(i int) guide.View {
		v := card()
		if v.Quad = geometry.Rect(860, 480, 1060, 606); i%2 == 1 {
			v.Cards = 0
		}
		return v
	})
	if a.Hint != guide.Closer {
		t.Errorf("hint %q, want %q", a.Hint, guide.Closer)
	}
}

// Help comes ten seconds after the first frame, whatever the clock said then.
func TestHelpComesAfterTenSeconds(t *testing.T) {
	away := func(int) guide.View { v := card(); v.Cards = 0; return v }
	for _, start := range []time.Duration{0, time.Hour} {
		var g guide.Guide
		if a, _ := run(&g, start, 100, away); a.Needy {
			t.Error("help before ten seconds were over")
		}
		if a, _ := run(&g, start+10*time.Second, 1, away); !a.Needy {
			t.Error("no help after ten seconds")
		}
	}
}

// shows steps a guide through frames 10 ms apart until it shows a hint, and returns when that was.
func shows(t *testing.T, g *guide.Guide, from time.Duration, v guide.View, hint guide.Hint) time.Duration {
	t.Helper()
	for v.At = from; v.At < from+3*time.Second; v.At += 10 * time.Millisecond {
		if a := g.Step(v); a.Hint == hint {
			return v.At - from
		}
	}
	t.Errorf("%q is not shown", hint)
	return 0
}

// A hint comes when its fault has lasted .25 s, and stays for 1.5 s; who has just come is given .7 s to hold a card. The
// clock may have run before.
func TestTimes(t *testing.T) {
	dark, away, far := card(), card(), hd(at(860, 477, 200, 126))
	dark.Luma, away.Cards = 20, 0
	for _, start := range []time.Duration{0, time.Hour} {
		for _, c := range []struct {
			first, second      guide.View
			hint, then         guide.Hint
			shown, least, most time.Duration // in ms
		}{
			{dark, card(), guide.Dark, guide.Good, 250, 250, 250},
			{far, dark, guide.Closer, guide.Dark, 250, 1500, 1500},
			{away, card(), guide.Search, guide.Good, 950, 260, 290}, // the first frame tells no motion yet
		} {
			var g guide.Guide
			shown := c.shown * time.Millisecond
			if got := shows(t, &g, start, c.first, c.hint); got != shown {
				t.Errorf("%q is shown after %v, want %v", c.hint, got, shown)
			}
			got := shows(t, &g, start+shown, c.second, c.then)
			if got < c.least*time.Millisecond || got > c.most*time.Millisecond {
				t.Errorf("%q gives way to %q after %v, want %d to %d ms", c.hint, c.then, got, c.least, c.most)
			}
		}
	}
}

// A card that comes and goes right at the start is told of: the time to hold one is over with it.
func TestTheFirstSecondIsNotLost(t *testing.T) {
	var g guide.Guide
	a, _ := run(&g, 0, 6, func(i int) guide.View {
		v := hd(at(860, 477, 200, 126))
		if i%2 == 1 {
			v.Cards = 0
		}
		return v
	})
	if a.Hint != guide.Closer {
		t.Errorf("hint %q, want %q", a.Hint, guide.Closer)
	}
	v := card()
	v.At, v.Cards, v.Luma = 600*time.Millisecond, 0, 20
	if g.Step(v); shows(t, &g, 600*time.Millisecond, v, guide.Dark) > 1500*time.Millisecond {
		t.Error("the light went with the card, and nobody is told")
	}
}

// A single frame changes no hint, however long that was right.
func TestOneFrameChangesNoHint(t *testing.T) {
	var g guide.Guide
	run(&g, 0, 40, func(int) guide.View { return hd(at(860, 477, 200, 126)) })
	v := card()
	v.At, v.Luma = 4*time.Second, 20
	if a := g.Step(v); a.Hint != guide.Closer {
		t.Errorf("one dark frame, and the hint is %q", a.Hint)
	}
}

// In the order of judging each next hint shows that the one before was followed, and replaces it at once; one that comes
// earlier in the order waits.
func TestEachHintGivesWayToTheNext(t *testing.T) {
	still := func(edit func(*guide.View)) func(int) guide.View {
		return func(int) guide.View { v := card(); edit(&v); return v }
	}
	steps := []struct {
		hint guide.Hint
		make func(int) guide.View
	}{
		{guide.Search, still(func(v *guide.View) { v.Cards = 0 })},
		{guide.Dark, still(func(v *guide.View) { v.Luma = 20 })},
		{guide.TwoCards, still(func(v *guide.View) { v.Cards = 2 })},
		{guide.HoldStill, func(i int) guide.View {
			return hd(card().Quad.Translate(geometry.Point{X: 60 * float64(i%2)}))
		}},
		{guide.Blurred, still(func(v *guide.View) { v.Focus = 0.1 })},
		{guide.Farther, still(func(v *guide.View) { v.Width, v.Height = 1400, 590 })},
		{guide.CutOff, still(func(v *guide.View) { v.Width = 1400 })},
		{guide.Closer, still(func(v *guide.View) { v.Quad = at(760, 414, 400, 252) })},
		{guide.Straighten, still(func(v *guide.View) {
			v.Quad = geometry.Quad{{X: 500, Y: 250}, {X: 1420, Y: 420}, {X: 1420, Y: 660}, {X: 500, Y: 830}}
		})},
		{guide.Centre, still(func(v *guide.View) { v.Quad = at(20, 350, 800, 500) })},
		{guide.Glare, still(func(v *guide.View) { v.Glare = 0.2 })},
	}
	for i := range len(steps) - 1 {
		one, next := steps[i], steps[i+1]
		var g guide.Guide
		run(&g, 0, 13, one.make)
		if a, _ := run(&g, 1300*time.Millisecond, 9, next.make); a.Hint != next.hint {
			t.Errorf("from %q to %q: %q", one.hint, next.hint, a.Hint)
		}
		g.Reset()
		run(&g, 0, 6, next.make)
		if a, _ := run(&g, 600*time.Millisecond, 8, one.make); a.Hint != next.hint && i > 0 { // Search takes long by itself
			t.Errorf("from %q back to %q: %q", next.hint, one.hint, a.Hint)
		}
	}
}
