package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// Strips: the fast path of the reader's training. Only the band of card around one line of digits is drawn, at about
// the size the reader sees, photographed, and cut to the reader's input.

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
	Layout   string  // a name of Layouts
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

// Strip draws one sample.
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
		s.Glyphs = append(s.Glyphs, StripGlyph{d.digit, p.X, judge.readable(p, s.Height)})
	}
	judge.free()
	a.free()
	b.free()
	return s
}

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
	l := chooseLayout(r, func(l layout) bool {
		return o.Layout == l.name || o.Layout == "" && l.weight > 0 && (o.Digits == "" || l.digits() == len(o.Digits))
	})
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
	w.y = row.y + .07*w.h*float32(r.NormFloat64())
	return w
}

// draw paints the window with a margin, with the number and without it.
func (c *stripCard) draw(r *rand.Rand, win window) (with, without *artwork) {
	scale := float32(between(r, 17, 27)) / c.height
	mx, my := .12*win.h+.4, .22*win.h+.02*win.w
	w, h := int((win.w+2*mx)*scale), int((win.h+2*my)*scale)
	a := newArtwork(1, w, h, scale, win.x-win.w/2-mx, win.y-win.h/2-my, c.cw, c.ch)
	a.paint(r, AnyArt)
	c.neighbours(r, a)
	c.frame(r, a)
	without = a.clone()
	with = a
	m := newSheet(w, h)
	for _, row := range c.rows {
		if row.y+c.height > a.oy && row.y-c.height < a.oy+float32(h)/scale {
			c.inkRow(m, row, scale, a.ox, a.oy)
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

// cut maps strip pixels to the photograph of the window.
type cut struct {
	toPhoto, toStrip geometry.Homography
	ox, oy, scale    float32
	shrink           float32 // photograph pixels a strip pixel, by height
}

// newCut frames the window with the errors that finding a card's corners leaves: a little shift, turn, lean and
// perspective.
func newCut(r *rand.Rand, win window, scale float32) *cut {
	turn := .008 * r.NormFloat64()
	loose := .02
	if likely(r, .2) {
		loose = .045
	}
	lean := .04 * r.NormFloat64()
	s, c := math.Sincos(turn)
	q := geometry.Rect(-.5, -.5, .5, .5)
	for i, p := range q {
		x, y := p.X*float64(win.w), p.Y*float64(win.h)
		x += lean * y
		q[i] = geometry.Point{
			X: float64(win.x) + x*c - y*s + loose*float64(win.h)*r.NormFloat64(),
			Y: float64(win.y) + x*s + y*c + loose*float64(win.h)*r.NormFloat64(),
		}
	}
	toStrip, ok := geometry.QuadToQuad(q, geometry.Rect(0, 0, StripWidth, StripHeight))
	if !ok {
		panic("synth: a strip's window collapsed")
	}
	back, _ := toStrip.Inverse()
	return &cut{toPhoto: back, toStrip: toStrip, scale: scale, shrink: win.h * scale / StripHeight}
}

// where returns the strip position of a point on the card in mm.
func (c *cut) where(x, y float32) geometry.Point {
	return c.toStrip.Apply(geometry.Point{X: float64(x), Y: float64(y)})
}

// photograph takes the artwork, frees it, and cuts the strip.
func (c *cut) photograph(s *shot, a *artwork) *sheet {
	p := s.take(a)
	out := c.strip(p)
	if s.on {
		p.free()
	}
	a.free()
	return out
}

// strip samples the photograph; its pixels know their place on the card.
func (c *cut) strip(p *artwork) *sheet {
	src := p.planes[0]
	if k := p.scale * c.shrink / c.scale; k > 1.35 {
		src = src.clone().blur(.32 * k)
		defer src.free()
	}
	out := roughSheet(StripWidth, StripHeight)
	h := c.toPhoto
	for y := range StripHeight {
		fy := float64(y) + .5
		for x := range StripWidth {
			fx := float64(x) + .5
			w := 1 / (h[6]*fx + h[7]*fy + h[8])
			px := (h[0]*fx + h[1]*fy + h[2]) * w
			py := (h[3]*fx + h[4]*fy + h[5]) * w
			out.v[y*StripWidth+x] = src.at((float32(px)-p.ox)*p.scale, (float32(py)-p.oy)*p.scale)
		}
	}
	return out
}

// bytes rounds tones to 8 bits.
func (f *sheet) bytes() []uint8 {
	b := make([]uint8, len(f.v))
	for i, v := range f.v {
		b[i] = uint8(min(max(v, 0), 255) + .5)
	}
	return b
}
