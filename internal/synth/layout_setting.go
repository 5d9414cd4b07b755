// What a card may put behind or around its number: a plain bar, or the bracket lines that hold a number set in rows.

package synth

import "math/rand/v2"

// frame draws the number's setting, if it has one.
func (p *placement) frame(r *rand.Rand, a *artwork) {
	switch {
	case len(p.rows) > 1 && likely(r, .4):
		p.brackets(r, a)
	case likely(r, .035):
		p.bar(r, a)
	}
}

// bar lays a plain plate under every row.
func (p *placement) bar(r *rand.Rand, a *artwork) {
	c := gray(float32(between(r, 0, 255)))
	if likely(r, .5) {
		c = anyShade(r)
	}
	edge := p.height * float32(between(r, .15, .6))
	opacity := float32(between(r, .5, 1))
	for _, row := range p.rows {
		a.paintPath(p.box(row).grown(edge).rect(), c, opacity)
	}
}

// brackets draws a line below each row that turns up at its end, as around numbers meant to be read in fours.
func (p *placement) brackets(r *rand.Rand, a *artwork) {
	var lines [][]nib
	space := p.height * .25
	slope := p.height * float32(between(r, 0, .3))
	for i, row := range p.rows {
		b := p.box(row).grown(space)
		lines = append(lines, []nib{{b.x1, b.y0}, {b.x1, b.y1 - slope}, {b.x0, b.y1}})
		if i > 0 {
			lines = append(lines, []nib{{b.x0, b.y0}, {b.x0, b.y1}})
		}
	}
	at := stroke(lines, p.height*float32(between(r, .04, .09)))
	lo, hi := at.bounds()
	a.within(box{lo.x, lo.y, hi.x, hi.y}, func(part *artwork) {
		m := part.mask(at)
		part.blendOnce(m, part.contrast(r, part.under(m)), float32(between(r, .6, 1)))
	})
}
