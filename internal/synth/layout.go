// Layouts: how issuers group their numbers, and the numbers themselves.

package synth

import (
	"math/rand/v2"
	"strings"
)

// layout says how a card groups its number: rows of groups of digits.
type layout struct {
	name   string
	rows   [][]int
	weight float64 // how often cards without a wish use it
}

// layouts are the groupings that issuers use, and some that only old or domestic cards have. A name lists the groups
// in order; a slash starts a new row.
var layouts = []layout{
	newLayout("4-4-4-4", .50),
	newLayout("4-6-5", .08),
	newLayout("19", .06),
	newLayout("6-13", .08),
	newLayout("4-4-4-4-3", .09),
	newLayout("16", .03),
	newLayout("6-12", .01),
	newLayout("4-6-4", .03),
	newLayout("4-3-3-3", .015),
	newLayout("13", .01),
	newLayout("4-4-5", .01),
	newLayout("17", .01),
	newLayout("18", .015),
	newLayout("4-4-4-5", .005),
	newLayout("4-4-4-4-2", .005),
	newLayout("8-8", .01),
	newLayout("4-5-6", .005),
	newLayout("4-12", .005),
	newLayout("4/4/4/4", .055),
	newLayout("4-4/4-4", .03),
	newLayout("8/8", .01),
	newLayout("4/6/5", .005),
}

func newLayout(name string, weight float64) layout {
	l := layout{name: name, weight: weight}
	for row := range strings.SplitSeq(name, "/") {
		var groups []int
		for g := range strings.SplitSeq(row, "-") {
			n := 0
			for _, c := range g {
				n = 10*n + int(c-'0')
			}
			groups = append(groups, n)
		}
		l.rows = append(l.rows, groups)
	}
	return l
}

// digits is the length of the number.
func (l layout) digits() int {
	n := 0
	for _, row := range l.rows {
		for _, g := range row {
			n += g
		}
	}
	return n
}

// cells returns the widest row's number of digits and gaps.
func (l layout) cells() (digits, gaps int) {
	for _, row := range l.rows {
		n := 0
		for _, g := range row {
			n += g
		}
		if n+len(row) > digits+gaps+1 {
			digits, gaps = n, len(row)-1
		}
	}
	return digits, gaps
}

// chooseLayout draws one by weight, of that name and for as many digits, where these are given. It panics when there is
// none.
func chooseLayout(r *rand.Rand, name, digits string) layout {
	weights, some := make([]float64, len(layouts)), false
	for i, l := range layouts {
		if (name == "" || name == l.name) && (digits == "" || len(digits) == l.digits()) {
			weights[i], some = l.weight, true
		}
	}
	if !some {
		panic("synth: a layout that there is not, or of another length than the number")
	}
	return layouts[pickWeighted(r, weights...)]
}

// Prefixes by length: real issuer ranges (ISO/IEC 7812 and the networks' published tables), a few of no network.
var prefixes = map[int][]string{
	13: {"4", "4", "50", ""},
	14: {"36", "30", "38", "39"},
	15: {"34", "37", "37", "1800", ""},
	16: {"4", "4", "4", "51", "52", "53", "54", "55", "2221", "2720", "62", "6225", "6250", "6259", "6011", "65", "3528", "3589", "9", "5018", "2200", "6521", ""},
	17: {"62", "6", ""},
	18: {"62", "6", ""},
	19: {"622", "621", "6217", "6222", "6228", "623", "6212", "62", "4", "9", "95588", "6", ""},
}

// chooseDigits draws a number of n digits: three in four pass Luhn's check, three in ten repeat themselves as specimen
// numbers do.
func chooseDigits(r *rand.Rand, n int) string {
	choice := prefixes[n]
	d := make([]byte, 0, n)
	if len(choice) > 0 {
		d = append(d, choice[r.IntN(len(choice))]...)
	}
	for len(d) < n {
		d = append(d, '0'+byte(r.IntN(10)))
	}
	if likely(r, .3) {
		repeat(r, d)
	}
	if likely(r, .75) && !likely(r, .05) {
		d[n-1] = luhnDigit(d[:n-1])
	}
	return string(d)
}

// repeat makes d look like a specimen's number.
func repeat(r *rand.Rand, d []byte) {
	n := len(d)
	switch r.IntN(6) {
	case 0: // all of one digit, but perhaps the prefix
		c := '0' + byte(r.IntN(10))
		for i := r.IntN(5); i < n; i++ {
			d[i] = c
		}
	case 1: // 1 2 3 4 …
		c := r.IntN(10)
		for i := range d {
			d[i] = '0' + byte((c+i)%10)
		}
	case 2: // groups of one digit each
		for i := range d {
			if i%4 == 0 {
				d[i] = '0' + byte(r.IntN(10))
			} else {
				d[i] = d[i-1]
			}
		}
	case 3: // a long tail
		c := '0' + byte(r.IntN(10))
		for i := 4 + r.IntN(5); i < n; i++ {
			d[i] = c
		}
	default: // a short run somewhere
		c := '0' + byte(r.IntN(10))
		i := r.IntN(n - 3)
		for j := i; j < min(n, i+2+r.IntN(6)); j++ {
			d[j] = c
		}
	}
}

// luhnDigit is the digit that, appended to d, passes the check of ISO/IEC 7812-1, annex B.
func luhnDigit(d []byte) byte {
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return '0' + byte((10-sum%10)%10)
}
