package synth

import (
	"testing"
)

// A clear scene's number is legible; the same scene with its number spoilt by the camera, by a hand or by the frame's
// border is not.
func TestLegibleOnlyWhileAPersonCouldRead(t *testing.T) {
	o := SceneOptions{Width: 640, Height: 480, Kind: Mockup, Cards: 1, Easy: true,
		Card: CardOptions{Digits: "4111111111111111", Layout: "4-4-4-4", Style: printed(Flat), Art: Plain, Upright: portrait(false)}}
	clear := DrawScene(sceneSeed(1), o)
	if !clear.Cards[0].Legible() {
		t.Fatalf("a plain card in good light counts as illegible: %.2f", clear.Cards[0].Clarity)
	}
	spoils := map[string]func(p *RGB){
		"blur": func(p *RGB) { blurPicture(p, 7) },
		"noise": func(p *RGB) {
			for i, v := range p.Pix {
				p.Pix[i] = 112 + v/8
			}
			noisePicture(p, 60)
		},
		"dark": func(p *RGB) {
			for i := range p.Pix {
				p.Pix[i] /= 64
			}
		},
		"glare": func(p *RGB) {
			for i := range p.Pix {
				p.Pix[i] = 255
			}
		},
	}
	for name, spoil := range spoils {
		p := clear.Cards[0]
		p.Clarity = nil
		spoilt := &RGB{append([]uint8(nil), clear.Picture.Pix...), clear.Picture.Width, clear.Picture.Height}
		spoil(spoilt)
		judgeClarity(&p, spoilt)
		for i, clarity := range p.Clarity[0] {
			if clarity >= 1 {
				t.Errorf("%s: digit %d still counts as readable (%.2f)", name, i, clarity)
			}
		}
	}
}

func TestDigitsOutsideTheFrameAreNotReadable(t *testing.T) {
	s := DrawScene(sceneSeed(1), SceneOptions{Width: 640, Height: 480, Kind: Mockup, Cards: 1, Easy: true, Card: CardOptions{Digits: "4111111111111111", Layout: "4-4-4-4"}})
	p := s.Cards[0]
	p.Clarity = nil
	cut := NewRGB(int(p.Map.Apply(p.Card.Lines[0].Glyphs[8].Center).X), s.Picture.Height)
	for y := range cut.Height {
		copy(cut.Pix[3*y*cut.Width:][:3*cut.Width], s.Picture.Pix[3*y*s.Picture.Width:])
	}
	judgeClarity(&p, cut)
	if p.Legible() {
		t.Error("half a number counts as legible")
	}
}

// The share of legible scenes must be neither nothing nor all: the difficulty that training needs, and material for
// acceptance sets.
func TestSomeScenesAreHard(t *testing.T) {
	legible := 0
	const n = 24
	for seed := range uint64(n) {
		s := DrawScene(sceneSeed(seed), SceneOptions{Width: 640, Height: 480, Cards: 1})
		if len(s.Cards) > 0 && s.Cards[0].Legible() {
			legible++
		}
	}
	t.Logf("%d of %d scenes are legible", legible, n)
	if legible < n/6 || legible > n*19/20 {
		t.Errorf("%d of %d scenes are legible", legible, n)
	}
}

func blurPicture(p *RGB, sigma float64) {
	c := newCanvas(p.Width, p.Height)
	for i, v := range p.Pix {
		c.pix[i] = linearOf[v]
	}
	gaussianBlur(c, sigma)
	for i, v := range c.pix {
		p.Pix[i] = uint8(encodeLinear(v) + 0.5)
	}
	c.release()
}

func noisePicture(p *RGB, level float32) {
	n := bell()
	for i, v := range p.Pix {
		p.Pix[i] = uint8(max(min(float32(v)+level*n[i%len(n)], 255), 0))
	}
}
