package synth

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 41)) }

func TestTheSameSeedDrawsTheSameCard(t *testing.T) {
	for seed := range uint64(6) {
		a, b := DrawCard(seeded(seed), CardOptions{}), DrawCard(seeded(seed), CardOptions{})
		if !bytes.Equal(a.Picture.Pix, b.Picture.Pix) || a.Number != b.Number {
			t.Fatalf("seed %d drew two cards", seed)
		}
	}
}

// A card with its number and the same card without may differ only around the digits, and must differ at each.
func TestDigitsLieWhereTheTruthSays(t *testing.T) {
	for seed := range uint64(40) {
		with := DrawCard(seeded(seed), CardOptions{Scale: 5})
		bare := DrawCard(seeded(seed), CardOptions{Scale: 5, NoNumber: true})
		if len(bare.Lines) != 0 || !bare.Number.IsZero() {
			t.Fatalf("seed %d: a card without number has one", seed)
		}
		w := with.Picture.Width
		inside := make([]bool, len(with.Picture.Pix)/3)
		for _, l := range with.Lines {
			for _, g := range l.Glyphs {
				edge := .2*g.Height + 2
				changed := 0
				for y := int(g.Center.Y - g.Height/2 - edge); y <= int(g.Center.Y+g.Height/2+edge); y++ {
					for x := int(g.Center.X - g.Width/2 - edge); x <= int(g.Center.X+g.Width/2+edge); x++ {
						if x < 0 || y < 0 || x >= w || y >= with.Picture.Height {
							continue
						}
						inside[y*w+x] = true
						if differ(with.Picture, bare.Picture, y*w+x) > 4 {
							changed++
						}
					}
				}
				if float64(changed) < .02*g.Width*g.Height {
					t.Errorf("seed %d, %s %s: a %d changes %d pixels of its %.0f×%.0f box",
						seed, with.Layout, with.Style, g.Digit, changed, g.Width, g.Height)
				}
			}
		}
		outside := 0
		for i, in := range inside {
			if !in && differ(with.Picture, bare.Picture, i) > 12 {
				outside++
			}
		}
		if outside > 40 {
			t.Errorf("seed %d, %s %s: %d pixels differ outside the digits", seed, with.Layout, with.Style, outside)
		}
	}
}

func differ(a, b *RGB, i int) int {
	worst := 0
	for c := range 3 {
		worst = max(worst, int(a.Pix[3*i+c])-int(b.Pix[3*i+c]), int(b.Pix[3*i+c])-int(a.Pix[3*i+c]))
	}
	return worst
}

func TestOptionsAreObeyed(t *testing.T) {
	flat, embossed, yes, no := Flat, Embossed, true, false
	for _, o := range []CardOptions{
		{Digits: "4000123456789017", Style: &embossed, Upright: &no},
		{Digits: "374500000000001", Layout: "4-6-5", Style: &flat, Art: Guilloche},
		{Digits: "6212345678901234561", Layout: "19", Upright: &yes},
		{Layout: "4/4/4/4", Upright: &yes, Scale: 5},
		{Layout: "6-13", Scale: 10},
	} {
		c := DrawCard(seeded(9), o)
		if o.Digits != "" && c.Number.Reveal() != o.Digits {
			t.Errorf("%+v: another number", o)
		}
		if o.Layout != "" && c.Layout != o.Layout {
			t.Errorf("%+v: layout %s", o, c.Layout)
		}
		if o.Style != nil && c.Style != *o.Style {
			t.Errorf("%+v: style %s", o, c.Style)
		}
		if o.Upright != nil && *o.Upright != (c.Height > c.Width) {
			t.Errorf("%+v: %v × %v mm", o, c.Width, c.Height)
		}
	}
}

// A layout that there is not was drawn as the last of those that there are, and a strip left out what its layout has no
// place for.
func TestContradictingOptionsPanic(t *testing.T) {
	for _, o := range []CardOptions{{Layout: "4-4-4"}, {Layout: "4-6-5", Digits: "4000123456789017"}, {Digits: "400012345678"}} {
		for what, draw := range map[string]func(){
			"card":  func() { DrawCard(seeded(1), CardOptions{Layout: o.Layout, Digits: o.Digits, Scale: 2}) },
			"strip": func() { Strip(seeded(1), StripOptions{Layout: o.Layout, Digits: o.Digits, Negative: -1}) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("a %s of layout %q and %d digits passes", what, o.Layout, len(o.Digits))
					}
				}()
				draw()
			}()
		}
	}
}

// The glyphs, read row by row, are the number; each lies on the card and in its line's box, from left to right.
func TestTruthIsConsistent(t *testing.T) {
	for seed := range uint64(150) {
		c := DrawCard(seeded(seed), CardOptions{Scale: 2, Art: Plain})
		var read []byte
		for _, l := range c.Lines {
			last := 0.
			for _, g := range l.Glyphs {
				read = append(read, '0'+byte(g.Digit))
				if g.Center.X <= last || g.Center.X < l.Box.X0 || g.Center.X > l.Box.X1 || g.Center.Y < l.Box.Y0 || g.Center.Y > l.Box.Y1 {
					t.Fatalf("seed %d, %s: a digit strays from its line", seed, c.Layout)
				}
				last = g.Center.X
			}
			if b := l.Box; b.X0 < 0 || b.Y0 < 0 || b.X1 > float64(c.Picture.Width) || b.Y1 > float64(c.Picture.Height) {
				t.Errorf("seed %d, %s: a line leaves the card: %+v", seed, c.Layout, b)
			}
		}
		if string(read) != c.Number.Reveal() {
			t.Errorf("seed %d, %s: glyphs and number disagree", seed, c.Layout)
		}
	}
}

func TestEveryLayoutAndLengthOccurs(t *testing.T) {
	seen := map[string]int{}
	luhn, n := 0, 3000
	for i := range n {
		r := seeded(uint64(i))
		l := chooseLayout(r, "", "")
		seen[l.name]++
		d := chooseDigits(r, l.digits())
		if len(d) != l.digits() || len(d) < 13 || len(d) > 19 {
			t.Fatalf("layout %s got %d digits", l.name, len(d))
		}
		if luhnDigit([]byte(d[:len(d)-1])) == d[len(d)-1] {
			luhn++
		}
	}
	for _, l := range layouts {
		if seen[l.name] == 0 {
			t.Errorf("layout %s never occurs", l.name)
		}
	}
	if share := float64(luhn) / float64(n); share < .68 || share > .82 {
		t.Errorf("%.2f of the numbers pass Luhn's check", share)
	}
}

func TestEveryArtPaintsTheWholeCard(t *testing.T) {
	for art := Plain; art < lastArt; art++ {
		c := DrawCard(seeded(uint64(art)), CardOptions{Art: art, Scale: 2})
		again := DrawCard(seeded(uint64(art)), CardOptions{Art: art, Scale: 2})
		if !bytes.Equal(c.Picture.Pix, again.Picture.Pix) {
			t.Errorf("%s leaves pixels that it never painted", art)
		}
	}
}

func TestWordsNeverLookLikeNumbers(t *testing.T) {
	r := seeded(1)
	for range 5000 {
		run := 0
		for _, c := range anyText(r) {
			if c < '0' || c > '9' {
				run = 0
			} else if run++; run > 6 {
				t.Fatal("a text holds a run of more than six digits")
			}
		}
	}
}

func TestEveryFaceHasDigits(t *testing.T) {
	faces := slices.Concat(slices.Concat(BuiltinFaces().families...), []*glyphFace{gurney(), penFace(seeded(2), .12)})
	for _, f := range faces {
		for d := range 10 {
			m := newSheet(60, 60)
			m.ink(f.digit(d).outline, placing{sx: 40, sy: 40, ox: 30, oy: 10})
			var inked float32
			for _, v := range m.v {
				inked += v
			}
			if inked < 40 || inked > 1300 {
				t.Errorf("%s: a %d covers %.0f of 3600 pixels", f.name, d, inked)
			}
		}
	}
}

func TestLoadFacesNeedsAFolder(t *testing.T) {
	if _, err := LoadFaces(t.TempDir() + "/missing"); err == nil {
		t.Error("a missing folder was accepted")
	}
	f, err := LoadFaces(t.TempDir())
	if err != nil || len(f.all) != len(BuiltinFaces().all) {
		t.Errorf("an empty folder gave %v", err)
	}
}

func TestGurneyKeepsItsNotice(t *testing.T) {
	if !strings.Contains(gurneyOutlines, "DO WHAT THE FUCK YOU WANT TO PUBLIC LICENSE") {
		t.Error("the licence is missing")
	}
}

func BenchmarkDrawCard(b *testing.B) {
	r := seeded(1)
	b.ReportAllocs()
	for b.Loop() {
		DrawCard(r, CardOptions{})
	}
}
