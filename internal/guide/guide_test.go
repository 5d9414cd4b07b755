package guide_test

import (
	"bufio"
	"encoding/json"
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

// A card that was away longer than a moment is held anew; the waiting shown is never more than whole.
func TestALongMissBreaksTheRun(t *testing.T) {
	for missed, frame := range map[int]int{2: 6, 4: 12} { // a frame every 100 ms; missed from the third on
		var g guide.Guide
		taken := -1
		for i := range 20 {
			v := card()
			v.At = time.Duration(i) * 100 * time.Millisecond
			if i >= 3 && i < 3+missed {
				v.Cards, v.Quad = 0, geometry.Quad{}
			}
			a := g.Step(v)
			if a.Take {
				taken = i
			}
			if a.Steadiness < 0 || a.Steadiness > 1 {
				t.Errorf("steadiness %v", a.Steadiness)
			}
		}
		if taken != frame {
			t.Errorf("%d frames missed: the frame %d is taken, want %d", missed, taken, frame)
		}
	}
}
