// The ways in which the state changes, in the order in which a person meets them.

package state

import (
	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

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
	s.Hint = guide.None
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

// Looking reports whether the camera is there and looked through; while a lens changes, none is.
func (s *State) Looking() bool { return s.View == Scan && s.Camera == Live }

// Guided takes in what the preview advises. It counts only while the camera's view is shown.
func (s *State) Guided(a guide.Advice) {
	if !s.Looking() {
		return
	}
	s.Hint, s.Needy = a.Hint, a.Needy
	if s.Hint == guide.None && a.Tracked {
		s.Hint = guide.HoldStill // a card was just found: "fit it in the frame" would be behind the times
	}
}

// Begin starts with a new picture. It reports false where one is being read already.
func (s *State) Begin() (Shot, bool) {
	if s.View == Reading {
		return 0, false
	}
	s.shot++
	s.View, s.Phase, s.Progress, s.Fault = Reading, Preparing, 0, FaultNone
	s.Picture, s.Checking, s.Copied, s.Source = nil, false, false, ByNobody
	s.Entry = Entry{}
	s.Hint = guide.None
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

// Proceed says how far the reading has come: the phase, and while sending the share that is sent. It reports false when
// the picture is no longer wanted.
func (s *State) Proceed(shot Shot, phase Phase, progress float64) bool {
	if !s.current(shot) {
		return false
	}
	s.Phase, s.Progress = phase, progress
	return true
}

// Answer takes in what was read. While it waits to be confirmed by the server, checking is true. It reports false when the
// picture is no longer wanted.
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
// doubtful, and the server's stand, unless the person has begun to edit. What is no possible number is no word on one: Face++
// hands parts on, too. Nor is a zero Read. It reports true when another number stands there now.
func (s *State) Confirm(shot Shot, r Read) bool {
	if int(shot) != s.shot || !s.Checking {
		return false
	}
	s.Checking = false
	theirs := s.Entry.Against(r.Number, r.Digits)
	_, err := theirs.Number()
	switch {
	case err != nil || s.View != Result || s.Entry.Edited:
	case r.Number == s.Entry.Read:
		s.Source = ByBoth
		s.Entry.Settle()
	default:
		s.Source = ByServer
		s.Entry = theirs
		s.Entry.Confidence = r.Sure
		if s.Picture != nil && r.Bound != (geometry.Quad{}) {
			s.Picture.Bound = r.Bound
		}
		return true
	}
	return false
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
	s.Hint = guide.None
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
	switch {
	case s.before == Trouble && s.Fault != FaultNone:
		s.View = Trouble
	case s.before == Closed:
		s.Close()
	default:
		s.Again()
	}
}

// Use hands the number over; the picture has done its work. It reports false where there is no possible number yet.
func (s *State) Use() (cardnumber.Number, bool) {
	n, err := s.Entry.Number()
	if err != nil || s.View != Result && s.View != Typing {
		s.Entry.Asked = true
		return cardnumber.Number{}, false
	}
	s.View, s.Checking, s.Picture, s.Copied = Done, false, nil, false
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
