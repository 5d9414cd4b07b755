// Placing: where each digit of a number goes on the card, how large, and in which face.

package synth

import "math/rand/v2"

// Style says how the number is put on the card.
type Style int

// Embossed digits stand up from the card (or are pressed into it); Flat ones are printed or engraved.
const (
	Embossed Style = iota
	Flat
)

func (s Style) String() string {
	if s == Embossed {
		return "embossed"
	}
	return "flat"
}

// placement says where each digit of a number goes, in millimetres on the card, and in which face.
type placement struct {
	style  Style
	layout layout
	face   *glyphFace
	height float32 // of a zero
	wide   float32 // the digits' width over what the face would give at that height
	pitch  float32
	// space between characters set by their own width, over the pitch
	tracking float32
	rows     []placedRow
}

type placedRow struct {
	y      float32 // of the digits' middle
	x0, x1 float32 // ink's left and right end
	digits []placedDigit
}

// placedDigit is one digit with the centre of its cell.
type placedDigit struct {
	digit int
	x     float32
}

// numberSize draws the face and sizes of a number in the given style.
func numberSize(r *rand.Rand, faces *Faces, style Style) placement {
	p := placement{style: style, wide: 1}
	if style == Embossed {
		p.height = float32(between(r, 3.7, 4.5))
		p.pitch = farringtonPitch * float32(between(r, .93, 1.03))
		if likely(r, .2) {
			p.pitch = farringtonPitch * float32(between(r, .85, 1.15))
		}
		switch pickWeighted(r, .42, .36, .10, .12) {
		case 0:
			p.face = gurney()
			p.wide = float32(between(r, .92, 1.08))
		case 1:
			p.face = penFace(r, float32(between(r, .08, .2)))
		case 2:
			p.face = faces.pickMachine(r)
		default:
			p.face = faces.pick(r)
		}
		return p
	}
	p.height = float32(between(r, 2.2, 5.6))
	if likely(r, .6) {
		p.height = float32(between(r, 2.8, 4.6))
	}
	switch pickWeighted(r, .50, .12, .24, .14) {
	case 0:
		p.face = faces.pick(r)
	case 1:
		p.face = faces.pickMachine(r)
	case 2: // printed in imitation of embossing
		p.face = penFace(r, float32(between(r, .05, .16)))
	default:
		p.face = gurney()
	}
	p.pitch = p.height * float32(between(r, .62, 1))
	p.tracking = float32(between(r, .03, .35) * r.Float64())
	return p
}

// pick draws a design, then a weight of it.
func (f *Faces) pick(r *rand.Rand) *glyphFace {
	family := f.families[r.IntN(len(f.families))]
	return family[r.IntN(len(family))]
}

// pickMachine prefers the faces made for machines; without any it draws with a pen.
func (f *Faces) pickMachine(r *rand.Rand) *glyphFace {
	if len(f.machine) == 0 {
		return penFace(r, float32(between(r, .08, .16)))
	}
	return f.machine[r.IntN(len(f.machine))]
}

// place sets the digits on a card of the given size in millimetres.
func (p *placement) place(r *rand.Rand, l layout, digits string, width, height float32) {
	p.layout = l
	n, gaps := l.cells()
	gap := p.pitch * float32(between(r, .75, 1.15))
	if p.style == Flat {
		gap = p.pitch * float32(between(r, .3, 1.3))
	}
	p.fit(n, gaps, &gap, width*float32(between(r, .84, .94)))
	proportional := p.style == Flat && !p.face.mono || p.style == Flat && likely(r, .35)
	step := p.height * float32(between(r, 1.3, 2.1))
	x0, y := p.corner(r, n, gaps, gap, step, width, height)
	for _, groups := range l.rows {
		k := 0
		for _, g := range groups {
			k += g
		}
		p.rows = append(p.rows, p.setRow(groups, digits[:k], x0, y, gap, proportional))
		digits = digits[k:]
		y += step
	}
}

// fit narrows pitch, gap and digits until the longest row takes at most the room.
func (p *placement) fit(digits, gaps int, gap *float32, room float32) {
	if total := float32(digits)*p.pitch + float32(gaps)**gap; total > room {
		k := room / total
		p.pitch *= k
		*gap *= k
		p.height *= max(k, .78)
	}
	widest := float32(0)
	for d := range 10 {
		widest = max(widest, p.face.digit(d).width)
	}
	p.height = min(p.height, p.pitch*2.1)
	p.wide = min(p.wide, p.pitch*.9/(widest*p.height))
	if p.style == Embossed && widest*p.height < p.pitch*.55 && !p.face.machine {
		p.wide = p.pitch * .62 / (widest * p.height)
	}
}

// corner draws where the first row starts: its left end and its middle's height.
func (p *placement) corner(r *rand.Rand, digits, gaps int, gap, step, width, height float32) (x, y float32) {
	total := float32(digits)*p.pitch + float32(gaps)*gap
	left, right := width*.03, max(width*.031, width*.97-total)
	x = float32(between(r, float64(left), float64(right)))
	if likely(r, .5) {
		x = min(max(width*float32(between(r, .06, .14)), left), right)
	}
	y = height * (.58 + .05*float32(r.NormFloat64()))
	if p.style == Flat && likely(r, .5) {
		y = height * float32(between(r, .12, .9))
	}
	below := float32(len(p.layout.rows)-1) * step
	return x, min(max(y, p.height), max(height-p.height-below, p.height))
}

func (p *placement) setRow(groups []int, digits string, x, y, gap float32, proportional bool) placedRow {
	row := placedRow{y: y, x0: x}
	size := p.height * p.wide
	letter := p.pitch * p.tracking
	for i, g := range groups {
		if i > 0 {
			x += gap
		}
		for range g {
			d := int(digits[0] - '0')
			digits = digits[1:]
			advance := p.pitch
			if proportional {
				advance = min(p.face.digit(d).advance*size+letter, p.pitch*1.02)
			}
			row.digits = append(row.digits, placedDigit{d, x + advance/2})
			x += advance
		}
	}
	row.x1 = x
	return row
}

// inkRow draws the row's digits into a mask whose origin lies at (ox, oy) mm, at scale px a mm.
func (p *placement) inkRow(m *sheet, row placedRow, scale, ox, oy float32) {
	size := p.height * scale
	for _, d := range row.digits {
		m.ink(p.face.digit(d.digit).outline, placing{
			sx: size * p.wide, sy: size,
			ox: (d.x - ox) * scale, oy: (row.y - p.height/2 - oy) * scale,
		})
	}
}
