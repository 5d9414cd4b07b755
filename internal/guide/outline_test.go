package guide_test

import (
	"math"
	"testing"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

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
	var rest float64
	var before geometry.Quad
	for i := range 60 {
		v := card()
		v.At = time.Duration(i) * 33 * time.Millisecond
		noise := geometry.Point{X: 3 * math.Sin(float64(i)*2.9), Y: 3 * math.Cos(float64(i)*4.1)}
		v.Quad = v.Quad.Translate(noise)
		a := g.Step(v)
		if i > 10 {
			rest = math.Max(rest, a.Quad[0].Dist(before[0]))
		}
		before = a.Quad
	}
	if rest > 1.7 { // of 6 that the corners jump
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
	if lag > 5 {
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

// Two frames of one time, as a camera that stalls may give them, leave the outline where it is.
func TestAFrameOfTheSameTime(t *testing.T) {
	var g guide.Guide
	run(&g, 0, 5, func(int) guide.View { return card() })
	v := card()
	v.At, v.Quad = 400*time.Millisecond, v.Quad.Translate(geometry.Point{X: 5})
	if a := g.Step(v); a.Quad != card().Quad {
		t.Errorf("outline %v", a.Quad)
	}
}
