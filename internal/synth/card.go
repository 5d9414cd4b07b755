// Cards: a bank card's face as a flat picture, with the place of every digit.

package synth

import (
	"math/rand/v2"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
)

// CardWidth, CardHeight and CornerRadius are the sizes of an ID-1 card in millimetres (ISO/IEC 7810).
const (
	CardWidth    = 85.60
	CardHeight   = 53.98
	CornerRadius = 3.18
)

// CardOptions narrows what DrawCard draws; the zero value leaves all to chance.
type CardOptions struct {
	Faces    *Faces  // printing faces; nil: BuiltinFaces
	Digits   string  // the number, 13 to 19 digits; empty draws one
	Layout   string  // the digits of each group, a dash between groups, a slash between rows; empty draws one
	Style    *Style  // nil draws one
	Art      Art     // AnyArt draws one
	Upright  *bool   // true: a portrait card; nil draws it
	Scale    float64 // pixels a millimetre; 0: 7.5, that is 642 × 405 pixels
	NoNumber bool    // leave the number out; all else is as it would be with it
}

// Card is a card's face with its truth. Positions are pixels of Picture. The picture is a full rectangle: rounding its
// corners (CornerRadius mm) is up to whoever shows it.
type Card struct {
	Picture       *RGB
	Scale         float64           // pixels a millimetre
	Width, Height float64           // mm; portrait cards are higher than wide
	Number        cardnumber.Number // zero when there is none
	Style         Style
	Layout        string
	Lines         []Line // rows of digits, top to bottom; none without a number

	bare  *RGB // the part around the number as it was before, to judge readability by; nil without a number
	bareX int  // its place in Picture
	bareY int

	// How far the face leans away from the card's plane, 0 to 1, at half the picture's size: the flanks of embossed
	// digits do not mirror what the flat card mirrors. nil: flat everywhere.
	tilt *sheet
}

// Line is one row of a number.
type Line struct {
	Box    Box
	Glyphs []Glyph // left to right
}

// Glyph is one digit: the centre of its cell and the size of its ink.
type Glyph struct {
	Digit         int
	Center        geometry.Point
	Width, Height float64
}

// Box is an upright rectangle in pixels.
type Box struct{ X0, Y0, X1, Y1 float64 }

// DrawCard draws a card's face. It panics when the options contradict one another: digits that no card can have, or a
// layout that there is not, or of another length. The same generator state and options give the same card.
func DrawCard(r *rand.Rand, o CardOptions) *Card {
	d := newDraft(r, o)
	d.paintArt()
	d.setNumber()
	d.furnish()
	d.number.frame(d.r, d.art)
	d.putNumber()
	d.finish()
	card := d.card()
	d.art.free()
	return card
}

// draft is a card at work.
type draft struct {
	o             CardOptions
	r             *rand.Rand
	art           *artwork
	number        placement
	digits        string
	style         Style
	layout        layout
	width, height float32   // mm
	back          bool      // the side with the magnetic stripe
	sideways      bool      // words and chip run along the other side
	taken         []box     // what further things must not touch
	ink           [2]uint64 // seed of the look that number, name and dates share
	bare          *artwork  // the part around the number before the number
}

func newDraft(r *rand.Rand, o CardOptions) *draft {
	if o.Faces == nil {
		o.Faces = BuiltinFaces()
	}
	if o.Scale == 0 {
		o.Scale = 7.5
	}
	d := &draft{o: o, r: r, width: CardWidth, height: CardHeight, digits: o.Digits}
	d.style = Style(pickWeighted(r, .6, .4))
	if o.Style != nil {
		d.style = *o.Style
	}
	d.layout = chooseLayout(r, o.Layout, o.Digits)
	if o.Digits == "" {
		d.digits = chooseDigits(r, d.layout.digits())
	}
	portrait := likely(r, .07) || len(d.layout.rows) > 1 && likely(r, .5)
	if o.Upright != nil {
		portrait = *o.Upright
	}
	if portrait {
		d.width, d.height = d.height, d.width
	}
	d.back = likely(r, .07)
	d.ink = [2]uint64{r.Uint64(), r.Uint64()}
	d.sideways = !portrait && likely(r, .05)
	return d
}

func (d *draft) paintArt() {
	k := float32(d.o.Scale)
	d.art = newArtwork(3, int(d.width*k+.5), int(d.height*k+.5), k, 0, 0, d.width, d.height)
	d.art.paint(d.r, d.o.Art)
}

// setNumber decides where the digits go and keeps that place clear.
func (d *draft) setNumber() {
	d.number = numberSize(d.r, d.o.Faces, d.style)
	d.number.place(d.r, d.layout, d.digits, d.width, d.height)
	for _, row := range d.number.rows {
		d.taken = append(d.taken, d.number.box(row).grown(.5))
	}
}

// putNumber presses or prints the digits. Its draws come from a generator of its own, so that a card without its
// number is the same card.
func (d *draft) putNumber() {
	if d.o.NoNumber {
		return
	}
	p := &d.number
	all := p.box(p.rows[0])
	for _, row := range p.rows {
		b := p.box(row)
		all = box{min(all.x0, b.x0), min(all.y0, b.y0), max(all.x1, b.x1), max(all.y1, b.y1)}
	}
	d.art.within(all.grown(p.height*.4), func(part *artwork) {
		d.bare = part.clone()
		m := newSheet(part.w, part.h)
		for _, row := range p.rows {
			p.inkRow(m, row, part.scale, part.ox, part.oy)
		}
		p.apply(d.inkRand(), part, m, p.height)
		m.free()
	})
}

// inkRand restarts the draws of the shared look.
func (d *draft) inkRand() *rand.Rand { return rand.New(rand.NewPCG(d.ink[0], d.ink[1])) }

func (d *draft) finish() {
	d.art.scratch(d.r)
	d.art.clamp()
}

// box is the ink's box of a row in mm.
func (p *placement) box(row placedRow) box {
	return box{row.x0, row.y - p.height/2, row.x1, row.y + p.height/2}
}

func (d *draft) card() *Card {
	k := float32(d.o.Scale)
	c := &Card{Picture: d.art.picture(), Scale: d.o.Scale, Width: float64(d.width), Height: float64(d.height),
		Style: d.style, Layout: d.layout.name}
	if t := d.art.tilt; t != nil {
		c.tilt = t.shrink(t.w/2, t.h/2)
	}
	if d.o.NoNumber {
		return c
	}
	number, err := cardnumber.Parse(d.digits)
	if err != nil {
		panic("synth: a number that no card can have")
	}
	c.Number = number
	c.bare = d.bare.picture()
	c.bareX, c.bareY = int(d.bare.ox*k+.5), int(d.bare.oy*k+.5)
	p := &d.number
	for _, row := range p.rows {
		line := Line{Box: p.box(row).pixels(k)}
		for _, g := range row.digits {
			line.Glyphs = append(line.Glyphs, Glyph{
				Digit:  g.digit,
				Center: geometry.Point{X: float64(g.x * k), Y: float64(row.y * k)},
				Width:  float64(p.face.digit(g.digit).width * p.height * p.wide * k),
				Height: float64(p.height * k),
			})
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

func (b box) pixels(k float32) Box {
	return Box{float64(b.x0 * k), float64(b.y0 * k), float64(b.x1 * k), float64(b.y1 * k)}
}

// picture rounds the artwork's three planes to 8 bits.
func (a *artwork) picture() *RGB {
	p := NewRGB(a.w, a.h)
	for c, plane := range a.planes {
		for i, v := range plane.v {
			p.Pix[3*i+c] = uint8(min(max(v, 0), 255) + .5)
		}
	}
	return p
}
