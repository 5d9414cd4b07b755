// Labels: words put on a card where nothing else is.

package synth

import "math/rand/v2"

// label prints words in some face, or characters that nobody can read, with their left top corner at (x, y) mm, unless
// they would touch what must stay clear. It returns the words' box and whether they were printed.
func (a *artwork) label(r *rand.Rand, faces *Faces, words string, x, y, size float32, clear []box) (box, bool) {
	var p path
	var w float32
	if likely(r, .12) {
		p, w = brushText(r, 2+r.IntN(7), x, y, size)
	} else {
		p, w = textLine(faces.all[r.IntN(len(faces.all))], words, x, y, size)
	}
	b := box{x, y, x + w, y + size}
	if len(p) == 0 || !b.free(clear) {
		return b, false
	}
	a.letter(r, p, size)
	return b, true
}

// letter prints or embosses a path of text, size mm high.
func (a *artwork) letter(r *rand.Rand, p path, size float32) {
	raised := size > 1.8 && likely(r, .3)
	lo, hi := p.bounds()
	edge := size * .3
	a.within(box{lo.x - edge, lo.y - edge, hi.x + edge, hi.y + edge}, func(part *artwork) {
		m := part.mask(p)
		if raised {
			part.emboss(r, m, size*part.scale)
			m.free()
			return
		}
		part.blendOnce(m, part.contrast(r, part.under(m)), float32(between(r, .5, 1)))
	})
}
