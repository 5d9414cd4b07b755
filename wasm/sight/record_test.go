package sight

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
	"ocrbankcard/internal/synth"
)

var record = flag.Bool("record", false, "look at the synthetic videos and write what is seen to internal/guide/testdata")

// TestRecord writes the recordings that the guide's tests replay: what this package sees in each video of package synth,
// ten frames a second, as a phone of middling speed does.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("recordings are made anew with -record only, when the engine has changed")
	}
	locator, err := recognize.NewLocator(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range synth.VideoScripts() {
		v, err := synth.NewVideo(1, name, 1280, 720)
		if err != nil {
			t.Fatal(err)
		}
		out, err := os.Create(filepath.Join("..", "..", "internal", "guide", "testdata", name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := json.NewEncoder(out)
		eye := New(locator)
		for i := 0; i < v.Frames(); i += 3 {
			s := v.Frame(i)
			view, err := eye.View(pixels(s.Picture))
			if err != nil {
				t.Fatal(err)
			}
			view.At = time.Duration(i) * time.Second / synth.VideoRate
			if err := lines.Encode(view); err != nil {
				t.Fatal(err)
			}
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// pixels gives a drawn picture as a camera would: RGBA in memory.
func pixels(p *synth.RGB) *Pixels {
	img := p.Image()
	return &Pixels{frame.Raw{
		Format: frame.RGBA, Width: img.Rect.Dx(), Height: img.Rect.Dy(), Pix: img.Pix,
		Planes: []frame.Layout{{Offset: 0, Stride: img.Stride}},
	}, 1}
}
