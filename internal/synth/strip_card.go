// The part of a card that a strip shows.

package synth

import (
	"math"
	"math/rand/v2"
)

// stripCard is a card of which only one row is drawn.
type stripCard struct {
	placement
	faces  *Faces
	row    placedRow
	cw, ch float32
}

func newStripCard(r *rand.Rand, o StripOptions) *stripCard {
	c := &stripCard{faces: o.Faces, cw: CardWidth, ch: CardHeight}
	style := Style(pickWeighted(r, .6, .4))
	if o.Style != nil {
		style = *o.Style
	}
	portrait := likely(r, .1)
	l := chooseLayout(r, o.Layout, o.Digits)
	if portrait {
		c.cw, c.ch = c.ch, c.cw
	}
	digits := o.Digits
	if digits == "" {
		digits = chooseDigits(r, l.digits())
	}
	c.placement = numberSize(r, o.Faces, style)
	c.place(r, l, digits, c.cw, c.ch)
	c.row = c.rows[r.IntN(len(c.rows))]
	return c
}

// window is the part of the card, in mm, that becomes the strip.
type window struct{ x, y, w, h float32 } // x, y: its middle

// window frames a row as the pipeline does: the whole width of the card, or just the line with margins; digits .42 to
// .74 of its height.
func (c *stripCard) window(r *rand.Rand, row placedRow) window {
	w := window{h: c.height / float32(between(r, .42, .74))}
	long := row.x1 - row.x0
	switch mode := r.Float32(); {
	case long < .5*c.cw && mode < .9: // short rows keep about their natural shape
		natural := w.h * StripWidth / StripHeight * float32(between(r, .75, 1.2))
		w.w = max(long*float32(between(r, 1.08, 1.5)), min(natural, c.cw*1.1))
	case mode < .45:
		w.w = c.cw * float32(between(r, .97, 1.05))
	default:
		w.w = long * float32(between(r, 1.04, 1.25))
	}
	mid := (row.x0 + row.x1) / 2
	slack := max(0, (w.w-long)/2*.92)
	w.x = mid + slack*(2*r.Float32()-1)
	if w.w >= c.cw*.97 {
		w.x = c.cw/2 + .01*c.cw*float32(r.NormFloat64())
		w.x = min(max(w.x, mid-slack), mid+slack)
	}
	w.y = row.y + .08*w.h*float32(r.NormFloat64())
	return w
}

// background paints the art of the window and of a margin around it.
func (c *stripCard) background(r *rand.Rand, win window) *artwork {
	scale := float32(between(r, 17, 27)) / c.height
	mx, my := .12*win.h+.4, .22*win.h+.02*win.w
	a := newArtwork(1, int((win.w+2*mx)*scale), int((win.h+2*my)*scale), scale,
		win.x-win.w/2-mx, win.y-win.h/2-my, c.cw, c.ch)
	a.paint(r, AnyArt)
	return a
}

// draw paints the window, with the number and without it.
func (c *stripCard) draw(r *rand.Rand, win window) (with, without *artwork) {
	a := c.background(r, win)
	c.neighbours(r, a)
	c.frame(r, a)
	without = a.clone()
	with = a
	m := newSheet(a.w, a.h)
	for _, row := range c.rows {
		if row.y+c.height > a.oy && row.y-c.height < a.oy+float32(a.h)/a.scale {
			c.inkRow(m, row, a.scale, a.ox, a.oy)
		}
	}
	c.apply(r, with, m, c.height)
	m.free()
	marks := r.Uint64()
	for _, p := range []*artwork{with, without} {
		p.offCard(rand.New(rand.NewPCG(marks, 1)))
		p.scratch(rand.New(rand.NewPCG(marks, 2)))
	}
	return with, without
}

// apply puts a mask of characters of the given height in mm on the card in the card's style.
func (p *placement) apply(r *rand.Rand, a *artwork, m *sheet, height float32) {
	if p.style == Embossed {
		a.emboss(r, m, height*a.scale)
		return
	}
	a.print(r, m, height*a.scale)
}

// neighbours puts words around the row: beside it, and just above and below.
func (c *stripCard) neighbours(r *rand.Rand, a *artwork) {
	keep := box{c.row.x0 - .8, c.row.y - c.height/2 - .5, c.row.x1 + .8, c.row.y + c.height/2 + .5}
	if len(c.rows) > 1 {
		keep.y0, keep.y1 = c.rows[0].y-c.height, c.rows[len(c.rows)-1].y+c.height
	}
	if likely(r, .2) && c.row.digits[0].digit == c.rows[0].digits[0].digit { // the first four, repeated small below
		s := c.height * float32(between(r, .3, .45))
		var first []byte
		for _, d := range c.row.digits[:min(4, len(c.row.digits))] {
			first = append(first, '0'+byte(d.digit))
		}
		a.label(r, c.faces, string(first), c.row.x0+float32(between(r, 0, 2)), keep.y1+float32(between(r, .1, 1)), s, nil)
	}
	for range r.IntN(6) {
		s := float32(between(r, 1.2, 3.2))
		x := a.ox + float32(a.w)/a.scale*float32(between(r, -.1, 1))
		y := a.oy + float32(a.h)/a.scale*float32(between(r, -.1, 1))
		words := anyText(r)
		if y+s > keep.y0 && y < keep.y1 {
			words = anyWords(r)
		}
		a.label(r, c.faces, words, x, y, s, []box{keep})
	}
}

// offCard paints what lies beyond the card's edges, when the window reaches over them.
func (a *artwork) offCard(r *rand.Rand) {
	x0, x1 := int(-a.ox*a.scale), int((a.cw-a.ox)*a.scale)
	y0, y1 := int(-a.oy*a.scale), int((a.ch-a.oy)*a.scale)
	if x0 <= 0 && y0 <= 0 && x1 >= a.w && y1 >= a.h {
		return
	}
	c := anyShade(r)
	if likely(r, .3) {
		c = gray(255)
	}
	for i, p := range a.planes {
		v := a.part(c, i)
		for y := range a.h {
			for x := range a.w {
				if x < x0 || x >= x1 || y < y0 || y >= y1 {
					p.v[y*a.w+x] = v
				}
			}
		}
	}
}

// scratch draws a few fine lines, as wallets do.
func (a *artwork) scratch(r *rand.Rand) {
	if !likely(r, .3) {
		return
	}
	wide, high := float32(a.w)/a.scale, float32(a.h)/a.scale
	for range 1 + r.IntN(4) {
		p := nib{a.ox + wide*r.Float32(), a.oy + high*r.Float32()}
		t := between(r, 0, 2*math.Pi)
		n := float32(between(r, 2, 30))
		q := nib{p.x + n*float32(math.Cos(t)), p.y + n*float32(math.Sin(t))}
		a.paintPath(path{bar(p, q, .05)}, anyShade(r), float32(between(r, .2, .8)))
	}
}
