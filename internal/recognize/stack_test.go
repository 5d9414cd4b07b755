package recognize

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/geometry"
)

// fourRows looks at the specimen with four rows and returns its rows as the card net marks them.
func fourRows(t *testing.T) (r *run, v *view, turn int, rows []textLine) {
	t.Helper()
	r, v, d := firstDirection(t, "fourrows.jpg")
	if len(d.lines) != 4 {
		t.Fatalf("%d lines are marked on a card with four", len(d.lines))
	}
	return r, v, d.turn, d.lines
}

const onFourRows = "5105105105105100"

func moved(l textLine, by, longer float64) textLine {
	_, down := l.axes()
	middle := l.middle().Add(down.Mul(by * l.height))
	half := l.end.Sub(l.start).Mul(longer / 2)
	l.start, l.end = middle.Sub(half), middle.Add(half)
	return l
}

// The rows are found among other lines; and where one or two of them are not marked, with the others.
func TestRowsAmongOthers(t *testing.T) {
	r, v, _, rows := fourRows(t)
	above, below := moved(rows[0], -3, 3), moved(rows[3], 4, 0.7)
	for name, lines := range map[string][]textLine{
		"the rows": rows, "a line above": {above, rows[0], rows[1], rows[2], rows[3]},
		"a line below":    {rows[0], rows[1], rows[2], rows[3], below},
		"the first three": rows[:3], "the last three": rows[1:], "one lacking": {rows[0], rows[1], rows[3]},
		"a line above and two rows": {above, rows[0], rows[1]}, "the middle ones and a line": {rows[1], rows[2], below},
	} {
		if got, ok := r.readStack(v, lines); !ok || string(got.digits) != onFourRows {
			t.Errorf("%s: read as %q", name, got.digits)
		}
	}
}

// Two long rows are found among other lines, and no two that lie otherwise.
func TestLongRowsAmongOthers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	row := func(y float64) (textLine, []text, string) {
		e, digits := printed(r, []int{8}, 20, 6, 6, 0.5)
		l := textLine{start: geometry.Point{X: 40, Y: y}, end: geometry.Point{X: 90, Y: y}, height: 8}
		return l, explain([]evidence{e}, numberRow), digits
	}
	first, firstText, a := row(50)
	second, secondText, b := row(62)
	other, _, _ := row(20)
	nothing := explain([]evidence{{scale: 1}}, numberRow)
	s := (*run)(nil).newStacking(nil)
	s.among([]textLine{other, first, second}, [][]text{nothing, firstText, secondText})
	if got := string(s.best.digits); got != a+b || len(s.rows) != 2 || s.rows[0] != first {
		t.Errorf("%q is read, not %q", got, a+b)
	}
	s = (*run)(nil).newStacking(nil)
	s.among([]textLine{other, first, moved(second, 4, 1)}, [][]text{nothing, firstText, secondText})
	if got := string(s.best.digits); got == a+b {
		t.Error("rows far apart are read as one number")
	}
}

// Four rows lie evenly: a date above the first three is not one of them.
func TestFourRowsLieEvenly(t *testing.T) {
	for name, c := range map[string]struct {
		first float64
		read  bool
	}{"even": {38, true}, "a date above": {24, false}} {
		r := rand.New(rand.NewPCG(9, 10))
		var lines []textLine
		var texts [][]text
		number := ""
		for _, y := range []float64{c.first, 50, 62, 74} {
			e, digits := printed(r, []int{4}, 30, 9, 0, 0.5)
			lines = append(lines, textLine{start: geometry.Point{X: 40, Y: y}, end: geometry.Point{X: 64, Y: y}, height: 8})
			texts = append(texts, explain([]evidence{e}, numberRow))
			number += digits
		}
		s := (*run)(nil).newStacking(nil)
		s.among(lines, texts)
		if read := string(s.best.digits) == number; read != c.read {
			t.Errorf("%s: %v that four rows are read", name, read)
		}
	}
}

// A block that holds three of the rows leads to the fourth.
func TestABlockOfSomeRows(t *testing.T) {
	r, v, turn, rows := fourRows(t)
	for name, some := range map[string][]textLine{"all": rows, "the first three": rows[:3], "the last three": rows[1:]} {
		b := block{from: math.Inf(1), to: math.Inf(-1), top: math.Inf(1), bottom: math.Inf(-1)}
		for _, l := range some {
			from, middle := alongBelow(l.start.X/cellSize, l.start.Y/cellSize, turn)
			to, _ := alongBelow(l.end.X/cellSize, l.end.Y/cellSize, turn)
			half := l.height / 2 / cellSize
			b.from, b.to, b.height = math.Min(b.from, from), math.Max(b.to, to), 2*half
			b.top, b.bottom = math.Min(b.top, middle-half), math.Max(b.bottom, middle+half)
		}
		if got, ok := r.readBlock(v, b, turn); !ok || string(got.digits) != onFourRows {
			t.Errorf("%s: read as %q", name, got.digits)
		}
	}
}

// A doubtful number is read anew from more cuts of its rows; one without doubt stays.
func TestDoubtfulRowsAreReadAgain(t *testing.T) {
	r, v, _, rows := fourRows(t)
	const wrong = "5105105105105109"
	for odds, want := range map[float64]string{inDoubt / 2: onFourRows, inDoubt * 2: wrong} {
		s := r.newStacking(v)
		s.best, s.rows = text{digits: []byte(wrong), odds: slices.Repeat([]float64{odds}, len(wrong))}, rows
		if got, ok := s.surer(); !ok || string(got.digits) != want {
			t.Errorf("at odds of %v %q is read, not %q", odds, got.digits, want)
		}
	}
}

// Rows closer together than glyphs as high as the net says would be have smaller glyphs.
func TestRowsOfSmallGlyphs(t *testing.T) {
	b := block{from: 3, to: 8, top: 10, bottom: 15, height: 1.8}
	lines, ok := b.rows(4, 0, 0)
	if !ok || len(lines) != 4 {
		t.Fatalf("%d rows, %v", len(lines), ok)
	}
	first, last := lines[0], lines[3]
	top, bottom := (first.middle().Y-first.height/2)/cellSize, (last.middle().Y+last.height/2)/cellSize
	if math.Abs(top-b.top) > 1e-9 || math.Abs(bottom-b.bottom) > 1e-9 {
		t.Errorf("the rows fill %v to %v of %v to %v", top, bottom, b.top, b.bottom)
	}
	if step := lines[1].middle().Dist(first.middle()); step < nearestRows*first.height*0.999 {
		t.Errorf("glyphs %v high are %v apart", first.height, step)
	}
	if _, ok := b.rows(5, 0, 0); ok {
		t.Error("rows less than a cell apart were made")
	}
	first.end.X = first.start.X + 4*first.height
	ladder, _, ok := ladderOf([]textLine{first, moved(first, 1.05, 1)})
	if !ok || len(ladder) < 4 {
		t.Fatalf("%d rungs, %v", len(ladder), ok)
	}
	if step := ladder[1].middle().Dist(ladder[0].middle()); step < nearestRows*ladder[0].height*0.999 {
		t.Errorf("glyphs %v high are %v apart", ladder[0].height, step)
	}
}

func TestBeneath(t *testing.T) {
	line := func(x, y, length, height float64) textLine {
		return textLine{start: geometry.Point{X: x, Y: y}, end: geometry.Point{X: x + length, Y: y}, height: height}
	}
	first, second := line(20, 20, 30, 8), line(20, 32, 30, 8)
	for name, c := range map[string]struct {
		lines []textLine
		want  bool
	}{
		"even":        {[]textLine{first, second, line(20, 44, 25, 8)}, true},
		"uneven":      {[]textLine{first, second, line(20, 52, 30, 8)}, false},
		"beside":      {[]textLine{first, line(52, 32, 30, 8)}, false},
		"too near":    {[]textLine{first, line(20, 24, 30, 8)}, false},
		"too far":     {[]textLine{first, line(20, 50, 30, 8)}, false},
		"much higher": {[]textLine{first, line(20, 32, 30, 14)}, false},
	} {
		if beneath(c.lines) != c.want {
			t.Errorf("%s: not %v", name, c.want)
		}
	}
}
