package guide_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

// replay runs a recording (see wasm/sight, TestRecord) through a guide.
func replay(t *testing.T, name string) (views []guide.View, advice []guide.Advice) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var g guide.Guide
	for s := bufio.NewScanner(f); s.Scan(); {
		var v guide.View
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		views, advice = append(views, v), append(advice, g.Step(v))
	}
	return views, advice
}

// hints returns the hints in the order in which they were shown.
func hints(advice []guide.Advice) []guide.Hint {
	var out []guide.Hint
	for _, a := range advice {
		if len(out) == 0 || out[len(out)-1] != a.Hint {
			out = append(out, a.Hint)
		}
	}
	return out
}

// Videos of package synth as the engine saw them: what is hinted at, and when the picture is taken.
func TestRecordedVideos(t *testing.T) {
	for _, c := range []struct {
		name   string
		shows  guide.Hint    // is among the hints; None: not asked
		takes  bool          // the picture is taken, once
		after  time.Duration // not before
		before time.Duration // and not later
	}{
		{"settle", guide.None, true, 2200 * time.Millisecond, 4000 * time.Millisecond}, // it settles at 2.5 s
		{"restless", guide.HoldStill, false, 0, 0},
		{"dark", guide.Dark, false, 0, 0},
		{"glare", guide.Glare, true, 3300 * time.Millisecond, 5100 * time.Millisecond}, // tilted away at 3.6 s
		{"far", guide.Closer, true, 2800 * time.Millisecond, 4700 * time.Millisecond},  // near at 3.2 s
		{"blurred", guide.Blurred, true, 2700 * time.Millisecond, 4500 * time.Millisecond},
		{"cutoff", guide.CutOff, false, 0, 0},
		{"empty", guide.Search, false, 0, 0},
		{"two", guide.None, true, 300 * time.Millisecond, 1500 * time.Millisecond},
	} {
		views, advice := replay(t, c.name)
		var taken []time.Duration
		for i, a := range advice {
			if a.Take {
				taken = append(taken, views[i].At)
			}
		}
		switch {
		case !c.takes && len(taken) > 0:
			t.Errorf("%s: taken at %v", c.name, taken)
		case c.takes && len(taken) != 1:
			t.Errorf("%s: taken %d times", c.name, len(taken))
		case c.takes && (taken[0] < c.after || taken[0] > c.before):
			t.Errorf("%s: taken at %v, want %v to %v", c.name, taken[0], c.after, c.before)
		}
		if shown := hints(advice); c.shows != guide.None && !slices.Contains(shown, c.shows) {
			t.Errorf("%s: hinted %q, want %q among them", c.name, shown, c.shows)
		}
	}
}

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

// card is a good view of a card in a full HD frame, to be spoilt in one way or another.
func card() guide.View {
	return guide.View{Width: 1920, Height: 1080, Cards: 1, Quad: geometry.Rect(500, 250, 1420, 830), Luma: 140, Focus: 0.8}
}

// run steps a guide through n frames, 100 ms apart, as make gives them.
func run(g *guide.Guide, from time.Duration, n int, make func(i int) guide.View) (a guide.Advice, taken int) {
	for i := range n {
		v := make(i)
		v.At = from + time.Duration(i)*100*time.Millisecond
		if a = g.Step(v); a.Take {
			taken++
		}
	}
	return a, taken
}

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

// A card is taken when it was sharp and steady for .45 s and in four frames, and not before.
func TestTheCardIsHeldBeforeItIsTaken(t *testing.T) {
	for _, c := range []struct {
		every time.Duration // between frames
		frame int           // that is taken; the first one tells no motion yet, and so doesn't count
	}{{30 * time.Millisecond, 16}, {100 * time.Millisecond, 6}, {300 * time.Millisecond, 4}} {
		var g guide.Guide
		taken := -1
		for i := range 30 {
			v := card()
			v.At = time.Duration(i) * c.every
			if g.Step(v).Take && taken < 0 {
				taken = i
			}
		}
		if taken != c.frame {
			t.Errorf("a frame every %v: the frame %d is taken, want %d", c.every, taken, c.frame)
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

// A portrait card in a portrait frame is as good as any.
func TestPortrait(t *testing.T) {
	var g guide.Guide
	_, taken := run(&g, 0, 15, func(int) guide.View {
		v := card()
		v.Width, v.Height, v.Quad = 1080, 1920, geometry.Rect(250, 400, 830, 1320)
		return v
	})
	if taken != 1 {
		t.Errorf("taken %d times", taken)
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

// A frame in which the card was merely missed breaks no run, and is never the picture: nobody knows what it shows.
func TestAMissedFrameBreaksNothing(t *testing.T) {
	for missed := range 12 {
		var g guide.Guide
		taken := 0
		for i := range 12 {
			v := card()
			v.At = time.Duration(i) * 100 * time.Millisecond
			if i == missed {
				v.Cards, v.Quad, v.Focus = 0, geometry.Quad{}, 0
			}
			if !g.Step(v).Take {
				continue
			}
			if taken++; i == missed {
				t.Errorf("the frame %d, in which the card was missed, is taken", i)
			}
		}
		if taken != 1 {
			t.Errorf("frame %d missed: taken %d times", missed, taken)
		}
	}
}

// What is cut out of the picture holds the card wherever it was while it was steady.
func TestTheRegionHoldsAllOutlines(t *testing.T) {
	var g guide.Guide
	for i := range 15 {
		v := card()
		v.At = time.Duration(i) * 100 * time.Millisecond
		v.Quad = v.Quad.Translate(geometry.Point{X: float64(i), Y: float64(-i)})
		if a := g.Step(v); a.Take {
			// Of the frames 1 to i: the first one tells no motion yet.
			if want := geometry.Rect(501, 250-float64(i), 1420+float64(i), 829); a.Region != want {
				t.Errorf("region %v, want %v", a.Region, want)
			}
			return
		}
	}
	t.Error("not taken")
}

// The drawn outline does not jitter on a resting card and does not lag behind a moving one.
func TestOutlineIsSteadyAndDoesNotLag(t *testing.T) {
	var g guide.Guide
	var rest, raw float64
	var before geometry.Quad
	for i := range 60 {
		v := card()
		v.At = time.Duration(i) * 33 * time.Millisecond
		noise := geometry.Point{X: 3 * math.Sin(float64(i)*2.9), Y: 3 * math.Cos(float64(i)*4.1)}
		v.Quad = v.Quad.Translate(noise)
		a := g.Step(v)
		if i > 10 {
			rest = math.Max(rest, a.Quad[0].Dist(before[0]))
			raw = 3
		}
		before = a.Quad
	}
	if rest > raw {
		t.Errorf("a resting outline moves %.1f px a frame", rest)
	}
	g.Reset()
	var lag float64
	for i := range 60 {
		v := card()
		v.At = time.Duration(i) * 33 * time.Millisecond
		v.Quad = v.Quad.Translate(geometry.Point{X: float64(i) * 12}) // 360 px a second
		a := g.Step(v)
		lag = a.Quad[0].Dist(v.Quad[0])
	}
	if lag > 40 {
		t.Errorf("the outline lags %.0f px behind", lag)
	}
}

// Any corner may come first; the outline must not turn.
func TestOutlineDoesNotTurn(t *testing.T) {
	var g guide.Guide
	a, taken := run(&g, 0, 15, func(i int) guide.View {
		v := card()
		v.Quad = v.Quad.Roll(i % 4)
		return v
	})
	if taken != 1 || a.Quad[0].Dist(card().Quad[0]) > 1 {
		t.Errorf("taken %d times, first corner at %v", taken, a.Quad[0])
	}
}
