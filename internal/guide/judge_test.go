package guide_test

import (
	"math"
	"testing"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

func TestEachFaultHasItsHint(t *testing.T) {
	for _, c := range []struct {
		want  guide.Hint
		spoil func(v *guide.View, i int)
	}{
		{guide.Good, func(*guide.View, int) {}},
		{guide.Search, func(v *guide.View, _ int) { v.Cards = 0 }},
		{guide.Dark, func(v *guide.View, _ int) { v.Luma = 20 }},
		{guide.Dark, func(v *guide.View, _ int) { v.Luma, v.Cards = 20, 0 }},
		{guide.TwoCards, func(v *guide.View, _ int) { v.Cards = 2 }},
		{guide.Closer, func(v *guide.View, _ int) { v.Quad = geometry.Rect(860, 480, 1060, 606) }},
		{guide.Farther, func(v *guide.View, _ int) { v.Quad = geometry.Rect(-40, -60, 1960, 1140) }},
		{guide.CutOff, func(v *guide.View, _ int) { v.Quad = geometry.Rect(-100, 250, 820, 830) }},
		{guide.Centre, func(v *guide.View, _ int) { v.Quad = geometry.Rect(20, 350, 820, 850) }},
		{guide.Straighten, func(v *guide.View, _ int) {
			v.Quad = geometry.Quad{{X: 500, Y: 250}, {X: 1420, Y: 420}, {X: 1420, Y: 660}, {X: 500, Y: 830}}
		}},
		{guide.Glare, func(v *guide.View, _ int) { v.Glare = 0.2 }},
		{guide.HoldStill, func(v *guide.View, i int) {
			v.Quad = v.Quad.Translate(geometry.Point{X: 90 * math.Sin(float64(i)*1.7)})
		}},
		{guide.Blurred, func(v *guide.View, _ int) { v.Focus = 0.1 }},
	} {
		var g guide.Guide
		a, taken := run(&g, 0, 30, func(i int) guide.View {
			v := card()
			c.spoil(&v, i)
			return v
		})
		if a.Hint != c.want {
			t.Errorf("hint %q, want %q", a.Hint, c.want)
		}
		if want := c.want == guide.Good; (taken == 1) != want || taken > 1 {
			t.Errorf("%s: taken %d times", c.want, taken)
		}
	}
}

// One corner over the border costs no digit: often it is the finger that holds the card.
func TestOneCornerOutsideIsNoCut(t *testing.T) {
	var g guide.Guide
	_, taken := run(&g, 0, 15, func(int) guide.View {
		v := card()
		v.Width, v.Height = 960, 540
		v.Quad = geometry.Quad{{X: 140, Y: 57}, {X: 822, Y: 80}, {X: 801, Y: 483}, {X: 0, Y: 512}}
		return v
	})
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
}

// at is a card of some length and height in a frame, from its left top corner on.
func at(x, y, long, high float64) geometry.Quad { return geometry.Rect(x, y, x+long, y+high) }

// middle is a card in the middle of a frame.
func middle(w, h int, long, high float64) guide.View {
	v := card()
	v.Width, v.Height, v.Quad = w, h, at((float64(w)-long)/2, (float64(h)-high)/2, long, high)
	return v
}

func hd(q geometry.Quad) guide.View { v := card(); v.Quad = q; return v }

// resting is what is hinted at of a view that stays.
func resting(v guide.View) guide.Hint {
	var g guide.Guide
	a, _ := run(&g, 0, 20, func(int) guide.View { return v })
	return a.Hint
}

// Each limit stands where it is meant to: a little less and a little more tell different things.
func TestLimits(t *testing.T) {
	upright := func(w, h int, long float64) guide.View { return middle(w, h, long/1.586, long) }
	flat := func(w, h int, long float64) guide.View { return middle(w, h, long, long/1.586) }
	luma := func(cards int, y float64) guide.View { v := card(); v.Cards, v.Luma = cards, y; return v }
	focus := func(f float64) guide.View { v := card(); v.Focus = f; return v }
	glare := func(share float64) guide.View { v := card(); v.Glare = share; return v }
	slant := func(part float64, turns int) guide.View { // its right side is a part of its left one, then that of another side
		d := 700 * (1 - part) / 2
		return hd(geometry.Quad{{X: 500, Y: 200}, {X: 1420, Y: 200 + d}, {X: 1420, Y: 900 - d}, {X: 500, Y: 900}}.Roll(turns))
	}
	squeezed := func(part float64, lower bool) guide.View { // its upper or lower side is a part of the other
		d := 1000 * (1 - part) / 2
		q := geometry.Quad{{X: 460 + d, Y: 250}, {X: 1460 - d, Y: 250}, {X: 1460, Y: 830}, {X: 460, Y: 830}}
		if lower {
			q = geometry.Quad{{X: 460, Y: 250}, {X: 1460, Y: 250}, {X: 1460 - d, Y: 830}, {X: 460 + d, Y: 830}}
		}
		return hd(q)
	}
	aside := func(w, h int, dx, dy float64) guide.View {
		v := middle(w, h, 600, 378)
		v.Quad = v.Quad.Translate(geometry.Point{X: dx, Y: dy})
		return v
	}
	for _, c := range []struct {
		name        string
		less, more  guide.View
		hint, other guide.Hint
	}{
		{"light", luma(1, 31.5), luma(1, 32.5), guide.Dark, guide.Good},
		{"light without a card", luma(0, 31.5), luma(0, 32.5), guide.Dark, guide.Search},
		{"focus", focus(0.44), focus(0.46), guide.Blurred, guide.Good},
		{"glare", glare(0.044), glare(0.046), guide.Good, guide.Glare},
		{"pixels", flat(1920, 1080, 510), flat(1920, 1080, 530), guide.Closer, guide.Good},
		{"share of a small frame", flat(640, 480, 390), flat(640, 480, 404), guide.Closer, guide.Good},
		{"share of its height", flat(640, 360, 348), flat(640, 360, 360), guide.Closer, guide.Good},
		{"share, upright", upright(640, 480, 292), upright(640, 480, 304), guide.Closer, guide.Good},
		{"share of a narrow frame, upright", upright(240, 480, 231), upright(240, 480, 240), guide.Closer, guide.Good},
		{"long", middle(1920, 1080, 1015, 500), middle(1920, 1080, 1035, 500), guide.Good, guide.Straighten},
		{"short", middle(1920, 1080, 726, 600), middle(1920, 1080, 738, 600), guide.Straighten, guide.Good},
		{"right side", slant(0.71, 0), slant(0.73, 0), guide.Straighten, guide.Good},
		{"left side", slant(0.71, 2), slant(0.73, 2), guide.Straighten, guide.Good},
		{"upper side", squeezed(0.71, false), squeezed(0.73, false), guide.Straighten, guide.Good},
		{"lower side", squeezed(0.71, true), squeezed(0.73, true), guide.Straighten, guide.Good},
		{"to the right", aside(1920, 1080, 417, 0), aside(1920, 1080, 428, 0), guide.Good, guide.Centre},
		{"to the left", aside(1920, 1080, -417, 0), aside(1920, 1080, -428, 0), guide.Good, guide.Centre},
		{"downwards", aside(1080, 1920, 0, 417), aside(1080, 1920, 0, 428), guide.Good, guide.Centre},
		{"upwards", aside(1080, 1920, 0, -417), aside(1080, 1920, 0, -428), guide.Good, guide.Centre},
		{"left border", hd(at(1.9, 100, 1400, 880)), hd(at(2.1, 100, 1400, 880)), guide.CutOff, guide.Good},
		{"right border", hd(at(517.9, 100, 1400, 880)), hd(at(518.1, 100, 1400, 880)), guide.Good, guide.CutOff},
		{"upper border", hd(at(260, 1.9, 1400, 880)), hd(at(260, 2.1, 1400, 880)), guide.CutOff, guide.Good},
		{"lower border", hd(at(260, 197.9, 1400, 880)), hd(at(260, 198.1, 1400, 880)), guide.Good, guide.CutOff},
		{"cut, and as large as the frame", hd(at(-10, 16, 1650, 1046)), hd(at(-10, 12, 1674, 1056)), guide.CutOff, guide.Farther},
	} {
		if got, want := [2]guide.Hint{resting(c.less), resting(c.more)}, [2]guide.Hint{c.hint, c.other}; got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

// What the borders cut is told by how many corners are over which of them.
func TestBorders(t *testing.T) {
	askew := geometry.Quad{{X: 760, Y: 200}, {X: 1480, Y: 616}, {X: 1220, Y: 1066}, {X: 500, Y: 650}} // turned by 30°
	for _, c := range []struct {
		name string
		view guide.View
		want guide.Hint
	}{
		{"it just fits", hd(at(110, 5, 1700, 1070)), guide.Good},
		{"one corner left and one above", hd(askew.Translate(geometry.Point{X: -510, Y: -210})), guide.CutOff},
		{"one corner right and one below", hd(askew.Translate(geometry.Point{X: 450, Y: 20})), guide.CutOff},
		{"one corner above", hd(askew.Translate(geometry.Point{X: -100, Y: -210})), guide.Good},
		{"above and below, and not long", hd(at(400, -10, 1150, 1100)), guide.Farther},
		{"left and right, askew", askewIn(1000, 1920, geometry.Point{X: 0, Y: 300}), guide.Farther},
		{"above and below, askew", askewIn(1920, 1000, geometry.Point{X: 400, Y: 0}), guide.Farther},
	} {
		if got := resting(c.view); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// askewIn is a card that is turned by 45° and 1046 px wide and high, with its left top corner there.
func askewIn(w, h int, corner geometry.Point) guide.View {
	v := hd(geometry.Quad{{X: 387, Y: -23}, {X: 1023, Y: 613}, {X: 613, Y: 1023}, {X: -23, Y: 387}}.Translate(corner))
	v.Width, v.Height = w, h
	return v
}

// Of several faults the one is named that comes first: the others can't be judged, or mended, before it.
func TestTheFirstFaultIsNamed(t *testing.T) {
	dark := func(v *guide.View, _ int) { v.Luma = 20 }
	two := func(v *guide.View, _ int) { v.Cards = 2 }
	blurred := func(v *guide.View, _ int) { v.Focus = 0.1 }
	moving := func(v *guide.View, i int) { v.Quad = v.Quad.Translate(geometry.Point{X: 60 * float64(i%2)}) }
	glare := func(v *guide.View, _ int) { v.Glare = 0.2 }
	place := func(q geometry.Quad) func(*guide.View, int) { return func(v *guide.View, _ int) { v.Quad = q } }
	aslant := geometry.Quad{{X: 20, Y: 250}, {X: 720, Y: 380}, {X: 720, Y: 620}, {X: 20, Y: 750}}
	for _, c := range []struct {
		want   guide.Hint
		faults []func(*guide.View, int)
	}{
		{guide.Dark, []func(*guide.View, int){dark, two}},
		{guide.TwoCards, []func(*guide.View, int){two, blurred, moving}},
		{guide.HoldStill, []func(*guide.View, int){blurred, moving}},
		{guide.HoldStill, []func(*guide.View, int){blurred, moving, place(at(-40, -60, 2000, 1200)), moving}},
		{guide.Blurred, []func(*guide.View, int){blurred, place(at(-40, -60, 2000, 1200))}},
		{guide.CutOff, []func(*guide.View, int){place(at(-50, 480, 200, 126))}}, // small, and far from the middle
		{guide.Closer, []func(*guide.View, int){place(aslant.Scale(0.5))}},
		{guide.Straighten, []func(*guide.View, int){place(aslant)}},
		{guide.Centre, []func(*guide.View, int){place(at(20, 350, 800, 500)), glare}},
		{guide.Glare, []func(*guide.View, int){glare, moving}},
		{guide.HoldStill, []func(*guide.View, int){moving, func(v *guide.View, i int) { v.Focus = math.Max(0.5, 0.9-float64(i)/5) }}},
	} {
		var g guide.Guide
		a, taken := run(&g, 0, 8, func(i int) guide.View {
			v := card()
			for _, spoil := range c.faults {
				spoil(&v, i)
			}
			return v
		})
		if a.Hint != c.want || taken != 0 {
			t.Errorf("hint %q, want %q; taken %d times", a.Hint, c.want, taken)
		}
	}
}
