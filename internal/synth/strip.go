// Strips: the fast path of the reader's training. Only the band of card around one line of digits is drawn, at about
// the size the reader sees, photographed, and cut to the reader's input.

package synth

import "math/rand/v2"

// StripWidth and StripHeight are the reader's input in pixels.
const (
	StripWidth  = 352
	StripHeight = 32
)

// StripOptions narrows what a strip shows; the zero value draws everything by chance.
type StripOptions struct {
	Faces    *Faces  // nil: BuiltinFaces
	Negative float64 // share of strips without a card number's digits; 0 means 0.12, below 0 none
	Digits   string  // the number to show, instead of a random one
	Layout   string  // as in CardOptions
	Style    *Style
	Clean    bool // no camera: the drawing as it is
}

// StripGlyph is the truth about one digit in a strip.
type StripGlyph struct {
	Digit    int
	X        float64 // centre of its cell in strip pixels
	Readable bool    // whether the digit still stands out from what the strip would show without it
}

// StripSample is one gray strip, StripWidth × StripHeight, with its digits from left to right. A strip without a card
// number has no digits.
type StripSample struct {
	Pix    []uint8
	Glyphs []StripGlyph
	Style  Style
	Layout string
	Height float64 // of a digit in strip pixels; 0 without digits
}

// Strip draws one sample. It panics when the options name a layout that there is not, or of another length than the digits.
func Strip(r *rand.Rand, o StripOptions) StripSample {
	if o.Faces == nil {
		o.Faces = BuiltinFaces()
	}
	share := o.Negative
	if share == 0 {
		share = .12
	}
	if likely(r, share) {
		return blankStrip(r, o)
	}
	card := newStripCard(r, o)
	win := card.window(r, card.row)
	with, without := card.draw(r, win)
	cut := newCut(r, win, with.scale)
	shoot := newCamera(r, card.height)
	if o.Clean {
		shoot = camera{}
	}
	shot := shoot.expose(r, with)
	a, b := cut.photograph(shot, with), cut.photograph(shot, without)
	shot.free()
	s := StripSample{Pix: a.bytes(), Style: card.style, Layout: card.layout.name, Height: float64(card.height / win.h * StripHeight)}
	judge := newJudge(a, b, s.Height)
	for _, d := range card.row.digits {
		p := cut.where(d.x, card.row.y)
		if p.X < -2 || p.X > StripWidth+2 {
			continue
		}
		s.Glyphs = append(s.Glyphs, StripGlyph{d.digit, p.X, !shoot.smudges() && judge.readable(p, s.Height)})
	}
	judge.free()
	a.free()
	b.free()
	return s
}

// blankStrip draws a strip in which a reader must find nothing: art, words, other things' lines.
func blankStrip(r *rand.Rand, o StripOptions) StripSample {
	c := newStripCard(r, o)
	win := c.window(r, c.row)
	a := c.background(r, win)
	x := a.ox + float32(between(r, 0, 10))
	for x < a.ox+float32(a.w)/a.scale && likely(r, .8) {
		size := c.height * float32(between(r, .4, 1.1))
		b, _ := a.label(r, c.faces, anyWords(r), x, win.y-size/2+float32(r.NormFloat64())*.15*win.h, size, nil)
		x = b.x1 + float32(between(r, .5, 20))
	}
	a.offCard(r)
	a.scratch(r)
	cut := newCut(r, win, a.scale)
	shoot := newCamera(r, c.height)
	if o.Clean {
		shoot = camera{}
	}
	shot := shoot.expose(r, a)
	strip := cut.photograph(shot, a)
	shot.free()
	s := StripSample{Pix: strip.bytes(), Style: c.style}
	strip.free()
	return s
}
