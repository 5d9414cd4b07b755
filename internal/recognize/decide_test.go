package recognize

import (
	"math"
	"slices"
	"testing"

	"ocrbankcard/internal/geometry"
)

func TestDecide(t *testing.T) {
	card, elsewhere := geometry.Rect(100, 100, 400, 290), geometry.Rect(500, 400, 800, 590)
	frame := geometry.Rect(0, 0, 960, 640)
	// An outline without a number, of a card seen so well.
	outline := func(q geometry.Quad, seen float64) reading { return reading{quad: q, located: 1, seen: seen} }
	whole := func(r reading) reading {
		r.located = 0
		return r
	}
	nudged := card.Translate(geometry.Point{X: 5, Y: -3})
	on := func(q geometry.Quad, seen float64, r reading) reading {
		r.quad, r.seen = q, seen
		return r
	}
	inMirror := func(r reading) reading {
		r.mirrored = true
		return r
	}
	doubted := seen(card, secondCard, 0.2, 1, 5, 9)
	// A number of no brand, with a wrong check digit, on an outline seen so badly.
	nobodys := func(outline float64) reading {
		r := seen(card, "9111111111112222", 5)
		r.seen = outline
		return r
	}
	for name, c := range map[string]struct {
		found []reading
		want  []string // the numbers of the cards
		quad  geometry.Quad
	}{
		"nothing":                     {nil, nil, geometry.Quad{}},
		"the surer reading wins":      {[]reading{doubted, seen(card, firstCard, 4)}, []string{firstCard}, card},
		"an outline seen well":        {[]reading{outline(card, 0.95)}, []string{""}, card},
		"an outline hardly seen":      {[]reading{outline(card, 0.7)}, nil, geometry.Quad{}},
		"so, with a hint of a number": {[]reading{on(card, 0.7, seen(card, firstCard, 2, 3, 9))}, []string{""}, card},
		"a number that can't be told": {[]reading{nobodys(0.55)}, []string{""}, card},
		"so, on hardly an outline":    {[]reading{nobodys(0.35)}, nil, geometry.Quad{}},
		"in a mirror":                 {[]reading{inMirror(seen(card, firstCard, 2))}, []string{""}, card},
		"so, and unmistakable":        {[]reading{inMirror(seen(card, firstCard, 9))}, []string{firstCard}, card},
		"two cards":                   {[]reading{seen(card, firstCard, 4), seen(elsewhere, secondCard, 3)}, []string{firstCard, secondCard}, card},
		"two that can't be read":      {[]reading{outline(card, 0.97), outline(elsewhere, 0.95)}, []string{"", ""}, card},
		"one number, seen twice":      {[]reading{seen(card, firstCard, 4), seen(elsewhere, firstCard, 3)}, []string{firstCard}, card},
		"no more than three": {[]reading{seen(card, firstCard, 4), seen(elsewhere, secondCard, 3), seen(elsewhere.Translate(geometry.Point{X: 400}), amex, 2.8),
			outline(card.Translate(geometry.Point{Y: 400}), 0.95)}, []string{firstCard, amex, secondCard}, card},
		"of two numbers, the surer":      {[]reading{seen(card, secondCard, 3), seen(card, firstCard, 4)}, []string{firstCard}, card},
		"of two outlines, the clearer":   {[]reading{outline(nudged, 0.91), outline(card, 0.97), outline(nudged, 0.93)}, []string{""}, card},
		"one number, outlined better":    {[]reading{on(nudged, 0.93, seen(card, firstCard, 4)), on(card, 0.99, seen(card, firstCard, 3.9))}, []string{firstCard}, card},
		"another is, and less sure":      {[]reading{on(card, 0.93, seen(card, firstCard, 4)), on(nudged, 0.99, seen(card, secondCard, 3))}, []string{firstCard}, card},
		"it is, and can't be told":       {[]reading{on(card, 0.93, seen(card, firstCard, 4)), inMirror(on(nudged, 0.99, seen(card, firstCard, 2)))}, []string{firstCard}, card},
		"a number, and a clearer card":   {[]reading{outline(elsewhere, 0.99), on(card, 0.93, seen(card, firstCard, 4))}, []string{firstCard, ""}, card},
		"a scan, and no card on it":      {[]reading{whole(seen(frame, firstCard, 4))}, []string{firstCard}, frame},
		"read in the frame, seen inside": {[]reading{outline(card, 0.95), whole(seen(frame, firstCard, 4))}, []string{firstCard}, card},
		"so, and upside down": {[]reading{outline(card, 0.95), whole(seen(frame.Roll(2), firstCard, 4))}, []string{firstCard},
			card.Roll(2)},
		"of one frame, one number": {[]reading{outline(geometry.Rect(10, 10, 100, 67), 0.95), whole(seen(frame, firstCard, 4)), whole(seen(frame, secondCard, 3))},
			[]string{firstCard}, geometry.Rect(10, 10, 100, 67)},
		"of one number, the small card": {[]reading{outline(geometry.Rect(10, 10, 100, 67), 0.95), whole(seen(frame, firstCard, 4))},
			[]string{firstCard}, geometry.Rect(10, 10, 100, 67)},
	} {
		t.Run(name, func(t *testing.T) {
			cards := decide(c.found)
			if got := numbersOf(cards); !slices.Equal(got, c.want) {
				t.Fatalf("numbers %q, want %q", got, c.want)
			}
			if len(cards) > 0 && cards[0].Quad != c.quad {
				t.Errorf("outline %v, want %v", cards[0].Quad, c.quad)
			}
		})
	}
}

// With a number each digit's own probability is told: the page marks those in doubt.
func TestADoubtfulDigitIsTold(t *testing.T) {
	r := seen(geometry.Rect(100, 100, 400, 290), firstCard, 4)
	r.text.odds[7] = 0.5
	card := r.card()
	for i, p := range card.Digits {
		if (p < 0.9) != (i == 7) || p < 0.5 || p > 1 {
			t.Errorf("digit %d of %d is right by %.2f", i, len(card.Digits), p)
		}
	}
	if len(card.Digits) != len(firstCard) {
		t.Errorf("%d probabilities", len(card.Digits))
	}
}

func numbersOf(cards []Card) (numbers []string) {
	for _, card := range cards {
		numbers = append(numbers, card.Number.Reveal())
	}
	return numbers
}

// What speaks for a number on a doubtful outline decides how sure the reading must be.
func TestLegible(t *testing.T) {
	const nobodys, checks = "9111111111112222", "9111111111112225" // no brand's, and the check digit of one is wrong
	for name, c := range map[string]struct {
		digits        string
		located, seen float64
		least         float64
	}{
		"both, sure outline":          {firstCard, 1, 1, readable},
		"both, poor outline":          {firstCard, 1, 0.7, readable},
		"one, sure outline":           {secondCard, 1, 0.87, readable},
		"one, poor outline":           {secondCard, 1, 0.85, halfProven},
		"one, faint and half seen":    {secondCard, 0.8, 0.9, halfProven},
		"the other, sure outline":     {checks, 1, 0.87, readable},
		"the other, poor outline":     {checks, 1, 0.85, halfProven},
		"one, in the whole frame":     {secondCard, 0, 1, readable},
		"neither, sure outline":       {nobodys, 1, 1, readable},
		"neither, poor outline":       {nobodys, 1, 0.8, unproven},
		"neither, in the whole frame": {nobodys, 0, 1, unproven},
	} {
		t.Run(name, func(t *testing.T) {
			told, kept := false, false
			for doubt := 0.0; doubt < 12; doubt += 0.05 {
				r := seen(geometry.Rect(100, 100, 400, 290), c.digits, 9)
				r.located, r.seen = c.located, c.seen
				r.text.leftover = math.Expm1(doubt)
				sure := r.confidence()
				if got, want := r.legible(), sure >= c.least; got != want {
					t.Fatalf("confidence %.3f: legible %v, want %v", sure, got, want)
				}
				told, kept = told || sure >= c.least, kept || sure < c.least && sure > c.least-0.1
			}
			if !told || !kept {
				t.Fatal("no reading just below what is told, or none above: nothing was tested")
			}
		})
	}
}
