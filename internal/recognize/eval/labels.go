package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ocrbankcard/internal/geometry"
)

// label is a line of labels.jsonl: what one picture of the folder shows.
type label struct {
	// File is the picture's path from the folder.
	File string `json:"file"`
	// Number is the true number. Where it must not be written down, Check holds the first five hexadecimal digits of
	// its SHA-256 and Digits its length instead. A picture with none of them shows no number.
	Number string `json:"number"`
	Check  string `json:"check"`
	Digits int    `json:"digits"`
	// Corners are left-top, right-top, right-bottom, left-bottom of the upright card, and empty when not known.
	Corners  [][2]float64 `json:"corners"`
	Kind     string       `json:"kind"`
	Embossed bool         `json:"embossed"`
	Layout   string       `json:"layout"`
	Clarity  *float64     `json:"clarity"` // of a drawn number's least clear digit, where it is known
	Notes    string       `json:"notes"`
}

// readLabels reads the labels.jsonl of a folder.
func readLabels(dir string) ([]label, error) {
	f, err := os.Open(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var labels []label
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var l label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", f.Name(), n, err)
		}
		if err := l.usable(); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", f.Name(), n, err)
		}
		labels = append(labels, l)
	}
	return labels, lines.Err()
}

// usable says what of the label can't be meant: measured as it stands it would only make the engine look worse.
func (l *label) usable() error {
	digits := func(s, alphabet string) bool { return strings.Trim(s, alphabet) == "" }
	switch {
	case !filepath.IsLocal(l.File):
		return errors.New("file must name a picture in the folder")
	case !digits(l.Number, "0123456789"):
		return errors.New("number must be digits alone, as the engine answers it, without spaces")
	case l.Check != "" && (len(l.Check) != 5 || !digits(l.Check, "0123456789abcdef") || l.Digits < 1):
		return errors.New("check must be five small hexadecimal digits, and digits the number's length")
	case len(l.Corners) != 0 && len(l.Corners) != 4:
		return fmt.Errorf("%d corners where there are four, or none", len(l.Corners))
	}
	return nil
}

// hasNumber reports whether the picture shows a number.
func (l *label) hasNumber() bool { return l.Number != "" || l.Check != "" }

// clearness sorts the clarity of a drawn number. Of numbers cut out upright and enlarged, one reader read 9 of 12 from 1 to
// 1.15, 11 of 12 to 1.4 and 23 of 24 above; see the sixth run in ../train/RUNS.md.
func (l *label) clearness() string {
	switch {
	case l.Clarity == nil:
		return ""
	case *l.Clarity < 1:
		return "below 1"
	case *l.Clarity < 1.15:
		return "1 to 1.15"
	case *l.Clarity < 1.4:
		return "1.15 to 1.4"
	}
	return "1.4 and more"
}

// length is the count of the number's digits.
func (l *label) length() int {
	if l.Number != "" {
		return len(l.Number)
	}
	return l.Digits
}

// matches reports whether digits are the picture's number.
func (l *label) matches(digits string) bool {
	if l.Number != "" {
		return digits == l.Number
	}
	sum := sha256.Sum256([]byte(digits))
	return len(digits) == l.Digits && hex.EncodeToString(sum[:])[:5] == l.Check
}

// quad returns the true outline, and false when it isn't known.
func (l *label) quad() (q geometry.Quad, ok bool) {
	if len(l.Corners) != 4 {
		return q, false
	}
	for i, c := range l.Corners {
		q[i] = geometry.Point{X: c[0], Y: c[1]}
	}
	return q, true
}
