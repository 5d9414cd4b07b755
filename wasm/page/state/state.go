// Package state is the page's mind: what is shown, what may follow it, and which late answers no longer count. It knows
// neither the browser nor vecty, so that all of it is tested natively; the page's components draw it and the page's
// controller does what it asks for.
package state

import (
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
	Hint       guide.Hint
	Steadiness float64 // 0 to 1, fills the shutter's ring
	Needy      bool    // ten seconds went by: the other ways come forward

	// Of the camera in use.
	Torch      Switch
	MoreLenses bool

	Copied bool // the number went to the clipboard

	shot   int // counts pictures; answers to earlier ones are stale
	before View
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

// CameraLive says that frames are coming.
func (s *State) CameraLive(torch, moreLenses bool) {
	s.Camera, s.MoreLenses, s.Torch = Live, moreLenses, Absent
	if torch {
		s.Torch = SwitchedOff
	}
	if s.View == Trouble && s.Fault.OfCamera() {
		s.View = Scan
	}
	if s.Fault.OfCamera() {
		s.Fault = FaultNone
	}
}

// CameraFailed says that there is no camera, and why. A picture, a result or typing that is under way goes on.
func (s *State) CameraFailed(f Fault) {
	s.Camera, s.Torch, s.MoreLenses = Off, Absent, false
	s.Hint, s.Steadiness = guide.None, 0
	if s.View == Scan {
		s.View, s.Fault = Trouble, f
	}
}

// CameraStarting says that the camera is being asked for.
func (s *State) CameraStarting() {
	s.Camera, s.Torch = Starting, Absent
	if s.View == Trouble && s.Fault.OfCamera() || s.View == Closed {
		s.View, s.Fault = Scan, FaultNone
	}
}

// Guided takes in what the preview advises. It counts only while the camera's view is shown.
func (s *State) Guided(a guide.Advice) {
	if s.View != Scan || s.Camera != Live {
		return
	}
	s.Hint, s.Steadiness, s.Needy = a.Hint, a.Steadiness, a.Needy
}

// Begin starts with a new picture. It reports false where one is being read already.
func (s *State) Begin() (Shot, bool) {
	if s.View == Reading {
		return 0, false
	}
	s.shot++
	s.View, s.Phase, s.Progress, s.Fault = Reading, Preparing, 0, FaultNone
	s.Picture, s.Checking, s.Source = nil, false, ByNobody
	s.Entry = Entry{}
	s.Hint, s.Steadiness = guide.None, 0
	return Shot(s.shot), true
}

// Repeat starts again with the picture at hand, after a failure. It reports false where there is none.
func (s *State) Repeat() (Shot, bool) {
	if s.View != Trouble || s.Picture == nil {
		return 0, false
	}
	kept := s.Picture
	shot, ok := s.Begin()
	s.Picture = kept
	return shot, ok
}

// current reports whether the shot is the latest one and its reading still wanted.
func (s *State) current(shot Shot) bool { return int(shot) == s.shot && s.View == Reading }

// Taken says that the picture is encoded. It reports false when it is no longer wanted.
func (s *State) Taken(shot Shot, p Picture) bool {
	if !s.current(shot) {
		return false
	}
	s.Picture = &p
	return true
}

// Proceed says how far the reading has come: the phase, and while sending the share that is sent.
func (s *State) Proceed(shot Shot, phase Phase, progress float64) {
	if s.current(shot) {
		s.Phase, s.Progress = phase, progress
	}
}

// Answer takes in what was read. While it waits to be confirmed by the server, checking is true.
func (s *State) Answer(shot Shot, r Read, checking bool) bool {
	switch {
	case !s.current(shot):
		return false
	case r.Number.IsZero() && r.Bound == (geometry.Quad{}):
		if s.Picture != nil {
			s.Picture.Bound = geometry.Quad{} // what the preview took for a card is none
		}
		s.Fail(shot, FaultNoCard)
		return true
	}
	if s.Picture != nil {
		s.Picture.Bound = r.Bound
	}
	if r.Number.IsZero() {
		s.Fail(shot, FaultUnreadable)
		return true
	}
	s.View, s.Source, s.Checking = Result, r.By, checking
	s.Entry = NewEntry(r.Number, r.Digits)
	s.Entry.Confidence = r.Sure
	return true
}

// Confirm takes in the server's word on a number that was read here. Where they differ, the digits that differ become
// doubtful, and the server's stand, unless the person has begun to edit. A zero Read: the server had nothing to say.
func (s *State) Confirm(shot Shot, r Read) {
	if int(shot) != s.shot || !s.Checking {
		return
	}
	s.Checking = false
	switch {
	case r.Number.IsZero() || s.View != Result || s.Entry.Edited:
	case r.Number == s.Entry.Read:
		s.Source = ByBoth
		s.Entry.Settle()
	default:
		s.Source = ByServer
		s.Entry = s.Entry.Against(r.Number, r.Digits)
		s.Entry.Confidence = r.Sure
		if s.Picture != nil && r.Bound != (geometry.Quad{}) {
			s.Picture.Bound = r.Bound
		}
	}
}

// Fail ends the reading with a failure; the picture is kept.
func (s *State) Fail(shot Shot, f Fault) bool {
	if !s.current(shot) {
		return false
	}
	s.View, s.Fault = Trouble, f
	return true
}

// Cancel gives the reading up and returns to the camera; the late answer will not count.
func (s *State) Cancel() {
	if s.View == Reading {
		s.Again()
	}
}

// Again drops picture and number, and returns to the camera.
func (s *State) Again() {
	s.shot++
	s.View, s.Fault, s.Picture, s.Entry = Scan, FaultNone, nil, Entry{}
	s.Checking, s.Copied, s.Source, s.Needy = false, false, ByNobody, false
	s.Hint, s.Steadiness = guide.None, 0
}

// Type opens the typing of the number. What was read, if anything, is the start of it.
func (s *State) Type() {
	if s.View == Typing {
		return
	}
	s.before = s.View
	if s.before == Reading {
		s.shot++
		s.before = Scan
	}
	s.View, s.Copied = Typing, false
	s.Entry = Entry{Groups: []string{s.Entry.Digits()}, Edited: true}
	s.Source, s.Checking = ByHand, false
}

// Back leaves the typing for what was before it.
func (s *State) Back() {
	if s.View != Typing {
		return
	}
	if s.before == Trouble && s.Fault != FaultNone {
		s.View = Trouble
		return
	}
	s.Again()
}

// Use hands the number over. It reports false where there is no possible number yet.
func (s *State) Use() (cardnumber.Number, bool) {
	n, err := s.Entry.Number()
	if err != nil || s.View != Result && s.View != Typing {
		s.Entry.Asked = true
		return cardnumber.Number{}, false
	}
	s.View, s.Checking = Done, false
	s.shot++
	return n, true
}

// Bound returns the card's corners in the picture, zero when there is none or the number was typed.
func (s *State) Bound() geometry.Quad {
	if s.Picture == nil || s.Source == ByHand {
		return geometry.Quad{}
	}
	return s.Picture.Bound
}

// Close switches everything off and forgets picture and number.
func (s *State) Close() {
	s.Again()
	s.View, s.Camera, s.Torch, s.MoreLenses = Closed, Off, Absent, false
}
