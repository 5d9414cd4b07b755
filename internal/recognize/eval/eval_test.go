package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
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

// A label that no answer can meet would count against the engine, or measure it on another picture.
func TestLabelsThatCannotBeMeantAreErrors(t *testing.T) {
	dir := t.TempDir()
	for line, good := range map[string]bool{
		`{"file":"a.jpg","number":"4111111111111111","corners":[]}`:      true,
		`{"file":"more/a.jpg","number":null,"check":null}`:               true,
		`{"file":"a.jpg","check":"9bbef","digits":16}`:                   true,
		`{"file":"a.jpg","number":"4111 1111 1111 1111"}`:                false,
		`{"file":"a.jpg","check":"9BBEF","digits":16}`:                   false,
		`{"file":"a.jpg","check":"9bbef"}`:                               false,
		`{"file":"a.jpg","corners":[[1,1],[9,1],[9,9]]}`:                 false,
		`{"file":"../a.jpg"}`:                                            false,
		`{"picture":"a.jpg","number":"4111111111111111","corners":[]}`:   false,
		`{"file":"/a.jpg","number":"4111111111111111","kind":"a photo"}`: false,
	} {
		if err := os.WriteFile(filepath.Join(dir, "labels.jsonl"), []byte(line+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readLabels(dir); (err == nil) != good {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A picture is the one that its label names, also where folders hold pictures of one name.
func TestPicturesInFoldersAreTheirOwn(t *testing.T) {
	o, err := measure(nil, "set", label{File: "more/none.jpg"})
	if err == nil || o.path != filepath.Join("set", "more", "none.jpg") {
		t.Errorf("%s: %v", o.path, err)
	}
}

// Of numbers kept as checks no digit is known, right or wrong.
func TestDigitsOfChecksAreNotCounted(t *testing.T) {
	var table bytes.Buffer
	printNumbers(&table, []outcome{{label: label{Check: "9bbef", Digits: 16, Kind: "kept"}}, {label: label{Number: "4111111111111111", Kind: "known"}}})
	for _, want := range []string{"all                     0/   2  0.000    0.000\n", "kept                    0/   1  0.000        –\n"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("not %q:\n%s", want, table.String())
		}
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

// A folder's name may hold a space, and some shells leave the home folder to make.
func TestMakeNamesTheFolder(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make")
	}
	for target, want := range map[string]string{"eval": `-dir "/home/a/my cards" -html "what failed.html"`, "bench": `-dir "build/bench,/home/a/my cards"`} {
		c := exec.Command("make", "-n", "-C", "../../..", target, "DIR=~/my cards", "HTML=what failed.html")
		c.Env = append(os.Environ(), "HOME=/home/a")
		out, err := c.Output()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v, no %s in\n%s", err, want, out)
		}
	}
}
