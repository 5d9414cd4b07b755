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
// behind the times, and hold back what is wrong.
func TestAFlickeringComplaintIsShown(t *testing.T) {
	var g guide.Guide
	run(&g, 0, 20, func(int) guide.View { v := card(); v.Cards = 0; return v })
	a, taken := run(&g, 2*time.Second, 30, func(i int) guide.View {
		v := card()
		v.Focus = 0.44 + 0.04*float64(i%2)
		return v
	})
	if a.Hint != guide.Blurred || taken != 0 {
		t.Errorf("hint %q, taken %d times", a.Hint, taken)
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

func TestHelpComesAfterTenSeconds(t *testing.T) {
	var g guide.Guide
	a, _ := run(&g, 0, 100, func(int) guide.View { v := card(); v.Cards = 0; return v })
	if a.Needy {
		t.Error("help before ten seconds were over")
	}
	if a, _ = run(&g, 10*time.Second, 2, func(int) guide.View { v := card(); v.Cards = 0; return v }); !a.Needy {
		t.Error("no help after ten seconds")
	}
}
