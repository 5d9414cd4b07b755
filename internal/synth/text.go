// The words that share a card with its number.

package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var bankWords = []string{"BANK", "NATIONAL BANK", "Savings", "CREDIT UNION", "First Trust", "WORLD", "PLATINUM", "GOLD",
	"Business", "DEBIT", "CREDIT CARD", "Prepaid", "GIFT CARD", "Maestro", "Classic", "Infinite", "Signature", "Rewards",
	"electron", "Member", "Corporate", "ELITE", "Student", "Travel", "Cash Back", "Visa Debit", "UnionPay", "Select"}

var captions = []string{"VALID THRU", "GOOD THRU", "MONTH/YEAR", "MEMBER SINCE", "EXPIRES END", "VALID FROM",
	"AUTHORIZED SIGNATURE", "NOT TRANSFERABLE", "Customer service", "SECURITY CODE", "CARD HOLDER", "DEBIT"}

const upper = "ABCDEFGHIJKLMNOPRSTUVWXYZ"

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = upper[r.IntN(len(upper))]
	}
	return string(b)
}

func someDigits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(r.IntN(10))
	}
	return string(b)
}

func someDate(r *rand.Rand) string { return fmt.Sprintf("%02d/%02d", 1+r.IntN(12), r.IntN(40)) }

func someName(r *rand.Rand) string { return letters(r, 2+r.IntN(8)) + " " + letters(r, 3+r.IntN(8)) }

// anyText draws a line of words, dates, figures or addresses as cards carry them; never a run of more than six digits.
func anyText(r *rand.Rand) string {
	switch r.IntN(9) {
	case 0:
		return bankWords[r.IntN(len(bankWords))]
	case 1:
		return captions[r.IntN(len(captions))]
	case 2:
		return someDate(r)
	case 3:
		return someName(r)
	case 4:
		return someDigits(r, 3+r.IntN(2))
	case 5:
		return []string{"1-800-", "400-", "+44 20 ", "95", "+1 "}[r.IntN(5)] + someDigits(r, 3) + "-" + someDigits(r, 4)
	case 6:
		return "www." + strings.ToLower(letters(r, 4+r.IntN(5))) + ".com"
	case 7:
		words := make([]string, 3+r.IntN(6))
		for i := range words {
			words[i] = strings.ToLower(letters(r, 2+r.IntN(7)))
		}
		return strings.Join(words, " ")
	default:
		return captions[r.IntN(len(captions))] + " " + someDate(r)
	}
}

// anyWords is anyText without lines that could pass for a row of a number, and with fewer telephone numbers: their
// digits are digits too, and telling them apart is the business of whoever reads the whole card.
func anyWords(r *rand.Rand) string {
	for {
		s := anyText(r)
		digits := 0
		for i := range len(s) {
			if s[i] >= '0' && s[i] <= '9' {
				digits++
			}
		}
		if strings.Trim(s, "0123456789/") != "" && (digits < 6 || likely(r, .3)) {
			return s
		}
	}
}

// textLine sets words with their left top corner at (x, y) mm and capitals (zeros) of the given height in mm. It
// returns the path in millimetres and the width of the line; characters that the face lacks are left out.
func textLine(f *glyphFace, words string, x, y, height float32) (path, float32) {
	var p path
	at := x
	for i := range len(words) {
		c := words[i]
		if c >= 128 || f.chars[c].outline == nil {
			at += f.chars['0'].advance * height * .6
			continue
		}
		g := &f.chars[c]
		w := g.advance * height
		p = append(p, g.outline.through(placing{sx: height, sy: height, ox: at + w/2, oy: y})...)
		at += w
	}
	return p, at - x
}

// brushText imitates a line of Chinese characters: square cells full of strokes, without meaning.
func brushText(r *rand.Rand, n int, x, y, height float32) (path, float32) {
	var lines [][]nib
	for i := range n {
		cx := x + float32(i)*height*1.08
		at := func(u, v float32) nib { return nib{cx + u*height, y + v*height} }
		for range 2 + r.IntN(3) {
			v := r.Float32()
			lines = append(lines, []nib{at(.05+.3*r.Float32(), v), at(.65+.3*r.Float32(), v)})
		}
		for range 1 + r.IntN(3) {
			u := r.Float32()
			lines = append(lines, []nib{at(u, .3*r.Float32()), at(u, .6+.4*r.Float32())})
		}
		for range r.IntN(3) {
			u := r.Float32()
			lines = append(lines, []nib{at(u, .4*r.Float32()), at(r.Float32(), .6+.4*r.Float32())})
		}
		if likely(r, .3) {
			lines = append(lines, []nib{at(.1, .1), at(.9, .1), at(.9, .9), at(.1, .9), at(.1, .1)})
		}
	}
	return stroke(lines, height*float32(between(r, .05, .12))), float32(n) * height * 1.08
}
