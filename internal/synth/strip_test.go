package synth

import (
	"bytes"
	"math"
	"testing"
)

func TestTheSameSeedDrawsTheSameStrip(t *testing.T) {
	for seed := range uint64(30) {
		a, b := Strip(seeded(seed), StripOptions{}), Strip(seeded(seed), StripOptions{})
		if !bytes.Equal(a.Pix, b.Pix) || len(a.Glyphs) != len(b.Glyphs) {
			t.Fatalf("seed %d drew two strips", seed)
		}
	}
}

func TestStripsShowWhatTheySay(t *testing.T) {
	empty, digits, readable := 0, 0, 0
	for seed := range uint64(250) {
		s := Strip(seeded(seed), StripOptions{})
		if len(s.Pix) != StripWidth*StripHeight {
			t.Fatalf("a strip of %d pixels", len(s.Pix))
		}
		if len(s.Glyphs) == 0 {
			empty++
		}
		last := math.Inf(-1)
		for _, g := range s.Glyphs {
			if g.X <= last || g.Digit < 0 || g.Digit > 9 {
				t.Fatalf("seed %d: a %d at %.1f after %.1f", seed, g.Digit, g.X, last)
			}
			last = g.X
			digits++
			if g.Readable {
				readable++
			}
		}
	}
	if empty < 12 || empty > 55 {
		t.Errorf("%d of 250 strips are empty", empty)
	}
	if share := float64(readable) / float64(digits); share < .7 || share > .97 {
		t.Errorf("%.2f of the digits count as readable", share)
	}
}

// Ink under the stated centres: in a clean strip the digits show where they should, unless the card's art hides them, as
// it does on one in forty at most.
func TestStripCentresMeetTheInk(t *testing.T) {
	flat := Flat
	hidden := 0
	for seed := range uint64(40) {
		s := Strip(seeded(seed), StripOptions{Clean: true, Negative: -1, Style: &flat, Digits: "0000000000000000", Layout: "4-4-4-4"})
		bare := 0
		for _, g := range s.Glyphs {
			if !g.Readable {
				bare++
			}
		}
		if bare > 4 {
			hidden++
			t.Logf("seed %d: %d of %d digits do not show", seed, bare, len(s.Glyphs))
		}
	}
	if hidden > 1 {
		t.Errorf("%d of 40 clean strips do not show their digits where they should", hidden)
	}
}

func TestStripOptionsAreObeyed(t *testing.T) {
	s := Strip(seeded(3), StripOptions{Negative: -1, Digits: "4000123456789017", Layout: "16"})
	var read []byte
	for _, g := range s.Glyphs {
		read = append(read, '0'+byte(g.Digit))
	}
	if string(read) != "4000123456789017" || s.Layout != "16" {
		t.Error("the strip shows another number")
	}
	if s := Strip(seeded(3), StripOptions{Negative: 1}); len(s.Glyphs) != 0 {
		t.Error("a negative has digits")
	}
}

func TestUnreadableMeansHidden(t *testing.T) {
	flat := newSheet(StripWidth, StripHeight)
	inked := flat.clone()
	inked.ink(gurney().digit(8).outline, placing{sx: 18, sy: 18, ox: 50, oy: 7})
	for i := range inked.v {
		inked.v[i] *= 90
	}
	j := newJudge(inked, flat, 18)
	if !j.readable(pointAt(50, 16), 18) {
		t.Error("a clear digit counts as hidden")
	}
	if j.readable(pointAt(150, 16), 18) {
		t.Error("nothing counts as a digit")
	}
	soft := inked.clone().blur(9)
	if newJudge(soft, flat, 18).readable(pointAt(50, 16), 18) {
		t.Error("a digit blurred over its whole size counts as readable")
	}
}

func BenchmarkStrip(b *testing.B) {
	r := seeded(1)
	b.ReportAllocs()
	for b.Loop() {
		Strip(r, StripOptions{})
	}
}
