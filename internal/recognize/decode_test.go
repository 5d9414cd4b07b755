package recognize

import (
	"math"
	"math/rand/v2"
	"testing"
)

// printed returns the evidence of a strip that shows digits in groups, the first digit's centre at column from, and the
// text's own digits. noise is the standard deviation of every gain.
func printed(r *rand.Rand, groups []int, from, pitch, gap, noise float64) (evidence, string) {
	var digits []byte
	for _, size := range groups {
		for range size {
			digits = append(digits, byte('0'+r.IntN(10)))
		}
	}
	e := evidence{scale: 1}
	for t := range e.gain {
		for d := range e.gain[t] {
			e.gain[t][d] = float32(-5 + noise*r.NormFloat64())
		}
	}
	x, k := from, 0
	for g, size := range groups {
		if g > 0 {
			x += gap
		}
		for range size {
			d := digits[k] - '0'
			for t := range e.gain {
				if math.Abs(float64(t)+0.5-x) <= max(0.22*pitch, 0.5) {
					e.gain[t][d] = float32(5.5 + noise*r.NormFloat64())
				}
			}
			x += pitch
			k++
		}
	}
	return e, string(digits)
}

func TestDecodeReadsEveryLayout(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, l := range wholeNumber.layouts {
		right := 0
		cells := 0.0
		for _, g := range l.groups {
			cells += float64(g)
		}
		for range 20 {
			gap := 0.6 + 0.6*r.Float64()
			room := cells + gap*float64(len(l.groups)-1)
			pitch := min(float64(columns-4)/room, 6) * (0.9 + 0.1*r.Float64())
			e, want := printed(r, l.groups, 2+pitch/2, pitch, gap*pitch, 0.5)
			if got := decode([]evidence{e}); string(got.digits) == want {
				right++
			}
		}
		if right < 19 {
			t.Errorf("%v: only %d of 20 are read", l.groups, right)
		}
	}
}

// Two strips of one line agree on where its digits are, whatever their cuts.
func TestDecodeJoinsStrips(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	groups := []int{4, 4, 4, 4}
	seed := rand.NewPCG(1, 1)
	draw := func(from, pitch float64, noise float64) (evidence, string) {
		seed.Seed(1, 1)
		return printed(rand.New(seed), groups, from, pitch, pitch, noise)
	}
	wide, want := draw(8, 3.8, 0)
	tight, _ := draw(3, 4.5, 0)
	tight.scale = 4.5 / 3.8
	tight.shift = 3 - 8*tight.scale
	for range 6 { // each strip loses digits that the other has
		blank(&wide, 8+3.8*float64(r.IntN(4)))
		blank(&tight, 3+4.5*float64(5+r.IntN(4)))
	}
	if got := decode([]evidence{wide, tight}); string(got.digits) != want {
		t.Errorf("%d digits read, %d there", len(got.digits), len(want))
	}
}

// blank removes the digit around column x.
func blank(e *evidence, x float64) {
	for t := range e.gain {
		if math.Abs(float64(t)+0.5-x) < 2 {
			e.gain[t] = [10]float32{}
		}
	}
}

func TestDecodeOfNothing(t *testing.T) {
	e, _ := printed(rand.New(rand.NewPCG(2, 2)), nil, 0, 4, 4, 1)
	r := reading{text: decode([]evidence{e})}
	if c := r.confidence(); c > 0.01 {
		t.Errorf("confidence %v in a number that isn't there", c)
	}
}

// A number on four rows reads as one; three of its rows don't.
func TestStack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var rows [][]text
	want := ""
	for range 4 {
		e, digits := printed(r, []int{4}, 30, 6, 6, 0.5)
		rows = append(rows, explain([]evidence{e}, numberRow))
		want += digits
	}
	if got, ok := stack(rows, stacked); !ok || string(got.digits) != want {
		t.Error("four rows of four are not read as sixteen digits")
	}
	part, _ := stack(rows[:3], stacked)
	if r := (reading{text: part}); r.confidence() > readable {
		t.Errorf("confidence %v in three rows of four", r.confidence())
	}
}

// The search must find what trying all positions finds.
func TestSearchAgainstAllPositions(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 13))
	for _, groups := range [][]int{{2}, {1, 1}, {3}, {2, 1}} {
		e, _ := printed(r, groups, 20, 5, 5, 3)
		e.prepare()
		s := search{strips: []evidence{e}, layouts: newTree([]layout{{groups, 0}}), texts: []text{{score: math.Inf(-1)}}, pitch: 5}
		s.run()
		var gaps []bool // before each digit but the first
		for g, size := range groups {
			for k := range size {
				if g > 0 || k > 0 {
					gaps = append(gaps, g > 0 && k == 0)
				}
			}
		}
		if want := s.everywhere(gaps); math.Abs(s.texts[0].score-want) > 1e-9 {
			t.Errorf("%v: found %v, best %v", groups, s.texts[0].score, want)
		}
	}
}

// everywhere is the slow, obvious twin of the search: it tries every position of every slot.
func (s *search) everywhere(gaps []bool) float64 {
	lost := func(from, to int) float64 {
		return s.missed[min(max(to, 0), positions)] - s.missed[min(max(from, 0), positions)]
	}
	var rest func(x, k int) float64
	rest = func(x, k int) float64 {
		if k == len(gaps) {
			return s.gain[x] - lost(x+s.half, positions)
		}
		steps := s.step
		if gaps[k] {
			steps = s.gap
		}
		best := math.Inf(-1)
		for i, c := range steps.cost {
			if y := x + steps.least + i; y < positions {
				missed := s.missed[max(y-s.half, 0)] - s.missed[min(x+s.half, positions)]
				best = max(best, s.gain[x]-missed-c+rest(y, k+1))
			}
		}
		return best
	}
	best := math.Inf(-1)
	for x := range positions {
		best = max(best, rest(x, 0)-lost(0, x-s.half))
	}
	return best
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	e, _ := printed(r, []int{4, 4, 4, 4}, 6, 4.2, 4, 0.8)
	for b.Loop() {
		decode([]evidence{e, e})
	}
}

// The best way to a position is the best of all that lead there, of two as good the shorter one, whichever loop finds it.
func TestFollowFindsTheBestWay(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 300 {
		var carried [positions]float64
		for x := range carried {
			carried[x] = float64(r.IntN(20)) // often as good as another
		}
		steps := costs{least: 1 + r.IntN(40)}
		for range r.IntN(30) {
			steps.cost = append(steps.cost, float64(r.IntN(5)))
		}
		start := r.IntN(positions)
		first := min(start+steps.least, positions)
		var best, most [positions]float64
		var from, twin [positions]int16
		follow(&best, &from, &carried, steps, start, first)
		followGo(&most, &twin, &carried, steps, start, first)
		if best != most || from != twin {
			t.Fatalf("steps from %d, %v, between %d and %d: %v %v, want %v %v", steps.least, steps.cost, start, first, best, from, most, twin)
		}
		for x := first; x < positions; x++ {
			want, at := math.Inf(-1), 0
			for y := start; y+steps.least <= x; y++ {
				if i := x - y - steps.least; i < len(steps.cost) && carried[y]-steps.cost[i] >= want {
					want, at = carried[y]-steps.cost[i], y
				}
			}
			if best[x] != want || int(from[x]) != at {
				t.Fatalf("to %d by %v from %d: %v from %d, want %v from %d", x, steps.cost, steps.least, best[x], from[x], want, at)
			}
		}
	}
}
