package synth

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

func newTestVideo(t *testing.T, name string) *Video {
	t.Helper()
	v, err := NewVideo(7, name, 640, 480)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Each script must show at its end, or all through, what it promises.
func TestScriptsTellTheirStory(t *testing.T) {
	legible := func(v *Video, i int) bool {
		s := v.Frame(i)
		return len(s.Cards) == 1 && s.Cards[0].Legible() && s.Cards[0].Visible > 0.9
	}
	for _, c := range []struct {
		name        string
		first, last bool // whether the number can be read in the first and the last frame
	}{
		{"settle", false, true}, {"dark", false, false}, {"glare", false, true}, {"cutoff", false, false},
		{"empty", false, false}, {"far", false, true}, {"blurred", false, true}, {"two", true, true},
	} {
		v := newTestVideo(t, c.name)
		if got := legible(v, 0); got != c.first {
			t.Errorf("%s: the first frame's number is legible: %v", c.name, got)
		}
		if got := legible(v, v.Frames()-1); got != c.last {
			t.Errorf("%s: the last frame's number is legible: %v", c.name, got)
			if s := v.Frame(v.Frames() - 1); len(s.Cards) > 0 {
				t.Logf("visible %.2f, clarity %.2f", s.Cards[0].Visible, s.Cards[0].Clarity)
			}
		}
	}
}

func TestTwoCardsHaveTwoNumbers(t *testing.T) {
	v := newTestVideo(t, "two")
	a, b := v.Frame(0), v.Frame(v.Frames()-1)
	if a.Cards[0].Card.Number == b.Cards[0].Card.Number {
		t.Error("both cards carry one number")
	}
	if gap := v.Frame(4*VideoRate + 6); len(gap.Cards) != 0 {
		t.Error("between the two cards the frame is not empty")
	}
}

// How far the card moves from one picture to the next is what steadiness is judged by.
func TestSettledCardsAreStillAndRestlessOnesAreNot(t *testing.T) {
	move := func(v *Video, at float64) float64 {
		i := int(at * VideoRate)
		return v.Frame(i).Cards[0].Quad.Center().Dist(v.Frame(i + 2*videoHold).Cards[0].Quad.Center()) / float64(v.Width)
	}
	settle := newTestVideo(t, "settle")
	for _, at := range []float64{3, 4, 5} {
		if d := move(settle, at); d > 0.004 {
			t.Errorf("settle: at %v s the card still moves by %.4f of the frame", at, d)
		}
	}
	restless := newTestVideo(t, "restless")
	for _, at := range []float64{0.5, 2, 4} {
		if d := move(restless, at); d < 0.008 {
			t.Errorf("restless: at %v s the card moves by %.4f of the frame only", at, d)
		}
	}
}

func TestVideoIsConcatenatedJPEG(t *testing.T) {
	v, err := NewVideo(1, "empty", 96, 64)
	if err != nil {
		t.Fatal(err)
	}
	v.keys = []key{{at: 0, card: noCard, light: 1}, {at: 0.2, card: noCard, light: 1}}
	var b bytes.Buffer
	seen := 0
	if err := v.WriteMJPEG(&b, 80, func(i int, s *Scene) error {
		if i != seen || s == nil {
			t.Errorf("frame %d after %d, scene %v", i, seen, s)
		}
		seen++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	pictures := bytes.Split(b.Bytes(), []byte{0xff, 0xd9, 0xff, 0xd8}) // the end of one, the start of the next
	if len(pictures) != v.Frames() {
		t.Fatalf("%d pictures for %d frames", len(pictures), v.Frames())
	}
	for i, p := range pictures {
		if i > 0 {
			p = append([]byte{0xff, 0xd8}, p...)
		}
		m, err := jpeg.Decode(bytes.NewReader(append(p[:len(p):len(p)], 0xff, 0xd9)))
		if err != nil {
			t.Fatalf("picture %d: %v", i, err)
		}
		if m.Bounds() != image.Rect(0, 0, 96, 64) {
			t.Errorf("picture %d: %v", i, m.Bounds())
		}
	}
	if seen != v.Frames() || seen != 6 {
		t.Errorf("%d frames of %d", seen, v.Frames())
	}
}

func TestNewVideoRefuses(t *testing.T) {
	if _, err := NewVideo(1, "no such script", 320, 240); err == nil {
		t.Error("an unknown script passes")
	}
	if _, err := NewVideo(1, "empty", 10, 10); err == nil {
		t.Error("a video of ten pixels passes")
	}
}
