package state

import (
	"slices"
	"testing"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
	"ocrbankcard/wasm/capture/fit"
)

func number(t *testing.T, digits string) cardnumber.Number {
	t.Helper()
	n, err := cardnumber.Parse(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var bound = geometry.Rect(100, 80, 900, 580)

// live is a state whose camera shows frames.
func live() *State {
	s := &State{}
	s.CameraStarting()
	s.CameraLive(true, true)
	return s
}

// taken is a state with a picture that is being read.
func taken(t *testing.T) (*State, Shot) {
	t.Helper()
	s := live()
	shot, ok := s.Begin()
	if !ok || !s.Taken(shot, Picture{URL: "blob:1", Crop: fit.Crop{W: 1000, H: 700, OutW: 1000, OutH: 700}}) {
		t.Fatal("no picture was taken")
	}
	return s, shot
}

func TestTheWholeWay(t *testing.T) {
	s, shot := taken(t)
	s.Proceed(shot, Sending, 0.5)
	if s.View != Reading || s.Phase != Sending || s.Progress != 0.5 {
		t.Fatalf("while sending: %+v", s)
	}
	if !s.Answer(shot, Read{Bound: bound, Number: number(t, "378282246310005"), By: ByServer, Sure: 0.9}, false) {
		t.Fatal("the answer did not count")
	}
	if s.View != Result || !slices.Equal(s.Entry.Groups, []string{"3782", "822463", "10005"}) || s.Picture.Bound != bound {
		t.Fatalf("result: %+v", s)
	}
	n, ok := s.Use()
	if !ok || n != number(t, "378282246310005") || s.View != Done || s.Picture != nil {
		t.Fatalf("used: %v %v, picture kept: %v", n, ok, s.Picture != nil)
	}
	s.Copied = true
	if shot, _ = s.Begin(); s.Copied { // a picture that is dropped or pasted there
		t.Error("the next number is told as copied before it is read")
	}
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111")}, false)
	if _, ok := s.Use(); !ok || s.Copied {
		t.Errorf("the next number used: %v; as if it were on the clipboard: %v", ok, s.Copied)
	}
	s.Again()
	if s.View != Scan || s.Picture != nil || s.Entry.Digits() != "" {
		t.Errorf("after again: %+v", s)
	}
}

func TestLateAnswersDoNotCount(t *testing.T) {
	read := Read{Bound: bound, Number: number(t, "4111111111111111")}
	for name, leave := range map[string]func(s *State){
		"cancelled": (*State).Cancel, "closed": (*State).Close, "typing": (*State).Type,
		"another picture": func(s *State) { s.Cancel(); s.Begin() },
	} {
		s, shot := taken(t)
		leave(s)
		if s.Answer(shot, read, false) || s.Fail(shot, FaultServer) || s.Taken(shot, Picture{}) {
			t.Errorf("%s: a late answer counted", name)
		}
		if s.View == Result || s.View == Trouble {
			t.Errorf("%s: a late answer is shown", name)
		}
	}
}

func TestOnePictureAtATime(t *testing.T) {
	s, _ := taken(t)
	if _, ok := s.Begin(); ok {
		t.Error("a second picture began while the first is read")
	}
}

// Nothing of a picture is left to the one after it (card.io-iOS-SDK#236).
func TestAPictureBeginsAnew(t *testing.T) {
	s, shot := taken(t)
	s.Proceed(shot, Waiting, 1)
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111"), By: ByDevice, Sure: 0.9}, true)
	if s.Entry.Confidence != 0.9 || s.Bound() != bound || s.Source != ByDevice || !s.Checking {
		t.Fatalf("%+v", s)
	}
	s.Begin()
	if s.Phase != Preparing || s.Progress != 0 || s.Picture != nil || s.Checking || s.Source != ByNobody || s.Entry.Digits() != "" || s.Entry.Confidence != 0 {
		t.Errorf("%+v", s)
	}
	s.Confirm(shot, Read{Bound: bound, Number: number(t, "4222222222222220")})
	if s.Entry.Digits() != "" || s.View != Reading {
		t.Errorf("a word on the picture before was heard: %+v", s)
	}
	s, shot = taken(t)
	s.Fail(shot, FaultTimeout)
	if s.Begin(); s.Fault != FaultNone {
		t.Errorf("the fault before: %q", s.Fault)
	}
	s.Proceed(shot, Waiting, 1)
	if s.Phase != Preparing {
		t.Error("a word on how far an earlier picture came was heard")
	}
}

func TestNoCardAndNoNumberAreDifferent(t *testing.T) {
	s, shot := taken(t)
	s.Picture.Bound = bound // as the preview saw it
	s.Answer(shot, Read{}, false)
	if s.View != Trouble || s.Fault != FaultNoCard || s.Picture == nil || s.Picture.Bounded() {
		t.Errorf("no card: %+v", s)
	}
	s, shot = taken(t)
	s.Answer(shot, Read{Bound: bound}, false)
	if s.View != Trouble || s.Fault != FaultUnreadable || !s.Picture.Bounded() {
		t.Errorf("no number: %+v", s)
	}
}

func TestAFailureKeepsThePictureForAnotherTry(t *testing.T) {
	s, shot := taken(t)
	s.Fail(shot, FaultTimeout)
	if s.View != Trouble || s.Picture == nil {
		t.Fatalf("%+v", s)
	}
	again, ok := s.Repeat()
	if !ok || s.View != Reading || s.Picture == nil || s.Picture.URL != "blob:1" {
		t.Fatalf("repeat: %+v", s)
	}
	if s.Answer(shot, Read{Number: number(t, "4111111111111111"), Bound: bound}, false) {
		t.Error("the first try's answer counted for the second")
	}
	if !s.Answer(again, Read{Number: number(t, "4111111111111111"), Bound: bound}, false) {
		t.Error("the second try's answer did not count")
	}
	if _, ok := s.Repeat(); ok {
		t.Error("repeated a success")
	}
}

func TestGuidanceCountsOnlyBeforeTheCamera(t *testing.T) {
	s := live()
	s.Guided(guide.Advice{Hint: guide.Closer, Needy: true})
	if s.Hint != guide.Closer || !s.Needy {
		t.Errorf("%+v", s)
	}
	for tracked, want := range map[bool]guide.Hint{true: guide.HoldStill, false: guide.None} {
		if s.Guided(guide.Advice{Tracked: tracked}); s.Hint != want {
			t.Errorf("tracked %v, no advice yet: %q", tracked, s.Hint)
		}
	}
	s.Guided(guide.Advice{Hint: guide.Closer, Tracked: true})
	s.Begin()
	s.Guided(guide.Advice{Hint: guide.Dark})
	if s.Hint != guide.None {
		t.Errorf("a hint while reading: %q", s.Hint)
	}
}

func TestTheServersWordOnANumberReadHere(t *testing.T) {
	here, there := "4111111111111111", "4111111111411111"
	begin := func() (*State, Shot) {
		s, shot := taken(t)
		s.Answer(shot, Read{Bound: bound, Number: number(t, here), By: ByDevice, Digits: slices.Repeat([]float64{0.8}, 16)}, true)
		return s, shot
	}
	s, shot := begin()
	if s.Entry.Doubts() != 4 {
		t.Errorf("%d doubts", s.Entry.Doubts())
	}
	if other := s.Confirm(shot, Read{Number: number(t, here), Bound: bound}); other || s.Source != ByBoth || s.Entry.Doubts() != 0 || s.Checking {
		t.Errorf("agreed: %+v", s)
	}
	s, shot = begin()
	if other := s.Confirm(shot, Read{Number: number(t, there), Bound: bound}); !other || s.Source != ByServer || s.Entry.Digits() != there || !slices.Equal(s.Entry.Doubt, []bool{false, false, true, false}) {
		t.Errorf("differed: %+v", s.Entry.Doubt)
	}
	s, shot = begin()
	s.Confirm(shot, Read{})
	if s.Source != ByDevice || s.Entry.Digits() != here || s.Checking {
		t.Errorf("no word: %+v", s)
	}
	for _, none := range []string{here[:11], here + here} {
		part, err := cardnumber.ParseReading(none)
		if err != nil {
			t.Fatal(err)
		}
		s, shot = begin()
		s.Confirm(shot, Read{Number: part, Bound: bound})
		if s.Source != ByDevice || s.Entry.Digits() != here || s.Checking {
			t.Errorf("%d digits that are no number took the place of one", len(none))
		}
	}
	s, shot = begin()
	s.Entry.Set(0, "4222")
	if other := s.Confirm(shot, Read{Number: number(t, there), Bound: bound}); other || s.Entry.Groups[0] != "4222" || s.Entry.Digits() == there {
		t.Error("what a person typed was overwritten")
	}
	s, shot = begin()
	s.Again()
	s.Confirm(shot, Read{Number: number(t, there)})
	if s.View != Scan || s.Entry.Digits() != "" {
		t.Error("a word on an earlier number was heard")
	}
}

func TestWhatOfThePictureIsShown(t *testing.T) {
	p := Picture{Crop: fit.Crop{OutW: 1000, OutH: 700}}
	if lo, hi := p.Shown(); lo != (geometry.Point{}) || hi != (geometry.Point{X: 1000, Y: 700}) {
		t.Errorf("all: %v %v", lo, hi)
	}
	p.Bound = geometry.Rect(10, 200, 700, 600)
	if lo, hi := p.Shown(); lo.X != 0 || lo.Y >= 200 || hi.X <= 700 || hi.Y <= 600 || hi.X > 1000 {
		t.Errorf("card: %v %v", lo, hi)
	}
	p.Bound = geometry.Rect(2000, 2000, 2100, 2100)
	if lo, hi := p.Shown(); lo != (geometry.Point{}) || hi.X != 1000 {
		t.Errorf("a bound outside: %v %v", lo, hi)
	}
}

func TestTheWayToTheMiddle(t *testing.T) {
	for want, lo := range map[Way]geometry.Point{"left": {X: 300, Y: 60}, "right": {X: 20, Y: 60}, "up": {X: 170, Y: 190}, "down": {X: 180, Y: 5}} {
		if got := WayToMiddle(geometry.Rect(lo.X, lo.Y, lo.X+300, lo.Y+190), 640, 360, ""); got != want {
			t.Errorf("a card at %v is sent %s, not %s", lo, got, want)
		}
	}
	// From a corner: along one line until most of that way is done, then along the other; and back when it was too far.
	way := Way("")
	for _, step := range []struct {
		x, y float64
		want Way
	}{{200, 190, "left"}, {185, 190, "left"}, {100, 190, "left"}, {90, 190, "up"}, {92, 100, "up"}, {90, 20, "left"}, {-90, 20, "right"}} {
		x, y := 320+step.x, 180+step.y
		if way = WayToMiddle(geometry.Rect(x-10, y-10, x+10, y+10), 640, 360, way); way != step.want {
			t.Errorf("%v from the middle it is sent %s", step, way)
		}
	}
}
