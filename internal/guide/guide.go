// Package guide watches a card through a camera: quads over time in, one hint and "take it now" out. It is a state
// machine of plain numbers without a clock of its own, so that recorded quads replay exactly.
//
// Lengths are in pixels of the camera's frame; times count from the first frame.
package guide

import (
	"math"
	"time"

	"ocrbankcard/internal/geometry"
)

// View is what one frame shows.
type View struct {
	At            time.Duration
	Width, Height int
	Cards         int           // cards in the frame, as far as is known: 0, 1, 2 for more
	Quad          geometry.Quad // of the card, when Cards > 0; which way up is not yet known
	Luma          float64       // mean brightness, 0 to 255: of the card, or of the frame without one
	Glare         float64       // share of the card that is burnt out, 0 to 1
	Focus         float64       // sharpness of the card's print, 0 (blurred) to 1 (as sharp as pixels get)
}

// Advice is what the page does with it.
type Advice struct {
	Hint       Hint
	Steadiness float64       // 0 to 1: how much of the waiting for a steady card is over
	Take       bool          // this frame is the picture
	Needy      bool          // long without success: offer the other ways
	Tracked    bool          // Quad is a card
	Quad       geometry.Quad // smoothed for drawing
	Region     geometry.Quad // upright box around all outlines since the card is steady: what a picture must show
	Fresh      bool          // not the card of the frame before, or that one is gone: forget what was read
}

// The times of the guidance.
const (
	holdHint  = 1500 * time.Millisecond // a hint stays that long, unless solved (BlinkCard v3 does the same)
	settle    = 250 * time.Millisecond  // a condition counts when it lasts
	holdCard  = 450 * time.Millisecond  // sharp and steady that long: take it
	holdCount = 4                       // and in that many frames, however slow the device
	forget    = 400 * time.Millisecond  // a card not seen for that long is gone
	patience  = 10 * time.Second        // then other ways come forward
)

// Guide is the state machine. Its zero value is ready.
type Guide struct {
	started, begun time.Duration // first frame; start of the present run of good frames
	running        bool
	good           int // good frames in the present run
	lo, hi         geometry.Point
	taken          bool

	tracked  bool
	seen     time.Duration // when the card was seen last
	last     geometry.Quad // as located, in the order of smooth
	smooth   smoother
	speed    float64 // card lengths a second, decaying maximum
	bestEver float64 // best focus of this card so far

	shown     Hint
	shownAt   time.Duration
	candidate Hint
	since     time.Duration // candidate unchanged since
	lastTrue  time.Duration // when the shown hint's condition was last met
}

// Step takes in one frame. Frames come in the order of time.
func (g *Guide) Step(v View) Advice {
	if !g.running {
		g.running, g.started, g.shownAt, g.since, g.lastTrue = true, v.At, v.At, v.At, v.At
	}
	fresh := g.track(v)
	condition := g.judge(v)
	g.accumulate(condition, v)
	a := Advice{
		Hint:    g.decideHint(condition, v.At),
		Needy:   v.At-g.started >= patience,
		Tracked: g.tracked,
		Quad:    g.smooth.quad(),
		Region:  geometry.Rect(g.lo.X, g.lo.Y, g.hi.X, g.hi.Y),
		Fresh:   fresh,
	}
	byTime := float64(v.At-g.begun) / float64(holdCard)
	byCount := float64(g.good) / holdCount
	a.Steadiness = math.Min(1, math.Min(byTime, byCount))
	if condition == Good && a.Steadiness >= 1 && !g.taken {
		a.Take, g.taken = true, true
	}
	return a
}

// Reset starts over, as for a new scan.
func (g *Guide) Reset() { *g = Guide{} }

// track follows the card from frame to frame, and reports whether this is another card than before, or none any more: a
// picture may be taken by hand of one that no frame shows well enough to be told from it.
func (g *Guide) track(v View) (fresh bool) {
	if v.Cards == 0 {
		gone := g.tracked && v.At-g.seen > forget
		g.tracked = g.tracked && !gone
		return gone
	}
	if !g.tracked || g.last.IoU(v.Quad) < 0.3 {
		g.tracked, g.last, g.seen, g.speed, g.bestEver = true, v.Quad, v.At, math.Inf(1), v.Focus
		g.smooth.start(v.Quad, v.At)
		return true
	}
	q := align(g.last, v.Quad)
	elapsed := math.Max((v.At - g.seen).Seconds(), 1e-3)
	moved := motion(g.last, q) / longSide(q) / elapsed
	g.speed = math.Max(moved, g.speed*0.35)
	if math.IsInf(g.speed, 1) {
		g.speed = moved
	}
	g.last, g.seen, g.bestEver = q, v.At, math.Max(v.Focus, g.bestEver*0.995)
	g.smooth.step(q, v.At)
	return false
}

// accumulate counts the run of good frames; one bad frame ends it.
func (g *Guide) accumulate(condition Hint, v View) {
	switch {
	case condition != Good:
		if v.Cards > 0 || v.At-g.seen > settle { // a frame in which the card was merely missed breaks no run
			g.good = 0
		}
	case g.good == 0:
		g.good, g.begun = 1, v.At
		g.lo, g.hi = v.Quad.Bounds()
	default:
		g.good++
		lo, hi := v.Quad.Bounds()
		g.lo = geometry.Point{X: math.Min(g.lo.X, lo.X), Y: math.Min(g.lo.Y, lo.Y)}
		g.hi = geometry.Point{X: math.Max(g.hi.X, hi.X), Y: math.Max(g.hi.Y, hi.Y)}
	}
}

// decideHint shows one hint at a time: a new one when it has lasted, and the old one was shown long enough or is solved.
// Where complaints of a card alternate too fast for any to last, one of them replaces a hint that has long been wrong.
func (g *Guide) decideHint(condition Hint, now time.Duration) Hint {
	if condition != g.candidate {
		g.candidate, g.since = condition, now
	}
	if condition == g.shown {
		g.lastTrue = now
		return g.shown
	}
	lasted := now-g.since >= settle || condition != Good && condition != Search && now-g.lastTrue >= holdHint
	if lasted && (g.solved(condition) || now-g.shownAt >= holdHint) {
		g.shown, g.shownAt, g.lastTrue = condition, now, now
	}
	return g.shown
}

// solved reports whether the present condition shows that the hint on the screen was followed: what comes later in the
// order of judging can only be complained of when all before it is well.
func (g *Guide) solved(condition Hint) bool { return rank(condition) > rank(g.shown) }
