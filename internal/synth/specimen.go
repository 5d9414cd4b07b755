// Specimens: the few pictures in testdata/ that tests of every part share, each of them drawn from a seed, with numbers
// that payment companies publish for tests.

package synth

import "math/rand/v2"

// Specimen is a picture of testdata/ and how it is drawn.
type Specimen struct {
	File    string // the suffix is the format
	About   string
	Seed    uint64
	Options SceneOptions
}

func degrees(v float64) *float64 { return &v }

func printed(s Style) *Style { return &s }

func portrait(v bool) *bool { return &v }

// Specimens lists testdata's pictures.
func Specimens() []Specimen {
	card := func(digits, layout string, s Style, art Art) CardOptions {
		return CardOptions{Digits: digits, Layout: layout, Style: printed(s), Upright: portrait(false), Art: art, Scale: 9}
	}
	easy := func(kind Kind, w, h int, roll float64, c CardOptions) SceneOptions {
		return SceneOptions{Width: w, Height: h, Kind: kind, Cards: 1, Easy: true, Roll: degrees(roll), Card: c}
	}
	tall := card("5105105105105100", "4/4/4/4", Flat, Gradient)
	tall.Upright = portrait(true)
	return []Specimen{
		{"embossed16.jpg", "embossed, on a table", 1, easy(Photo, 960, 720, 4, card("4111111111111111", "4-4-4-4", Embossed, Gradient))},
		{"flat16.jpg", "flat print, on a table", 6, easy(Photo, 960, 720, -3, card("5555555555554444", "4-4-4-4", Flat, Plain))},
		{"badluhn16.jpg", "embossed, and the check digit is wrong, as on most specimens", 2, easy(Mockup, 800, 600, 0, card("4000123456789010", "4-4-4-4", Embossed, Guilloche))},
		{"row19.jpg", "nineteen digits in one row", 3, easy(Photo, 960, 720, 2, card("6205500000000000004", "19", Flat, Gradient))},
		{"amex15.jpg", "fifteen digits as 4-6-5", 2, easy(Photo, 960, 720, -6, card("378282246310005", "4-6-5", Embossed, Plain))},
		{"rotated30.jpg", "turned by 30°", 2, easy(Photo, 960, 720, 30, card("4242424242424242", "4-4-4-4", Embossed, Stripes))},
		{"upsidedown.jpg", "upside down", 4, easy(Photo, 960, 720, 180, card("6011111111111117", "4-4-4-4", Flat, Waves))},
		{"fourrows.jpg", "a portrait card with four rows of four", 5, easy(Photo, 720, 960, 0, tall)},
		{"scan16.png", "a flat scan that fills the picture", 3, easy(FlatScan, 428, 270, 0, card("3530111333300000", "4-4-4-4", Flat, Bokeh))},
		{"hand16.jpg", "in a hand, as people photograph it", 1, SceneOptions{Width: 1280, Height: 960, Kind: Held, Cards: 1, Roll: degrees(-8), Card: card("4012888888881881", "4-4-4-4", Embossed, Brushed)}},
		{"blank.jpg", "a card without a number", 1, easy(Photo, 800, 600, 5, CardOptions{NoNumber: true, Upright: portrait(false), Scale: 9})},
		{"nocard.jpg", "no card at all", 6, SceneOptions{Width: 800, Height: 600, Negative: true, Easy: true}},
	}
}

// Draw draws the specimen's scene.
func (s *Specimen) Draw() *Scene {
	return DrawScene(rand.New(rand.NewPCG(s.Seed, 0x5bec)), s.Options)
}
