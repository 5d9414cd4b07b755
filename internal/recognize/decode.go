package recognize

// Decode: which number, set in which layout at which pitch, explains the evidence of a line's strips best?
//
// Per column the reader says how much likelier each digit is than none (the gain, in nats). A layout is a sequence of
// slots about one pitch apart, with a wider step between groups. A slot for digit d collects the positive gains of d
// around it, or the largest gain when none is positive: the score of the best path of connectionist temporal
// classification (Graves et al., 2006) through the slot, relative to one that reads nothing there. What positive gains
// no slot collects count against the hypothesis, so that those with different numbers of digits compare. Dynamic
// programming finds the best positions of a layout's slots (Viterbi with explicit durations).

import (
	"math"
	"slices"
)

const (
	positions    = 2*columns + 1 // half a column apart
	mostDigits   = 19
	slotCost     = 1.5  // nats that a slot must bring to be worth having
	missCost     = 0.7  // of each nat left unexplained
	shortestStep = 0.86 // between slots, in pitches
	longestStep  = 1.3
	stiffness    = 60.0 // cost of a step s pitches long: stiffness · (s−1)²
	shortestGap  = 1.2  // between groups, in pitches
	longestGap   = 2.9
	wideGap      = 2.1 // gaps beyond this cost wideGapCost a pitch
	wideGapCost  = 4.0
)

// text is the outcome of decoding a line.
type text struct {
	digits   []byte        // '0' to '9'
	odds     []float64     // for each digit, how much likelier it is than the next best one, in nats
	slots    [][10]float64 // for each digit, what each value scores against none, in nats
	score    float64       // of the whole hypothesis, in nats above "nothing is written here"
	rival    float64       // the score of the best hypothesis that reads another number
	leftover float64       // the evidence for digits that the hypothesis leaves unexplained, in nats
	pitch    float64       // in columns of the first strip
	first    float64       // where the first digit stands, in those columns,
	last     float64       // and the last one
	amended  bool          // the check digit chose one of the digits
}

// decode returns the number that the strips of one line show, with no digits when they show none.
func decode(strips []evidence) text {
	best := text{score: math.Inf(-1), rival: math.Inf(-1)}
	for _, t := range explain(strips, wholeNumber) {
		switch {
		case t.score > best.score:
			if !slices.Equal(t.digits, best.digits) {
				t.rival = max(t.rival, best.score)
			}
			best = t
		case !slices.Equal(t.digits, best.digits):
			best.rival = max(best.rival, t.score)
		}
	}
	return best
}

// explain returns the best text for each layout of the tree.
func explain(strips []evidence, layouts *tree) []text {
	for i := range strips {
		strips[i].prepare()
	}
	s := search{strips: strips, layouts: layouts, texts: make([]text, len(layouts.layouts))}
	for i := range s.texts {
		s.texts[i].score, s.texts[i].rival = math.Inf(-1), math.Inf(-1)
	}
	for _, s.pitch = range pitches(&strips[0]) {
		s.run()
	}
	best := 0
	for i, t := range s.texts {
		if t.score > s.texts[best].score {
			best = i
		}
	}
	if found := s.texts[best].pitch; found > 0 {
		for _, k := range []float64{1 - pitchStep/2, 1 + pitchStep/2} {
			s.pitch = found * k
			s.run()
		}
	}
	return s.texts
}

// search is the state of the dynamic programming for one pitch: for each position the best digit of a slot there and
// what it brings, and for each depth of the tree the best score of a path that ends there, and whence it came.
type search struct {
	strips  []evidence
	layouts *tree
	texts   []text
	pitch   float64

	gain   [positions]float64
	digit  [positions]byte
	missed [positions + 1]float64 // cost of leaving unexplained what lies before a position
	half   int                    // of a slot, in positions
	best   [mostDigits][positions]float64
	from   [mostDigits][positions]int16
	step   costs
	gap    costs
	slots  [mostDigits]int
	first  [mostDigits]int // the first position that a path can end at
}

// costs of steps from least positions onwards.
type costs struct {
	least int
	cost  []float64
}

func newCosts(pitch, shortest, longest float64, cost func(pitches float64) float64) costs {
	p := 2 * pitch // in positions
	c := costs{least: int(math.Ceil(shortest * p))}
	for d := c.least; float64(d) <= longest*p; d++ {
		c.cost = append(c.cost, cost(float64(d)/p))
	}
	return c
}

// run looks for better placements of every layout at the pitch.
func (s *search) run() {
	s.step = newCosts(s.pitch, shortestStep, longestStep, func(d float64) float64 { return stiffness * (d - 1) * (d - 1) })
	s.gap = newCosts(s.pitch, shortestGap, longestGap, func(d float64) float64 { return wideGapCost * math.Max(d-wideGap, 0) })
	s.reward()
	for x := range s.gain {
		s.best[0][x] = s.gain[x] - s.missed[max(x-s.half, 0)]
	}
	s.visit(s.layouts.first, 0)
}

// visit places the digits after n, which is the digit number depth, and notes the layout that ends with n.
func (s *search) visit(n *node, depth int) {
	if n.layout >= 0 {
		s.finish(n.layout, depth)
	}
	for _, c := range n.next {
		if c.gap {
			s.advance(depth+1, s.gap)
		} else {
			s.advance(depth+1, s.step)
		}
		s.visit(c, depth+1)
	}
}

// advance fills in the best paths to digit number depth from those to the one before.
func (s *search) advance(depth int, steps costs) {
	before, now, from := &s.best[depth-1], &s.best[depth], &s.from[depth]
	start := s.first[depth-1]
	first := min(start+steps.least, positions)
	s.first[depth] = first
	var carried [positions]float64 // as before, and nothing missed between the slots
	for x := start; x < positions; x++ {
		carried[x] = before[x] + s.missed[min(x+s.half, positions)]
	}
	for x := range first {
		now[x], from[x] = math.Inf(-1), 0
	}
	follow(now, from, &carried, steps, start, first)
	for x := first; x < positions; x++ {
		now[x] = now[x] + s.gain[x] - s.missed[max(x-s.half, 0)]
	}
}

// followGo finds for each position from first on the best way to it from one of those before, from start on, and which that is.
func followGo(best *[positions]float64, from *[positions]int16, carried *[positions]float64, steps costs, start, first int) {
	for x := first; x < positions; x++ {
		most, at := math.Inf(-1), 0
		for i, cost := range steps.cost[:min(len(steps.cost), x-steps.least-start+1)] {
			y := x - steps.least - i
			if v := carried[y] - cost; v > most {
				most, at = v, y
			}
		}
		best[x], from[x] = most, int16(at)
	}
}

// finish keeps the best placement of a layout that is complete at this depth, if it beats the one known.
func (s *search) finish(layout, depth int) {
	end, best := 0, math.Inf(-1)
	for x, v := range s.best[depth] {
		if v -= s.missed[positions] - s.missed[min(x+s.half, positions)]; v > best {
			end, best = x, v
		}
	}
	best += s.layouts.layouts[layout].prior
	if t := &s.texts[layout]; best > t.score {
		slots := s.slots[:depth+1]
		for k := depth; k >= 0; k-- {
			slots[k] = end
			end = int(s.from[k][end])
		}
		s.judge(slots, t)
		t.score = best
	}
}

// reward fills in what a slot at each position brings, and what leaving positions unexplained costs.
func (s *search) reward() {
	s.half = int(slotShare*2*s.pitch + 0.5)
	for x := range s.gain {
		score, best, seen := slotOf(s.strips, float64(x)/2, s.pitch)
		digit, _ := top(&score)
		s.gain[x], s.digit[x] = score[digit]-missCost*math.Max(best-math.Max(score[digit], 0), 0)-slotCost, byte('0'+digit)
		if !seen {
			s.gain[x] = math.Inf(-1)
		}
		var lost, shown float64
		for i := range s.strips {
			e := &s.strips[i]
			if t := int(math.Floor(e.scale*float64(x)/2 + e.shift)); t >= 0 && t < columns {
				lost += float64(e.best[t+1]-e.best[t]) * e.scale
				shown++
			}
		}
		s.missed[x+1] = s.missed[x] + missCost*temper*lost/math.Max(shown, 1)/2
	}
}

// judge makes t the text at the slots, but for its score.
func (s *search) judge(slots []int, t *text) {
	n := len(slots)
	t.digits, t.odds, t.slots = slices.Grow(t.digits[:0], n), slices.Grow(t.odds[:0], n), slices.Grow(t.slots[:0], n)
	t.rival, t.pitch = math.Inf(-1), s.pitch
	t.first, t.last = float64(slots[0])/2, float64(slots[n-1])/2
	total := 0.0
	for _, x := range slots {
		score, _, _ := slotOf(s.strips, float64(x)/2, s.pitch)
		_, odds := top(&score)
		t.digits = append(t.digits, s.digit[x])
		t.odds = append(t.odds, odds)
		t.slots = append(t.slots, score)
		total += s.missed[min(x+s.half, positions)] - s.missed[max(x-s.half, 0)]
	}
	t.leftover = (s.missed[positions] - total) / missCost
}

// top returns the digit that scores most, and by how much it beats the next best digit, or none.
func top(score *[10]float64) (digit int, odds float64) {
	best, second := math.Inf(-1), 0.0
	for d, v := range score {
		switch {
		case v > best:
			digit, best, second = d, v, math.Max(best, second)
		case v > second:
			second = v
		}
	}
	return digit, best - second
}
