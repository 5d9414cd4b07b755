package state

import (
	"slices"
	"testing"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
)

func TestTyping(t *testing.T) {
	s := live()
	s.Type()
	if s.View != Typing {
		t.Fatal("no typing")
	}
	if _, ok := s.Use(); ok || s.Entry.Advice() != AdviceShort {
		t.Errorf("used nothing; advice %q", s.Entry.Advice())
	}
	s.Entry.Set(0, "4111 1111 1111 1111")
	if s.Entry.Advice() != AdviceFine || s.Entry.Brand() != cardnumber.Visa {
		t.Errorf("advice %q, brand %q", s.Entry.Advice(), s.Entry.Brand())
	}
	if n, ok := s.Use(); !ok || n != number(t, "4111111111111111") || s.Bound() != (geometry.Quad{}) {
		t.Errorf("use: %v %v", n, ok)
	}
	// What was read is where the typing starts; the way back leads to the trouble before it.
	s, shot := taken(t)
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111")}, false)
	s.Type()
	if s.Entry.Digits() != "4111111111111111" || s.Source != ByHand || s.Bound() != (geometry.Quad{}) {
		t.Error("typing forgot what was read, or is told as a reading")
	}
	s = &State{}
	s.CameraFailed(FaultNoCamera)
	s.Type()
	s.Back()
	if s.View != Trouble || s.Fault != FaultNoCamera {
		t.Errorf("back: %+v", s)
	}
	s.Type()
	if s.CameraLive(false, false); s.View != Typing {
		t.Error("the camera came, and took the typing away")
	}
	if s.Back(); s.View != Scan {
		t.Errorf("back, and there is a camera by now: %+v", s)
	}
	s, _ = taken(t)
	s.Type()
	if s.Back(); s.View != Scan || s.Entry.Digits() != "" || s.Source != ByNobody {
		t.Errorf("back from typing in place of a reading: %+v", s)
	}
	for _, before := range []View{Scan, Closed} {
		s = live()
		if before == Closed {
			s.Close()
		}
		s.Type()
		s.Back()
		if s.View != before {
			t.Errorf("back: view %d, not %d", s.View, before)
		}
	}
}

// Closed, the page has no number, no picture and no camera, whatever it was doing; so has the scan after one, and the next use.
func TestClosingForgets(t *testing.T) {
	s, shot := taken(t)
	s.Guided(guide.Advice{Hint: guide.Closer, Needy: true})
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111"), By: ByDevice}, true)
	s.Close()
	if s.View != Closed || s.Picture != nil || s.Entry.Digits() != "" || s.Checking || s.Source != ByNobody || s.Bound() != (geometry.Quad{}) {
		t.Errorf("%+v", s)
	}
	if s.Camera != Off || s.Torch != Absent || s.MoreLenses || s.Hint != guide.None || s.Needy {
		t.Errorf("the camera: %+v", s)
	}
	s.CameraStarting()
	if s.View != Scan || s.Camera != Starting {
		t.Errorf("opened again: %+v", s)
	}
	s, shot = taken(t)
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111"), By: ByDevice}, true)
	s.Use()
	if s.Confirm(shot, Read{Bound: bound, Number: number(t, "4222222222222220")}); s.Checking || s.Entry.Digits() != "4111111111111111" {
		t.Error("the server's word came after the number was used, and was heard")
	}
}

// While a number is typed, a network is told as soon as the digits are its own, and no other before.
func TestBrandWhileTyping(t *testing.T) {
	for digits, want := range map[string]cardnumber.Brand{
		"": "", "5": "", "55": cardnumber.Mastercard, "50": "", "5018": cardnumber.Maestro, "3": "", "37": cardnumber.AmericanExpress,
		"36": cardnumber.DinersClub, "35": "", "3530": cardnumber.JCB, "4": cardnumber.Visa, "401178": cardnumber.Elo, "2": "",
		"222": "", "2223": cardnumber.Mastercard, "6": "", "62": cardnumber.UnionPay, "6011": cardnumber.Discover, "9": "",
		"12345678901234567890": "",
	} {
		if e := (&Entry{Groups: []string{digits}}); e.Brand() != want {
			t.Errorf("%q: %q, want %q", digits, e.Brand(), want)
		}
	}
}

func TestEntry(t *testing.T) {
	digits := slices.Repeat([]float64{0.99}, 16)
	digits[9] = 0.5
	e := NewEntry(number(t, "4000123456789017"), digits)
	if !slices.Equal(e.Doubt, []bool{false, false, true, false}) || e.Advice() != AdviceCompare || e.Doubts() != 1 {
		t.Errorf("doubt %v, advice %q", e.Doubt, e.Advice())
	}
	if kept := e.Set(2, "56a7８9"); kept != "56789" || e.Doubts() != 0 || !e.Edited {
		t.Errorf("kept %q of a group, doubts %d", kept, e.Doubts())
	}
	if kept := e.Set(2, "567890123"); kept != "5678901" {
		t.Errorf("kept %q: the number may have 19 digits", kept)
	}
	if kept := e.Set(len(e.Groups), "5"); kept != "" || e.Digits() != "4000123456789019017" {
		t.Errorf("kept %q of a group that is gone", kept)
	}
	e.Asked, e.Confidence = true, 0.4
	if e.Set(0, "4000"); !e.Asked || e.Confidence != 0.4 {
		t.Errorf("nothing was changed: asked %v, confidence %v", e.Asked, e.Confidence)
	}
	if e.Set(0, "400"); e.Asked || e.Confidence != 1 {
		t.Errorf("a digit was taken away: asked %v, confidence %v", e.Asked, e.Confidence)
	}
	for name, c := range map[string]struct {
		digits string
		want   Advice
	}{
		"valid": {"4111111111111111", AdviceFine}, "no check digit": {"4000123456789018", AdviceLuhn},
		"odd length": {"411111111111111", AdviceLength},
	} {
		if e := NewEntry(number(t, c.digits), nil); e.Advice() != c.want {
			t.Errorf("%s: advice %q", name, e.Advice())
		}
	}
	for digits, is := range map[string]bool{"50180000000": false, "501800000009": true, "4000123456789019017": true, "40001234567890190170": false} {
		if _, err := (&Entry{Groups: []string{digits}}).Number(); (err == nil) != is {
			t.Errorf("%d digits are a number: %v", len(digits), err == nil)
		}
	}
	for text, want := range map[string]string{"٤١١١": "4111", "४१": "41", "۴۱": "41", "৪১": "41", "４１": "41", "x4-1 ": "41", "4:/1": "41", "": ""} {
		if got := onlyDigits(text, 19); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// A whole number takes the place of the one that was read, of another length, too; a part of one does not.
func TestReplace(t *testing.T) {
	for text, want := range map[string][]string{
		"3782 822463 10005": {"3782", "822463", "10005"}, "No. 4111-1111-1111-1111": {"4111", "1111", "1111", "1111"}, "501800000009": {"5018", "0000", "0009"},
		// With an expiry date or a code behind it, or before. One that does not check is taken as it stands.
		"4111 1111 1111 1111 12/27": {"4111", "1111", "1111", "1111"}, "4111111111111111\t1227\t123": {"4111", "1111", "1111", "1111"}, "5018 0000 0009 12/27": {"5018", "0000", "0009"},
		"6225 7600 0000 0000 007 12/2027": {"6225", "7600", "0000", "0000", "007"}, "4111 1111 1111 1112": {"4111", "1111", "1111", "1112"},
		"": nil, "4111": nil, "41111111111": nil, "41111111111111111111": nil, "4111 1111 1111 1112 12/27": nil,
	} {
		e := NewEntry(number(t, "4000123456789017"), slices.Repeat([]float64{0.5}, 16))
		before := slices.Clone(e.Groups)
		switch is := e.Replace(text); {
		case is != (want != nil):
			t.Errorf("%d characters: taken as a number: %v", len(text), is)
		case !is && (!slices.Equal(e.Groups, before) || e.Edited):
			t.Errorf("%d characters changed the number", len(text))
		case is && (!slices.Equal(e.Groups, want) || !e.Edited || e.Doubts() != 0 || e.Confidence != 1):
			t.Errorf("%d characters: %d groups, %d of them doubtful", len(text), len(e.Groups), e.Doubts())
		}
	}
}

// A number that is typed has one field, also when it is pasted there.
func TestReplaceWhatIsTyped(t *testing.T) {
	e := Entry{Groups: []string{"41"}, Edited: true}
	if !e.Replace("4111 1111 1111 1111 12/27") || !slices.Equal(e.Groups, []string{"4111111111111111"}) {
		t.Errorf("%d groups of %d digits", len(e.Groups), len(e.Digits()))
	}
}

func TestSpacing(t *testing.T) {
	for digits, want := range map[string]string{
		"": "", "4": "4", "41111": "4111 1", "411111111": "4111 1111 1", "4111111111111111": "4111 1111 1111 1111",
		"3782822463": "3782 822463", "37828224631": "3782 822463 1", "378282246310005": "3782 822463 10005",
		"6225760000000000007": "6225 7600 0000 0000 007",
	} {
		if got := Spaced(digits); got != want {
			t.Errorf("%d digits: %q", len(digits), got)
		}
	}
	// The caret stays behind the digit it stood behind.
	for _, c := range []struct {
		text   string
		caret  int
		spaced string
		want   int
	}{{"41111", 5, "4111 1", 6}, {"4111 1", 4, "4111 1", 4}, {"41x11 1", 3, "4111", 2}, {"", 0, "", 0}} {
		if got := CaretAfter(c.spaced, DigitsBefore(c.text, c.caret)); got != c.want {
			t.Errorf("%q at %d: %d, want %d", c.text, c.caret, got, c.want)
		}
	}
	n := number(t, "378282246310005")
	if got := Grouped(n.Masked(), n.Groups()); got != "3782 82•••• •0005" {
		t.Errorf("masked and grouped: %q", got)
	}
}
