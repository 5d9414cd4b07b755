package recognize

import "testing"

// The check digit decides where a digit is doubtful, and only there.
func TestTheCheckDigitSpeaksForDoubtfulDigits(t *testing.T) {
	const valid = "4111111111111111"
	for _, c := range []struct {
		name    string
		read    string
		at      int     // the digit in doubt
		second  int     // its second-best value
		behind  float64 // how far that is behind, in nats
		want    string
		amended bool
	}{
		{"a right number stays", valid, 3, 7, 0.1, valid, false},
		{"a doubtful digit gives way", "4117111111111111", 3, 1, 0.5, valid, true},
		{"a clear digit stays", "4117111111111111", 3, 1, 2.5, "4117111111111111", false},
		{"a change that mends nothing is none", "4117111111111111", 5, 4, 0.5, "4117111111111111", false},
	} {
		x := text{digits: []byte(c.read), slots: slotsOf(c.read, c.at, c.second, c.behind)}
		for range c.read {
			x.odds = append(x.odds, 8)
		}
		x.heedCheck()
		if string(x.digits) != c.want || x.amended != c.amended {
			t.Errorf("%s: amended %v, the digits are not the expected ones", c.name, x.amended)
		}
	}
}

// Readings of several frames are added up before the check digit is heard.
func TestTheCheckDigitIsHeardOverFrames(t *testing.T) {
	sum := tally{digits: slotsOf("4117111111111111", 3, 1, 0.5), weight: 1}
	if r := sum.fused(); string(r.text.digits) != "4111111111111111" || !r.text.amended {
		t.Error("a doubtful digit is not amended in what frames add up to")
	}
}

// slotsOf returns scores that show digits clearly, but for the one at a place, to which a second value comes that near.
func slotsOf(digits string, at, second int, behind float64) (slots [][10]float64) {
	for i := range digits {
		var scores [10]float64
		scores[digits[i]-'0'] = 8
		if i == at {
			scores[second] = 8 - behind
		}
		slots = append(slots, scores)
	}
	return slots
}
