// Package cardnumber holds a primary account number (PAN, ISO/IEC 7812-1) that masks itself, and what can be told
// from its digits alone: the Luhn check digit, the brand by its IIN, the lengths that brand issues, the printed groups.
//
// None of these is a verdict. Specimens and some real cards fail Luhn, and IIN tables age: callers show them as advice.
package cardnumber

import (
	"errors"
	"strings"
)

// MinDigits and MaxDigits bound the length of a PAN that is issued today; ISO/IEC 7812-1 allows 8 to 19.
const (
	MinDigits = 12
	MaxDigits = 19
)

// ErrDigits is returned for text that is no card number. It never repeats the text.
var ErrDigits = errors.New("cardnumber: want 8 to 19 digits")

// ErrReading is returned for a reading that holds anything but digits, or too many. It never repeats the text.
var ErrReading = errors.New("cardnumber: want at most 64 digits")

// Number is a card number. Its zero value is "none read". Every way of printing, logging or encoding it gives the
// masked form; only Reveal gives the digits. Two ways lie beyond its reach: fmt asks no type for %p and %w, which go vet
// refuses, nor a value in an unexported field of another struct. It is not comparable to a string by accident, and safe to
// copy.
type Number struct{ digits string }

// Parse accepts 8 to 19 ASCII digits, with spaces or hyphens between them.
func Parse(s string) (Number, error) {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == ' ' || c == '-':
		default:
			return Number{}, ErrDigits
		}
	}
	if n := b.Len(); n < 8 || n > MaxDigits {
		return Number{}, ErrDigits
	}
	return Number{b.String()}, nil
}

// ParseReading accepts what a recognizer read off a card: 0 to 64 ASCII digits, with spaces or hyphens between them. A
// reading may be only part of a number, or more than one; Face++ hands both on unchecked.
func ParseReading(s string) (Number, error) {
	digits := strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "-", "")
	if len(digits) > 64 || strings.Trim(digits, "0123456789") != "" {
		return Number{}, ErrReading
	}
	return Number{digits}, nil
}

// Reveal returns the digits, without spaces. It is the only way to them: whoever calls it answers for where they go.
func (n Number) Reveal() string { return n.digits }

// IsZero reports whether no number was read.
func (n Number) IsZero() bool { return n.digits == "" }

// Len returns the count of digits.
func (n Number) Len() int { return len(n.digits) }

// Masked returns the first six and the last four digits with • between them, which PCI DSS 4.0 (3.4.1) allows to be
// shown. Of those too short to hide two digits that way the last four show, of those under eight none; "" stays "".
func (n Number) Masked() string {
	d := n.digits
	switch {
	case d == "":
		return ""
	case len(d) < 8:
		return strings.Repeat("•", len(d))
	case len(d) < 12:
		return strings.Repeat("•", len(d)-4) + d[len(d)-4:]
	}
	return d[:6] + strings.Repeat("•", len(d)-10) + d[len(d)-4:]
}

// String returns the masked form.
func (n Number) String() string { return n.Masked() }

// GoString returns the masked form, for %#v.
func (n Number) GoString() string { return "cardnumber.Number(" + n.Masked() + ")" }

// MarshalText masks the number in JSON, XML and the like; the contract's answer is written by cardpp alone.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.Masked()), nil }

// LuhnValid reports whether the last digit is the check digit of ISO/IEC 7812-1 annex B.
func (n Number) LuhnValid() bool {
	if n.digits == "" {
		return false
	}
	sum := 0
	for i := range len(n.digits) {
		d := int(n.digits[len(n.digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Groups returns the digits as the brand prints them: 4-6-5 for American Express, 4-6-4 for Diners Club,
// fours with the rest at the end for all others.
func (n Number) Groups() []string {
	var sizes []int
	switch b := n.Brand(); {
	case b == AmericanExpress && n.Len() == 15:
		sizes = []int{4, 6, 5}
	case b == DinersClub && n.Len() == 14:
		sizes = []int{4, 6, 4}
	}
	var groups []string
	for rest := n.digits; rest != ""; {
		k := min(4, len(rest))
		if len(sizes) > 0 {
			k, sizes = sizes[0], sizes[1:]
		}
		groups, rest = append(groups, rest[:k]), rest[k:]
	}
	return groups
}
