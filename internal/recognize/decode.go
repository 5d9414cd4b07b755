package recognize

// Decode: which number, set in which layout at which pitch, explains the evidence of a line's strips best?
//
// Per column the reader says how much likelier each digit is than none (the gain, in nats). A layout is a sequence of
// slots one pitch apart, with a wider step between groups. A slot at u for digit d collects the positive gains of d
// around u, or the largest gain when none is positive: the score of the best path of connectionist temporal
// classification (Graves et al., 2006) through the slot, relative to one that reads nothing there. Dynamic programming
// finds the best positions of a layout's slots (Viterbi with explicit durations); scores of layouts with different
// numbers of digits compare directly, because what a layout leaves unexplained is what it doesn't collect.

import (
	"math"
	"slices"
)

const (
	positions    = 2*columns + 1 // half a column apart
	mostDigits   = 24
	slotCost     = 1.5  // nats that a slot must bring to be worth having
	stiffness    = 40.0 // penalty for a step s pitches long: stiffness · (s−1)²
	shortestStep = 0.75
	longestStep  = 1.3
	shortestGap  = 1.15 // a step between groups, in pitches
	longestGap   = 2.7
	wideGap      = 2.1 // gaps beyond this cost wideGapCost a pitch
	wideGapCost  = 4.0
	peakShare    = 0.32 // a digit fires within this share of the pitch around its centre,
	sumShare     = 0.42 // and nothing of it shows further away than this
	temper       = 0.5  // columns and strips are not independent: their evidence counts by this
)

// text is the outcome of decoding a line.
type text struct {
	digits   []byte    // '0' to '9'
	odds     []float64 // for each digit, how much likelier it is than the next best one, in nats
	score    float64   // of the whole hypothesis, in nats above "nothing is written here"
	rival    float64   // the score of the best hypothesis that reads another number
	leftover float64   // the evidence for digits that the hypothesis leaves unexplained, in nats
	pitch    float64   // in columns of the first strip
}

// decode returns the number that the strips of one line show, with no digits when they show none.
func decode(strips []evidence) text {
	for i := range strips {
		strips[i].prepare()
	}
	best := text{score: math.Inf(-1), rival: math.Inf(-1)}
	var t table
	for _, pitch := range pitches(&strips[0]) {
		t.reward(strips, pitch)
		for _, l := range wholeNumber {
			score, slots := t.place(l, pitch)
			if math.IsInf(score, -1) {
				continue
			}
			digits := t.read(slots)
			switch {
			case score > best.score:
				rival := best.rival
				if !slices.Equal(digits, best.digits) {
					rival = best.score
				}
				best = text{digits: digits, score: score, rival: rival, pitch: pitch}
				best.odds, best.leftover = t.judge(strips, slots, pitch)
			case score > best.rival && !slices.Equal(digits, best.digits):
				best.rival = score
			}
		}
	}
	return best
}

// prepare makes the sums that slots are scored from.
func (e *evidence) prepare() {
	for t := range e.gain {
		for d, g := range e.gain[t] {
			e.sums[t+1][d] = e.sums[t][d] + max(g, 0)
		}
	}
}

// slot adds what the strip says about a slot at position u to score, digit by digit, and reports whether the strip
// shows that position.
func (e *evidence) slot(u, pitch float64, score *[10]float64) bool {
	centre, pitch := e.scale*u+e.shift, pitch*e.scale
	if centre < 0 || centre > columns {
		return false
	}
	// Column t has its centre at t+½.
	p0 := max(int(math.Ceil(centre-peakShare*pitch-0.5)), 0)
	p1 := min(int(math.Floor(centre+peakShare*pitch-0.5)), columns-1)
	if p1 < p0 {
		p0 = min(int(centre), columns-1)
		p1 = p0
	}
	s0 := min(p0, max(int(math.Ceil(centre-sumShare*pitch-0.5)), 0))
	s1 := max(p1, min(int(math.Floor(centre+sumShare*pitch-0.5)), columns-1))
	for d := range score {
		peak := e.gain[p0][d]
		for t := p0 + 1; t <= p1; t++ {
			peak = max(peak, e.gain[t][d])
		}
		if peak > 0 {
			peak = e.sums[s1+1][d] - e.sums[s0][d]
		}
		score[d] += float64(peak)
	}
	return true
}

// slotOf returns what all strips say about a slot at position u, digit by digit; none when no strip shows it.
func slotOf(strips []evidence, u, pitch float64) (score [10]float64, seen bool) {
	n := 0.0
	for i := range strips {
		if strips[i].slot(u, pitch, &score) {
			n++
		}
	}
	for d := range score {
		score[d] *= temper * 2 / max(n, 1)
	}
	return score, n > 0
}

// pitches returns the distances between digits worth trying, in columns of the strip: around the middle one of the
// distances between neighbouring peaks, or all when there are few.
func pitches(e *evidence) []float64 {
	var steps []float64
	last, lastDigit := -1.0, -1
	for t := 0; t < columns; t++ {
		d, g := bestOf(&e.gain[t])
		if g <= 0 {
			lastDigit = -1
			continue
		}
		if d == lastDigit {
			continue
		}
		end := t
		for end+1 < columns {
			if d2, g2 := bestOf(&e.gain[end+1]); d2 != d || g2 <= 0 {
				break
			}
			end++
		}
		centre := float64(t+end+1) / 2
		if last >= 0 && centre-last > 1.5 {
			steps = append(steps, centre-last)
		}
		last, lastDigit = centre, d
	}
	var out []float64
	if len(steps) < 5 {
		for p := 2.6; p < 9; p *= 1.06 {
			out = append(out, p)
		}
		return out
	}
	slices.Sort(steps)
	middle := steps[len(steps)/2]
	for k := 0.84; k < 1.17; k += 0.04 {
		out = append(out, middle*k)
	}
	return out
}

func bestOf(gain *[10]float32) (digit int, g float32) {
	for d := 1; d < 10; d++ {
		if gain[d] > gain[digit] {
			digit = d
		}
	}
	return digit, gain[digit]
}

// table is the scratch memory of the search: for each position the best digit of a slot there, and the best way to it.
type table struct {
	gain  [positions]float64
	digit [positions]byte
	best  [2][positions]float64
	from  [mostDigits][positions]int16
}

// reward fills in what a slot at each position brings.
func (t *table) reward(strips []evidence, pitch float64) {
	for x := range t.gain {
		score, seen := slotOf(strips, float64(x)/2, pitch)
		digit := 0
		for d := range score {
			if score[d] > score[digit] {
				digit = d
			}
		}
		t.gain[x], t.digit[x] = score[digit]-slotCost, byte('0'+digit)
		if !seen {
			t.gain[x] = math.Inf(-1)
		}
	}
}

// place returns the score of the best placement of a layout's slots, and their positions.
func (t *table) place(l layout, pitch float64) (float64, []int) {
	n := l.digits()
	now, next := &t.best[0], &t.best[1]
	*now = t.gain
	p := 2 * pitch // in positions
	k := 1
	for g, size := range l.groups {
		for i := range size {
			if g == 0 && i == 0 {
				continue
			}
			if i == 0 {
				t.step(now, next, k, int(math.Ceil(shortestGap*p)), int(longestGap*p), func(d float64) float64 {
					return wideGapCost * math.Max(d/p-wideGap, 0)
				})
			} else {
				t.step(now, next, k, int(math.Ceil(shortestStep*p)), int(longestStep*p), func(d float64) float64 {
					return stiffness * (d/p - 1) * (d/p - 1)
				})
			}
			now, next = next, now
			k++
		}
	}
	end := 0
	for x := range now {
		if now[x] > now[end] {
			end = x
		}
	}
	score := now[end] + l.prior
	if math.IsInf(score, -1) {
		return score, nil
	}
	slots := make([]int, n)
	for k := n - 1; k >= 0; k-- {
		slots[k] = end
		end = int(t.from[k][end])
	}
	return score, slots
}

// step moves from slot k−1 (scores in now) to slot k (scores in next), from least to most positions further on.
func (t *table) step(now, next *[positions]float64, k, least, most int, cost func(float64) float64) {
	var costs [64]float64
	most = min(most, least+len(costs)-1)
	for d := least; d <= most; d++ {
		costs[d-least] = cost(float64(d))
	}
	for x := range next {
		best, at := math.Inf(-1), 0
		for d := least; d <= min(most, x); d++ {
			if s := now[x-d] - costs[d-least]; s > best {
				best, at = s, x-d
			}
		}
		next[x], t.from[k][x] = best+t.gain[x], int16(at)
	}
}

// read returns the digits at the slots.
func (t *table) read(slots []int) []byte {
	digits := make([]byte, len(slots))
	for i, x := range slots {
		digits[i] = t.digit[x]
	}
	return digits
}

// judge returns the odds of each slot's digit against the next best, and the evidence that lies in no slot.
func (t *table) judge(strips []evidence, slots []int, pitch float64) (odds []float64, leftover float64) {
	for _, x := range slots {
		score, _ := slotOf(strips, float64(x)/2, pitch)
		slices.Sort(score[:])
		odds = append(odds, score[9]-max(score[8], 0))
	}
	first := &strips[0]
	for c := range first.gain {
		_, g := bestOf(&first.gain[c])
		covered := false
		for _, x := range slots {
			covered = covered || math.Abs(float64(c)+0.5-float64(x)/2) <= 0.5*pitch
		}
		if g > 0 && !covered {
			leftover += float64(g)
		}
	}
	return odds, leftover * temper
}
