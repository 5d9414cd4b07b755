// Package state is the page's mind: what is shown, what may follow it, and which late answers no longer count. It knows
// neither the browser nor vecty, so that all of it is tested natively; the page's components draw it and the page's
// controller does what it asks for.
package state

import (
	"math"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
	"ocrbankcard/wasm/capture/fit"
)

// View is what fills the page.
type View int

// The views.
const (
	Scan    View = iota // the camera, or the ways without one
	Reading             // a picture is being prepared, sent and read
	Result              // the number, for the person to compare
	Typing              // the number by hand
	Trouble             // something failed; one sentence and the ways on
	Done                // the number was handed over
	Closed              // everything is switched off
)

// Camera is what is known of it.
type Camera int

// The camera's conditions.
const (
	Starting Camera = iota
	Live
	Off
)

// Source says who read the number.
type Source int

// The sources.
const (
	ByNobody Source = iota
	ByServer
	ByDevice
	ByBoth // read on the device, and the server agrees
	ByHand
)

// Policy is where pictures may be read.
type Policy string

// The policies; the zero value means PolicyServer.
const (
	PolicyServer Policy = "server" // every picture is sent
	PolicyDevice Policy = "device" // no picture ever leaves
	PolicyBoth   Policy = "both"   // read here at once, confirmed there
)

// ParsePolicy returns the policy of that name; anything unknown is PolicyServer.
func ParsePolicy(s string) Policy {
	switch p := Policy(s); p {
	case PolicyDevice, PolicyBoth:
		return p
	}
	return PolicyServer
}

// Picture is the picture that was taken or chosen, as it is sent. URL is an object URL of it.
type Picture struct {
	URL   string
	Crop  fit.Crop      // what of the frame it shows, and its own size
	Bound geometry.Quad // of the card in this picture; zero while unknown
}

// Bounded reports whether the card's corners are known.
func (p *Picture) Bounded() bool { return p.Bound != geometry.Quad{} }

// Shown returns the part of the picture to show, between two corners: around the card once it is known, all before.
func (p *Picture) Shown() (lo, hi geometry.Point) {
	hi = geometry.Point{X: float64(p.Crop.OutW), Y: float64(p.Crop.OutH)}
	if !p.Bounded() {
		return lo, hi
	}
	a, b := p.Bound.Bounds()
	room := 0.06 * max(b.X-a.X, b.Y-a.Y)
	clamp := func(q geometry.Point) geometry.Point {
		return geometry.Point{X: min(max(q.X, 0), hi.X), Y: min(max(q.Y, 0), hi.Y)}
	}
	a, b = clamp(geometry.Point{X: a.X - room, Y: a.Y - room}), clamp(geometry.Point{X: b.X + room, Y: b.Y + room})
	if b.X-a.X < 1 || b.Y-a.Y < 1 { // the answer's corners lie outside the picture
		return lo, hi
	}
	return a, b
}

// Read is what a recognizer said of a picture.
type Read struct {
	Bound  geometry.Quad
	Number cardnumber.Number
	Digits []float64 // confidence by digit, 0 to 1; nil when not known
	Sure   float64   // confidence in the whole number, 0 to 1; 0 when not known
	By     Source
}

// State is all that the page shows. Methods are its only way to change.
type State struct {
	View     View
	Policy   Policy
	Camera   Camera
	Fault    Fault // why View is Trouble, or why there is no camera
	Picture  *Picture
	Progress float64 // share of the picture that is sent, 0 to 1
	Phase    Phase
	Checking bool // the server's word on a number read here is still out
	Source   Source
	Entry    Entry

	// Of the live preview.
	Hint   guide.Hint
	Toward Way  // where the card must go while Hint is guide.Centre; "" where that can't be told
	Needy  bool // ten seconds went by: the other ways come forward

	// Of the camera in use.
	Torch      Switch
	MoreLenses bool

	Copied bool // the number went to the clipboard

	shot   int // counts pictures; answers to earlier ones are stale
	before View
}

// Way is a direction in the picture, for people who can't see the outline: "centre it" alone would not help them
// (card.io-iOS-SDK#202). Its texts are "hint.centre.<way>".
type Way string

// WayToMiddle returns the way that a card must go most in a frame of that size. Along the line of the way told before, its
// distance counts twice: words that lead on stay.
func WayToMiddle(card geometry.Quad, width, height int, before Way) Way {
	away := card.Center().Sub(geometry.Point{X: float64(width) / 2, Y: float64(height) / 2})
	switch before {
	case "left", "right":
		away.X *= 2
	case "up", "down":
		away.Y *= 2
	}
	switch across := math.Abs(away.X) >= math.Abs(away.Y); {
	case across && away.X > 0:
		return "left"
	case across:
		return "right"
	case away.Y > 0:
		return "up"
	}
	return "down"
}

// Switch is a thing that may be absent, off or on.
type Switch int

// The switch's positions.
const (
	Absent Switch = iota
	SwitchedOff
	SwitchedOn
)

// Phase is how far the reading of a picture has come.
type Phase int

// The phases.
const (
	Preparing Phase = iota
	Sending
	Waiting  // sent, not answered
	OnDevice // read here
)

// Shot names one picture; whatever comes back for an older one is ignored.
type Shot int
