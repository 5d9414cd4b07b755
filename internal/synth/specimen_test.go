package synth

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"
)

const specimenFolder = "../../testdata"

// Every specimen must be readable where it has a number, and carry the number that its options name.
func TestSpecimensAreClear(t *testing.T) {
	for _, s := range Specimens() {
		scene := s.Draw()
		switch {
		case s.Options.Negative:
			if len(scene.Cards) != 0 {
				t.Errorf("%s shows a card", s.File)
			}
		case s.Options.Card.NoNumber:
			if len(scene.Cards) != 1 || !scene.Cards[0].Card.Number.IsZero() {
				t.Errorf("%s: %d cards", s.File, len(scene.Cards))
			}
		default:
			p := scene.Cards[0]
			if p.Card.Number.Reveal() != s.Options.Card.Digits || !p.Legible() || p.Visible < 0.95 {
				t.Errorf("%s: the card is not that of its options, or not readable", s.File)
			}
		}
	}
}

// The committed pictures must be there, small, and of the size that their truth says.
func TestSpecimenFilesMatchTheirTruth(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(specimenFolder, "specimens.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(bytes.NewReader(data))
	for _, s := range Specimens() {
		var truth struct {
			File    string
			Corners [][2]float64
			Size    [2]int
		}
		if err := lines.Decode(&truth); err != nil {
			t.Fatal(err)
		}
		if truth.File != s.File {
			t.Fatalf("the truth tells of %s where %s is due: draw the specimens again", truth.File, s.File)
		}
		picture, err := os.ReadFile(filepath.Join(specimenFolder, s.File))
		if err != nil {
			t.Fatal(err)
		}
		if len(picture) > 120<<10 {
			t.Errorf("%s has %d KiB", s.File, len(picture)>>10)
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(picture))
		if err != nil || c.Width != truth.Size[0] || c.Height != truth.Size[1] {
			t.Errorf("%s: %d×%d, %v; the truth says %v", s.File, c.Width, c.Height, err, truth.Size)
		}
		if want := 4; s.Options.Negative != (len(truth.Corners) == 0) || !s.Options.Negative && len(truth.Corners) != want {
			t.Errorf("%s: %d corners", s.File, len(truth.Corners))
		}
	}
}
