package guide_test

import (
	"testing"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

// A card that leaves and another that comes are told apart, so that nothing read of the first is kept.
func TestAnotherCardIsFresh(t *testing.T) {
	views, advice := replay(t, "two")
	fresh := 0
	for i, a := range advice {
		if a.Fresh && views[i].At > 3500*time.Millisecond && views[i].At < 5500*time.Millisecond {
			fresh++
		}
	}
	if fresh == 0 {
		t.Error("the second card was taken for the first")
	}
}

// A card is gone when it wasn't seen for .4 s, and what was read of it with it: the next one may be taken by hand before it is
// seen. Then any is another, at the same place too.
func TestALostCardIsForgotten(t *testing.T) {
	for away, forgotten := range map[time.Duration]bool{390 * time.Millisecond: false, 410 * time.Millisecond: true} {
		var g guide.Guide
		run(&g, 0, 5, func(int) guide.View { return card() })
		v := card()
		v.At, v.Cards = 400*time.Millisecond+away, 0
		if a := g.Step(v); a.Tracked == forgotten || a.Fresh != forgotten {
			t.Errorf("%v after it was seen: tracked %v, fresh %v", away, a.Tracked, a.Fresh)
		}
		v.At += time.Millisecond
		if g.Step(v).Fresh {
			t.Errorf("%v after it was seen: gone twice", away)
		}
		v.At, v.Cards = v.At+time.Millisecond, 1
		if a := g.Step(v); !a.Tracked || a.Fresh != forgotten {
			t.Errorf("back %v after it was seen: tracked %v, fresh %v", away, a.Tracked, a.Fresh)
		}
	}
}

// A card that comes is another where it covers less than .3 of what the two cover together; it is so once.
func TestACardElsewhereIsAnother(t *testing.T) {
	for shift, other := range map[float64]bool{0: false, 479: false, 512: true} {
		var g guide.Guide
		var fresh []int
		run(&g, 0, 5, func(i int) guide.View { return hd(at(200, 250, 920, 580)) })
		for i := range 5 {
			v := hd(at(200+shift, 250, 920, 580))
			v.At = time.Duration(500+100*i) * time.Millisecond
			if g.Step(v).Fresh {
				fresh = append(fresh, i)
			}
		}
		if (len(fresh) == 1 && fresh[0] == 0) != other || len(fresh) > 1 {
			t.Errorf("%.0f px aside: fresh in the frames %v", shift, fresh)
		}
	}
}

// A camera that still hunts for focus is waited for.
func TestLessThanTheBestFocusIsBlurred(t *testing.T) {
	var g guide.Guide
	run(&g, 0, 3, func(int) guide.View { return card() })
	a, taken := run(&g, 300*time.Millisecond, 10, func(int) guide.View { v := card(); v.Focus = 0.5; return v })
	if a.Hint != guide.Blurred || taken != 0 {
		t.Errorf("hint %q, taken %d times", a.Hint, taken)
	}
}

// The best focus is that of any frame, of this card alone, and is not waited for without end.
func TestTheBestFocusIsForgotten(t *testing.T) {
	focus := func(f float64) func(int) guide.View {
		return func(int) guide.View { v := card(); v.Focus = f; return v }
	}
	for _, c := range []struct {
		then  float64
		after int // frames
		want  guide.Hint
	}{{0.57, 5, guide.Blurred}, {0.62, 5, guide.Good}, {0.57, 30, guide.Good}} {
		var g guide.Guide
		run(&g, 0, 1, focus(0.5))
		run(&g, 100*time.Millisecond, 1, focus(0.8))
		if a, _ := run(&g, 200*time.Millisecond, c.after, focus(c.then)); a.Hint != c.want {
			t.Errorf("%d frames of %.2f: hint %q, want %q", c.after, c.then, a.Hint, c.want)
		}
	}
	var g guide.Guide
	run(&g, 0, 5, focus(0.9))
	a, taken := run(&g, 500*time.Millisecond, 12, func(int) guide.View {
		v := hd(at(1300, 600, 540, 340))
		v.Width, v.Height, v.Focus = 2700, 1500, 0.5
		return v
	})
	if a.Hint != guide.Good || taken != 1 {
		t.Errorf("a card less sharp than the one before: %q, taken %d times", a.Hint, taken)
	}
}

// A card may move by .22 of its length a second.
func TestSpeed(t *testing.T) {
	for speed, want := range map[float64]guide.Hint{0.21: guide.Good, 0.23: guide.HoldStill} {
		var g guide.Guide
		a, _ := run(&g, 0, 15, func(i int) guide.View {
			return hd(card().Quad.Translate(geometry.Point{X: (float64(i) - 7) * 0.1 * speed * 920}))
		})
		if a.Hint != want {
			t.Errorf("%.2f lengths a second: %q, want %q", speed, a.Hint, want)
		}
	}
}

// A hand that shakes rests between two moves; the card is not still for that.
func TestAPauseIsNoRest(t *testing.T) {
	var g guide.Guide
	a, taken := run(&g, 0, 9, func(i int) guide.View {
		return hd(card().Quad.Translate(geometry.Point{X: 92 * float64(i/2%2)})) // a length a second, every other frame
	})
	if a.Hint != guide.HoldStill || taken != 0 {
		t.Errorf("hint %q, taken %d times", a.Hint, taken)
	}
}

// One corner that jumps is an edge behind the card mistaken for the card's; two are the card.
func TestTwoCornersMakeAMotion(t *testing.T) {
	for first := range 4 {
		for second := range 4 {
			var g guide.Guide
			a, taken := run(&g, 0, 12, func(i int) guide.View {
				v := card()
				v.Quad[first].X += 30 * float64(i%2)
				if second != first {
					v.Quad[second].X += 50 * float64(i%2)
				}
				return v
			})
			want := guide.HoldStill
			if first == second {
				want = guide.Good
			}
			if a.Hint != want || (taken == 1) != (want == guide.Good) {
				t.Errorf("corners %d and %d: hint %q, taken %d times", first, second, a.Hint, taken)
			}
		}
	}
}
