// Words on a card: those that usually stand in their usual places, then a few anywhere.

package synth

import "math/rand/v2"

func (d *draft) words() {
	p := &d.number
	last := p.box(p.rows[len(p.rows)-1])
	if likely(d.r, .3) { // the first four digits again, small, below the first group
		d.word(d.digits[:4], last.x0+float32(between(d.r, 0, 3)), last.y1+float32(between(d.r, .7, 2)), float32(between(d.r, 1.2, 1.9)))
	}
	d.word(bankWords[d.r.IntN(len(bankWords))], float32(between(d.r, 3, float64(d.width)*.5)), float32(between(d.r, 3, 8)), float32(between(d.r, 2.5, 6)))
	if likely(d.r, .7) {
		d.holder(last)
	}
	for range 1 + d.r.IntN(7) {
		size := float32(between(d.r, 1.3, 3))
		if likely(d.r, .25) {
			size = float32(between(d.r, 2.5, 6.5))
		}
		d.word(anyText(d.r), d.width*float32(between(d.r, .02, .85)), d.height*float32(between(d.r, .03, .93)), size)
	}
}

// holder puts the name and dates below the number, raised like it when it is raised.
func (d *draft) holder(last box) {
	x := float32(between(d.r, 4, 10))
	y := last.y1 + float32(between(d.r, 3, 8))
	size := float32(between(d.r, 2.2, 3.2))
	d.word(captions[d.r.IntN(len(captions))], x+float32(between(d.r, 10, 30)), last.y1+float32(between(d.r, 1.2, 2.4)), 1.3)
	put := d.word
	if likely(d.r, .7) {
		face := d.capitals()
		put = func(words string, x, y, size float32) { d.raisedWord(face, words, x, y, size) }
	}
	put(someDate(d.r), x+float32(between(d.r, 20, 35)), y, size)
	put(someName(d.r), x, y+size*float32(between(d.r, 1.5, 2.2)), size)
}

// capitals picks the face of names and dates: the machine's own where it has letters.
func (d *draft) capitals() *glyphFace {
	if f := d.number.face; f.has("ABC") {
		return f
	}
	if m := d.o.Faces.machine; len(m) > 0 && likely(d.r, .7) {
		return m[d.r.IntN(len(m))]
	}
	return d.someFace(d.r)
}

// raisedWord sets a line in the look of the number.
func (d *draft) raisedWord(f *glyphFace, words string, x, y, size float32) {
	p, w := textLine(f, words, x, y, size)
	b := box{x, y, x + w, y + size}
	if len(p) == 0 || !b.free(d.fence()) {
		return
	}
	d.art.within(b.grown(size*.4), func(part *artwork) {
		m := part.mask(p)
		d.number.apply(d.inkRand(), part, m, size)
		m.free()
	})
	d.taken = append(d.taken, b.grown(.2))
}

// word puts a line of text where it fits.
func (d *draft) word(words string, x, y, size float32) {
	if d.sideways {
		d.sidewaysWord(words, x, y, size)
		return
	}
	if b, ok := d.art.label(d.r, d.o.Faces, words, x, y, size, d.fence()); ok {
		d.taken = append(d.taken, b.grown(.2))
	}
}

// fence is what words keep off: things there already and the card's right and bottom edge.
func (d *draft) fence() []box {
	w, h := d.width, d.height
	return append([]box{{w - .5, -9, w + 999, h + 99}, {-9, h - .5, w + 99, h + 99}}, d.taken...)
}

// sidewaysWord sets a line from bottom to top, as on portrait art whose number runs along the long side.
func (d *draft) sidewaysWord(words string, x, y, size float32) {
	p, w := textLine(d.someFace(d.r), words, 0, 0, size)
	b := box{x, y, x + size, y + w}
	if len(p) == 0 || !b.free(d.fence()) {
		return
	}
	for _, c := range p {
		for i, v := range c {
			c[i] = nib{x + v.y, y + w - v.x}
		}
	}
	d.taken = append(d.taken, b.grown(.2))
	d.art.letter(d.r, p, size)
}

func (d *draft) someFace(r *rand.Rand) *glyphFace { return d.o.Faces.all[r.IntN(len(d.o.Faces.all))] }
