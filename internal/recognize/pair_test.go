package recognize

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// twoRows draws a card with a number on two rows, and returns them as the card net marks them.
func twoRows(t *testing.T, number string) (*run, *view, []textLine) {
	t.Helper()
	style := synth.Embossed
	card := synth.DrawCard(rand.New(rand.NewPCG(5, 1)), synth.CardOptions{Digits: number, Layout: "4-4/4-4", Style: &style})
	r := begun(t, frame.FromImage(card.Picture.Image()))
	w, h := r.frame.Size()
	v, ok := r.look(geometry.Rect(0, 0, float64(w), float64(h)))
	if !ok {
		t.Fatal("the card can't be seen")
	}
	if v, ok = r.bothWays(v); !ok {
		t.Fatal("the card can't be seen both ways up")
	}
	lines := r.directions(&v, digitLevel)[0].lines
	if len(lines) != 2 {
		t.Fatalf("%d lines are marked on a card with two", len(lines))
	}
	return r, &v, lines
}

// Where but one of two rows is marked, and plainly so, the other is looked for; not by those who have a frame's time only.
func TestTheSecondOfTwoRowsIsLookedFor(t *testing.T) {
	const number = "5105105105105100"
	r, v, rows := twoRows(t, number)
	for name, c := range map[string]struct {
		row      int
		strength float64
		patient  bool
		want     bool
	}{
		"the first": {0, 0.8, true, true}, "the second": {1, 0.8, true, true},
		"hardly marked": {0, 0.4, true, false}, "in a hurry": {0, 0.8, false, false},
	} {
		l := rows[c.row]
		l.strength, r.patient = c.strength, c.patient
		read := slices.ContainsFunc(r.readLines(v, []textLine{l}, nil), func(t text) bool { return string(t.digits) == number })
		if read != c.want {
			t.Errorf("%s: %v that it is read", name, read)
		}
	}
}
