package recognize_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

const folder = "../../testdata"

// specimen returns a picture of testdata.
func specimen(t testing.TB, name string) *frame.Frame {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return frame.FromImage(img)
}

// The specimens of testdata: most numbers are read, nothing wrong is said with confidence, nothing is invented, and
// outlines lie where they should.
func TestSpecimens(t *testing.T) {
	list, err := os.ReadFile(filepath.Join(folder, "specimens.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	e := engine(t)
	numbers, read := 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		var want struct {
			File, Number string
			Corners      [][2]float64
		}
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		cards, err := e.Read(specimen(t, want.File))
		if err != nil {
			t.Fatal(err)
		}
		if want.Number != "" {
			numbers++
		}
		if len(cards) == 0 || cards[0].Number.IsZero() {
			continue
		}
		card := cards[0]
		right := card.Number.Reveal() == want.Number
		if right {
			read++
		}
		if want.Number == "" || !right && card.Confidence > 0.9 {
			t.Errorf("%s: a wrong number with confidence %.2f", want.File, card.Confidence)
		}
		if len(want.Corners) == 4 {
			var q geometry.Quad
			for i, c := range want.Corners {
				q[i] = geometry.Point{X: c[0], Y: c[1]}
			}
			if iou := card.Quad.IoU(q); right && iou < 0.9 {
				t.Errorf("%s: the outline overlaps the true one by %.2f", want.File, iou)
			}
		}
	}
	if read < numbers-1 {
		t.Errorf("%d of %d numbers are read", read, numbers)
	}
}
