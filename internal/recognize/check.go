package recognize

// Check: the check digit speaks for a doubtful digit's second-best value when that one makes it right. It never
// overrules a digit that was seen clearly: many specimens, and a few issuers, fail the check.

import (
	"slices"

	"ocrbankcard/internal/cardnumber"
)

// checkBonus is how much likelier, in nats, a number with a right check digit is than one without: ln(9·p/(1−p)), p being
// the share of cards that pass, taken as two in five, for specimens fail more often than not.
const checkBonus = 1.8

// heedCheck exchanges one digit for its second-best value where the number passes the check only so, and the digit was
// that doubtful.
func (t *text) heedCheck() {
	if len(t.digits) == 0 || passes(t.digits) {
		return
	}
	best, at, digit := checkBonus, -1, byte(0)
	for i, scores := range t.slots {
		second, cost := runnerUp(&scores, int(t.digits[i]-'0'))
		if cost >= best {
			continue
		}
		other := slices.Clone(t.digits)
		other[i] = byte('0' + second)
		if passes(other) {
			best, at, digit = cost, i, other[i]
		}
	}
	if at < 0 {
		return
	}
	t.digits = slices.Clone(t.digits)
	t.odds = slices.Clone(t.odds)
	t.digits[at] = digit
	t.odds[at] = checkBonus - best
	t.score -= best
	t.amended = true
}

// runnerUp returns the best value other than the first, and by how much it is behind.
func runnerUp(score *[10]float64, first int) (second int, behind float64) {
	second = -1
	for d, v := range score {
		if d != first && (second < 0 || v > score[second]) {
			second = d
		}
	}
	return second, score[first] - score[second]
}

// passes reports whether the check digit is right.
func passes(digits []byte) bool {
	n, err := cardnumber.Parse(string(digits))
	return err == nil && n.LuhnValid()
}

// issued reports whether a known brand issues such numbers of this length.
func issued(digits []byte) bool {
	n, err := cardnumber.Parse(string(digits))
	return err == nil && n.Brand() != cardnumber.Unknown && n.LengthIssued()
}
