package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"ocrbankcard/internal/synth"
)

// Each set must hold as many pictures as asked for, each with a line of truth of the kind that the set promises.
func TestSetsAreLabelled(t *testing.T) {
	for set, c := range map[string]struct {
		pictures       int
		corners, digit bool
	}{
		"any": {2, true, true}, "negatives": {2, false, false}, "blanks": {2, true, false}, "acceptance": {2, true, true},
	} {
		o := &options{set: set, n: 2, seed: 5, out: t.TempDir(), width: 320, height: 240, faces: synth.BuiltinFaces()}
		if set == "acceptance" {
			o.width, o.height = 640, 480
		}
		if err := writeSet(o); err != nil {
			t.Fatal(err)
		}
		labels := readLabels(t, o.out)
		if len(labels) != c.pictures {
			t.Errorf("%s: %d labels", set, len(labels))
		}
		for _, l := range labels {
			if (len(l.Corners) == 4) != c.corners || (l.Number != nil) != c.digit || (l.LuhnOK != nil) != c.digit || (l.Clarity != nil) != c.digit {
				t.Errorf("%s: %s has %d corners, a number: %v", set, l.File, len(l.Corners), l.Number != nil)
			}
			f, err := os.Open(filepath.Join(o.out, l.File))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if p, _, err := image.DecodeConfig(f); err != nil || p.Width != l.Size[0] || p.Height != l.Size[1] {
				t.Errorf("%s: %s is %d×%d, %v", set, l.File, p.Width, p.Height, err)
			}
		}
	}
}

// A number of which nothing is clear has a clarity all the same, so that it counts among the unclear ones.
func TestClarityOfNothingIsTold(t *testing.T) {
	o := &options{set: "any", seed: 4712, faces: synth.BuiltinFaces()}
	s := synth.DrawScene(o.random(0, 0), o.scene())
	for _, row := range s.Cards[0].Clarity {
		clear(row)
	}
	line, err := json.Marshal(newLabel("any.jpg", s, ""))
	if err != nil || !bytes.Contains(line, []byte(`"clarity":0,`)) {
		t.Errorf("no clarity of 0 in %s, %v", line, err)
	}
}

// A scene of one card has none where all but nothing of it shows, as an attempt at scene 286 of seed 7031 did.
func TestSceneWhoseOnlyCardIsHiddenCannotBeRead(t *testing.T) {
	if canBeRead(&synth.Scene{}) {
		t.Error("it can")
	}
}

func TestWishesThatCannotBeMet(t *testing.T) {
	for _, o := range []options{{}, {set: "any", n: 1}, {set: "any", video: "empty", out: "x", n: 1}, {set: "no such set", n: 1, out: t.TempDir()},
		{set: "acceptance", n: 1, out: t.TempDir(), width: 64, height: 64}, // in which no digit is high enough
		{video: "no such script", n: 1, out: filepath.Join(t.TempDir(), "v.mjpeg")}} {
		if run(&o) == nil {
			t.Errorf("%+v passes", o)
		}
	}
}

func TestSizesAreWhole(t *testing.T) {
	var o options
	if err := o.setSize("640x480"); err != nil || o.width != 640 || o.height != 480 {
		t.Errorf("640x480 is taken as %d × %d, %v", o.width, o.height, err)
	}
	for _, text := range []string{"", "640", "640x", "640x63", "640x480x3", "640x480px"} {
		if o.setSize(text) == nil {
			t.Errorf("%q passes", text)
		}
	}
}

func readLabels(t *testing.T, dir string) []label {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var labels []label
	for s := bufio.NewScanner(f); s.Scan(); {
		var l label
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		labels = append(labels, l)
	}
	return labels
}
