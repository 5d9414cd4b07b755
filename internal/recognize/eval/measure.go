package main

import (
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/recognize"
)

// outcome is what the engine made of one picture.
type outcome struct {
	label
	path   string
	card   *recognize.Card // the most confident one, or nil
	trace  recognize.Trace
	decode time.Duration // of the picture file
	took   time.Duration // from the file's bytes to the answer
}

// measure reads one picture.
func measure(engine *recognize.Engine, dir string, l label) (outcome, error) {
	o := outcome{label: l, path: filepath.Join(dir, l.File)}
	f, err := os.Open(o.path)
	if err != nil {
		return o, err
	}
	defer f.Close()
	start := time.Now()
	img, _, err := image.Decode(f)
	if err != nil {
		return o, fmt.Errorf("%s: %w", l.File, err)
	}
	o.decode = time.Since(start)
	cards, err := engine.Inspect(frame.FromImage(img), &o.trace)
	if err != nil {
		return o, fmt.Errorf("%s: %w", l.File, err)
	}
	o.took = time.Since(start)
	if len(cards) > 0 {
		o.card = &cards[0]
	}
	return o, nil
}

// answer returns the digits read, "" when none were.
func (o *outcome) answer() string {
	if o.card == nil {
		return ""
	}
	return o.card.Number.Reveal()
}

func (o *outcome) confidence() float64 {
	if o.card == nil || o.card.Number.IsZero() {
		return 0
	}
	return o.card.Confidence
}

// exact reports whether the picture's number was read in every digit.
func (o *outcome) exact() bool { return o.hasNumber() && o.matches(o.answer()) }

// invented reports whether a number was read where there is none.
func (o *outcome) invented() bool { return !o.hasNumber() && o.answer() != "" }

// rightDigits returns how many of the true digits were read, aligned so that as many as possible agree (the length of
// the true number less the edit distance, at least 0). It needs the number itself.
func (o *outcome) rightDigits() int {
	return max(0, len(o.Number)-editDistance(o.Number, o.answer()))
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// overlap returns the intersection over union of the answered outline and the true one, 0 when no card was found.
func (o *outcome) overlap() float64 {
	want, _ := o.quad()
	if o.card == nil {
		return 0
	}
	return o.card.Quad.IoU(want)
}

// cornerError returns the mean distance between answered and true corners in any rotation, as a share of the square
// root of the card's area; infinite when no card was found.
func (o *outcome) cornerError() float64 {
	want, _ := o.quad()
	best := math.Inf(1)
	if o.card == nil {
		return best
	}
	for k := range 4 {
		best = math.Min(best, meanDistance(o.card.Quad.Roll(k), want))
	}
	return best / math.Sqrt(want.Area())
}

func meanDistance(a, b geometry.Quad) (d float64) {
	for i := range a {
		d += a[i].Dist(b[i]) / 4
	}
	return d
}

// upright reports whether the answered first corner is the true one.
func (o *outcome) upright() bool {
	want, _ := o.quad()
	if o.card == nil {
		return false
	}
	nearest := 0
	for i, p := range want {
		if p.Dist(o.card.Quad[0]) < want[nearest].Dist(o.card.Quad[0]) {
			nearest = i
		}
	}
	return nearest == 0
}

// angle returns how far a scene of the set rotations is turned, "" in other sets.
func (o *outcome) angle() string {
	degrees, ok := strings.CutPrefix(o.Notes, "turned by ")
	if !ok {
		return ""
	}
	return fmt.Sprintf("%4s", degrees)
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// median returns the middle one of the values, NaN of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
