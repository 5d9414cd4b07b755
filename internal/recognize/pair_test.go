package recognize

import (
	"image"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// marked returns a card as it is seen when it fills the frame, and the lines on it as the card net marks them.
func marked(t *testing.T, card image.Image) (*run, *view, []textLine) {
	t.Helper()
	r := begun(t, frame.FromImage(card))
	w, h := r.frame.Size()
	v, ok := r.look(geometry.Rect(0, 0, float64(w), float64(h)))
	if !ok {
		t.Fatal("the card can't be seen")
	}
	if v, ok = r.bothWays(v); !ok {
		t.Fatal("the card can't be seen both ways up")
	}
	return r, &v, r.directions(&v, digitLevel)[0].lines
}

func drawn(number, layout string) *synth.Card {
	style := synth.Embossed
	return synth.DrawCard(rand.New(rand.NewPCG(5, 1)), synth.CardOptions{Digits: number, Layout: layout, Style: &style})
}

// Where but one of two rows is marked, and plainly so, the other is looked for; not by those who have a frame's time only.
func TestTheSecondOfTwoRowsIsLookedFor(t *testing.T) {
	const number = "5105105105105100"
	r, v, rows := marked(t, drawn(number, "4-4/4-4").Picture.Image())
	if len(rows) != 2 {
		t.Fatalf("%d lines are marked on a card with two", len(rows))
	}
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

// Three digits beneath a whole number are not its rest.
func TestAWholeNumberIsNoRowOfTwo(t *testing.T) {
	const number = "5105105105105100"
	card := drawn(number, "4-4-4-4")
	img, line := card.Picture.Image(), card.Lines[0]
	first, last := line.Glyphs[13], line.Glyphs[15]
	step := int(1.9 * first.Height)
	digits := image.Rect(int(first.Center.X-first.Width), int(first.Center.Y-0.8*first.Height), int(last.Center.X+last.Width), int(last.Center.Y+0.8*last.Height))
	draw.Draw(img, digits.Add(image.Pt(-digits.Dx(), step)), img, digits.Min, draw.Src)
	r, v, lines := marked(t, img)
	l := lines[0]
	l.height = l.length() / 10.5 // small digits look higher to the net than they are
	if got, ok := r.readPairs(v, []textLine{l}); ok && len(got.digits) > 16 {
		t.Errorf("%q is read", got.digits)
	}
}

// Beside a line that reads like no row, none is looked for: most pictures in which nothing is read show such lines.
func TestNoRowIsLookedForBesideAnythingElse(t *testing.T) {
	const number = "5105105105105100"
	r, v, rows := marked(t, drawn(number, "4-4/4-4").Picture.Image())
	r.trace = &Trace{}
	empty := rows[0]
	_, down := empty.axes()
	empty.start, empty.end = empty.start.Sub(down.Mul(2*empty.height)), empty.end.Sub(down.Mul(2*empty.height))
	for name, c := range map[string]struct {
		line textLine
		want int
	}{"nothing": {empty, 1}, "a row": {rows[0], 1 + 2*len(beside)}} {
		r.trace.pending = nil
		s := r.newStacking(v)
		s.layouts = twoAlike
		s.pair(c.line)
		if n := len(r.trace.pending); n != c.want {
			t.Errorf("%s: %d strips are read, want %d", name, n, c.want)
		}
	}
}
