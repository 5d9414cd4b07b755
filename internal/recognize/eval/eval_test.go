package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/recognize"
)

// The regression must find the weights that labels were drawn with.
func TestLogisticRegressionFindsItsWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	want := []float64{-1, 2, 0, -0.5}
	var x [][]float64
	var y []float64
	for range 20000 {
		f := []float64{1, r.NormFloat64(), r.NormFloat64(), 3 * r.NormFloat64()}
		label := 0.0
		if r.Float64() < sigmoid(dot(want, f)) {
			label = 1
		}
		x, y = append(x, f), append(y, label)
	}
	for _, held := range []map[int]float64{nil, {3: -0.5}, {1: 2, 2: 0}} {
		for i, w := range weightsBeside(held, x, y) {
			if math.Abs(w-want[i]) > 0.1 {
				t.Errorf("%v held: weight %d is %v, want %v", held, i, w, want[i])
			}
		}
	}
	if w := weightsBeside(map[int]float64{1: 1}, x, y); w[1] != 1 {
		t.Errorf("a weight held at 1 became %v", w[1])
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"1234", "1234", 0}, {"1234", "134", 1}, {"1234", "12934", 1}, {"1234", "4321", 4}, {"1111", "", 4}} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestChecksMatchTheirNumberOnly(t *testing.T) {
	l := label{Check: "9bbef", Digits: 16} // SHA-256 of a published test number
	if !l.matches("4111111111111111") || l.matches("4111111111111112") || l.matches("411111111111111") {
		t.Error("the check takes another number, or not its own")
	}
}

// Each picture with a true outline counts among all, of whatever kind it is, and of none.
func TestEveryOutlineCounts(t *testing.T) {
	corners := [][2]float64{{0, 0}, {100, 0}, {100, 63}, {0, 63}}
	found := &recognize.Card{Quad: geometry.Rect(0, 0, 100, 63)}
	var table bytes.Buffer
	printOutlines(&table, []outcome{
		{label: label{Corners: corners, Kind: "photo"}, card: found},
		{label: label{Corners: corners}, card: found},
		{label: label{Corners: corners}},
		{label: label{Kind: "photo"}, card: found},
	})
	for _, line := range strings.Split(table.String(), "\n") {
		if strings.HasPrefix(line, "all ") && strings.Contains(line, "2/   3  0.667") {
			return
		}
	}
	t.Errorf("not 2 of 3 outlines:\n%s", table.String())
}

// What measured nothing is no success: a script that goes on would else take an empty folder for a good engine.
func TestNothingToMeasureIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "labels.jsonl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, o := range []options{{dirs: []string{dir}}, {dirs: []string{dir}, answers: true}} {
		if run(o) == nil {
			t.Errorf("%+v passes", o)
		}
	}
}
