package state

import (
	"strings"

	"ocrbankcard/internal/cardnumber"
)

// doubtful is the confidence of a digit below which its group is marked for comparing.
const doubtful = 0.9

// Entry is the number as it stands in the fields: the groups as printed, each editable.
type Entry struct {
	Read   cardnumber.Number // as read; zero when typed
	Groups []string          // digits only
	Doubt  []bool            // by group: please compare
	Edited bool
	Asked  bool // "use" was pressed while there was no possible number

	Confidence float64 // of what was read, 0 to 1, 0 when not known; 1 once a person typed or corrected it
}

// NewEntry groups a number as it is printed and marks the groups that hold a doubtful digit.
func NewEntry(n cardnumber.Number, digits []float64) Entry {
	e := Entry{Read: n, Groups: n.Groups()}
	at := 0
	for _, g := range e.Groups {
		doubt := false
		for i := at; i < at+len(g); i++ {
			doubt = doubt || len(digits) == n.Len() && digits[i] < doubtful
		}
		e.Doubt = append(e.Doubt, doubt)
		at += len(g)
	}
	return e
}

// Against returns the entry for another reader's number, where every group that the two don't share is doubtful.
func (e Entry) Against(n cardnumber.Number, digits []float64) Entry {
	other := NewEntry(n, digits)
	for i, g := range other.Groups {
		if i >= len(e.Groups) || e.Groups[i] != g {
			other.Doubt[i] = true
		}
	}
	return other
}

// Settle takes all doubt away: two readers agreed.
func (e *Entry) Settle() {
	for i := range e.Doubt {
		e.Doubt[i] = false
	}
}

// Set takes in what stands in the field of a group now, and returns the digits kept of it: characters that are no
// digits fall out, and so does what would make the number longer than any.
func (e *Entry) Set(group int, text string) string {
	if group < 0 || group >= len(e.Groups) {
		return ""
	}
	others := len(e.Digits()) - len(e.Groups[group])
	kept := onlyDigits(text, cardnumber.MaxDigits-others)
	if kept != e.Groups[group] {
		e.Groups[group], e.Edited, e.Asked, e.Confidence = kept, true, false, 1
		if group < len(e.Doubt) {
			e.Doubt[group] = false // somebody has looked at it
		}
	}
	return kept
}

// Replace takes in a whole number for all groups; one that is typed stays in its one field. It reports false of a text that
// holds none.
func (e *Entry) Replace(text string) bool {
	n := numberIn(text)
	if n.Len() < cardnumber.MinDigits {
		return false
	}
	groups := n.Groups()
	if e.Read.IsZero() {
		groups = []string{n.Reveal()}
	}
	*e = Entry{Groups: groups, Read: e.Read, Edited: true, Confidence: 1}
	return true
}

// numberIn returns the number in a text, zero where there is none: all digits up to the last place between them where they
// check, before the slash of an expiry date that was copied, too; or, where they check nowhere, all of them.
func numberIn(text string) (number cardnumber.Number) {
	var digits []byte
	for _, r := range text + " " {
		if d, ok := digit(r); ok {
			digits = append(digits, d)
			continue
		}
		if len(digits) > cardnumber.MaxDigits || r == '/' && !number.IsZero() {
			break
		}
		if n, err := cardnumber.Parse(string(digits)); err == nil && n.LengthIssued() && n.LuhnValid() {
			number = n
		}
	}
	if number.IsZero() {
		number, _ = cardnumber.Parse(string(digits))
	}
	return number
}

// onlyDigits keeps at most n digits of the text. Digits of other scripts (Arabic-Indic, Devanagari, full-width…) count
// as the ASCII ones they stand for: keyboards in those languages type them.
func onlyDigits(text string, n int) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() >= n {
			break
		}
		if d, ok := digit(r); ok {
			b.WriteByte(d)
		}
	}
	return b.String()
}

// zeros are the first digits of the scripts in which card numbers get typed; each is followed by its 1 to 9 (Unicode, Nd).
var zeros = []rune{'0', '٠', '۰', '०', '০', '０'}

func digit(r rune) (byte, bool) {
	for _, z := range zeros {
		if r >= z && r <= z+9 {
			return '0' + byte(r-z), true
		}
	}
	return 0, false
}

// Digits returns all digits of the entry.
func (e *Entry) Digits() string { return strings.Join(e.Groups, "") }

// Number returns the number as it stands, or an error while it is too short to be one.
func (e *Entry) Number() (cardnumber.Number, error) {
	n, err := cardnumber.Parse(e.Digits())
	if err == nil && n.Len() < cardnumber.MinDigits {
		err = cardnumber.ErrDigits
	}
	return n, err
}

// Doubts counts the groups to compare.
func (e *Entry) Doubts() int {
	count := 0
	for _, d := range e.Doubt {
		if d {
			count++
		}
	}
	return count
}

// Advice is a calm word about the number, never a veto.
type Advice string

// The advice; its texts are "advice.<advice>".
const (
	AdviceNone    Advice = ""
	AdviceCompare Advice = "compare" // plural by the count of doubtful groups
	AdviceShort   Advice = "short"   // asked to use what is no number yet
	AdviceLength  Advice = "length"  // the brand doesn't issue this length
	AdviceLuhn    Advice = "luhn"    // the check digit doesn't match
	AdviceFine    Advice = "fine"
)

// Advice returns the most useful word about the number as it stands.
func (e *Entry) Advice() Advice {
	n, err := e.Number()
	switch {
	case err != nil && e.Asked:
		return AdviceShort
	case err != nil:
		return AdviceNone
	case e.Doubts() > 0:
		return AdviceCompare
	case !n.LengthIssued():
		return AdviceLength
	case !n.LuhnValid():
		return AdviceLuhn
	}
	return AdviceFine
}

// Brand returns the network that the digits so far point to, whatever may follow them: a 5 alone is Mastercard's or
// Maestro's. Few digits are looked at with ten ways to go on, and so a network's few ranges within another's don't keep that
// one from being told.
func (e *Entry) Brand() (brand cardnumber.Brand) {
	digits := e.Digits()
	for d := range 10 {
		n, err := cardnumber.Parse(digits + strings.Repeat("0123456789"[d:d+1], max(iinDigits-len(digits), 0)))
		if err != nil || d > 0 && n.Brand() != brand {
			return cardnumber.Unknown
		}
		brand = n.Brand()
	}
	return brand
}

// iinDigits is how many digits of a number may tell its issuer.
const iinDigits = 8

// Spaced returns the digits in the groups of their brand, with spaces between: how a typed number is shown.
func Spaced(digits string) string {
	if len(digits) < 8 {
		var b strings.Builder
		for i := range len(digits) {
			if i == 4 {
				b.WriteByte(' ')
			}
			b.WriteByte(digits[i])
		}
		return b.String()
	}
	n, err := cardnumber.Parse(digits)
	if err != nil {
		return digits
	}
	if n.Brand() == cardnumber.AmericanExpress && n.Len() < 15 { // grouped 4-6-5 from the first digit on
		out := digits[:4] + " " + digits[4:min(10, len(digits))]
		if len(digits) > 10 {
			out += " " + digits[10:]
		}
		return out
	}
	return strings.Join(n.Groups(), " ")
}

// Grouped puts spaces into a masked number where its groups end.
func Grouped(masked string, groups []string) string {
	rest, out := []rune(masked), make([]string, 0, len(groups))
	for _, g := range groups {
		k := min(len(g), len(rest))
		out, rest = append(out, string(rest[:k])), rest[k:]
	}
	return strings.Join(out, " ")
}

// DigitsBefore counts the digits of text before a caret, in UTF-16 units as browsers count them.
func DigitsBefore(text string, caret int) int {
	count, at := 0, 0
	for _, r := range text {
		if at >= caret {
			break
		}
		if at++; r > 0xffff {
			at++
		}
		if _, ok := digit(r); ok {
			count++
		}
	}
	return count
}

// CaretAfter returns where the caret stands behind the n-th digit of a spaced number.
func CaretAfter(spaced string, n int) int {
	for i := range len(spaced) {
		if n == 0 {
			return i
		}
		if spaced[i] != ' ' {
			n--
		}
	}
	return len(spaced)
}
