// Digits drawn with a pen in a box one unit wide and one high, in the manner of the Farrington 7B embossing types and
// their many relatives on real cards: square shoulders, one stroke width, a few forms for each digit.

package synth

import (
	"math"
	"math/rand/v2"
)

// pen collects the polylines of one digit.
type pen struct {
	lines [][]nib
	r     *rand.Rand
	rx    float32 // corner radius across, as a share of the width
	ry    float32 // corner radius down, as a share of the height
}

func (p *pen) jig(s float32) float32 { return s * float32(p.r.NormFloat64()) }

func (p *pen) odds(share float64) bool { return p.r.Float64() < share }

func (p *pen) line(v ...nib) { p.lines = append(p.lines, v) }

// turn returns points on an ellipse's quarter (or less) around (cx, cy), angles in degrees, 0 to the right, 90 down.
func turn(cx, cy, rx, ry, from, to float32) []nib {
	const n = 5
	out := make([]nib, n+1)
	for i := range out {
		a := float64(from+(to-from)*float32(i)/n) * math.Pi / 180
		out[i] = nib{cx + rx*float32(math.Cos(a)), cy + ry*float32(math.Sin(a))}
	}
	return out
}

func chain(parts ...[]nib) []nib {
	var out []nib
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// ring is a closed rounded rectangle.
func (p *pen) ring(x0, y0, x1, y1, rx, ry float32) {
	l := chain(
		turn(x1-rx, y0+ry, rx, ry, -90, 0), turn(x1-rx, y1-ry, rx, ry, 0, 90),
		turn(x0+rx, y1-ry, rx, ry, 90, 180), turn(x0+rx, y0+ry, rx, ry, 180, 270))
	p.line(append(l, l[0])...)
}

// penDigits draws the ten digits in one hand.
func penDigits(r *rand.Rand) [10][][]nib {
	radius := .06 + .26*r.Float32()
	draw := [10]func(*pen){pen0, pen1, pen2, pen3, pen4, pen5, pen6, pen7, pen8, pen9}
	var out [10][][]nib
	for d, fn := range draw {
		p := &pen{r: r, rx: radius, ry: radius * .62}
		fn(p)
		out[d] = p.lines
	}
	return out
}

func pen0(p *pen) { p.ring(0, 0, 1, 1, p.rx, p.ry) }

func pen1(p *pen) {
	c := .5 + p.jig(.05)
	switch f := p.r.Float64(); {
	case f < .28:
		p.line(nib{c - .32, .12 + p.jig(.03)}, nib{c - .02, 0}, nib{c, .02}, nib{c, 1})
		p.line(nib{c - .36, 1}, nib{c + .36, 1})
	case f < .38: // the base runs to the right only
		p.line(nib{.1 + p.jig(.05), 0}, nib{.42, 0}, nib{.42, 1}, nib{1, 1})
	case f < .55:
		p.line(nib{c - .3, 0}, nib{c, 0}, nib{c, 1})
		p.line(nib{c - .36, 1}, nib{c + .36, 1})
	case f < .63: // the base ends in an upturned serif, as on old embossers
		p.line(nib{c - .4, 0}, nib{c, 0}, nib{c, 1})
		p.line(nib{c - .4, 1}, nib{.98, 1}, nib{.98, .8})
	case f < .74:
		c += p.jig(.15)
		p.line(nib{c, 0}, nib{c, 1})
	default: // a flag and no base: it must not be taken for a seven
		c += p.jig(.12)
		p.line(nib{c - .1 - .4*p.r.Float32(), .04 + .16*p.r.Float32()}, nib{c, 0}, nib{c, 1})
	}
}

func pen2(p *pen) {
	m := .46 + p.jig(.02)
	switch f := p.r.Float64(); {
	case f < .5:
		p.line(chain([]nib{{0, .08 + p.jig(.02)}, {.1, 0}}, turn(1-p.rx, p.ry, p.rx, p.ry, -90, 0),
			turn(1-p.rx, m-.04, p.rx, p.ry, 0, 60), []nib{{.12, .8}, {0, 1}, {1, 1}})...)
	case f < .85:
		p.line(chain([]nib{{0, 0}}, turn(1-p.rx, p.ry, p.rx, p.ry, -90, 0), turn(1-p.rx, m-p.ry, p.rx, p.ry, 0, 90),
			turn(p.rx, m+p.ry, p.rx, p.ry, 270, 180), []nib{{0, 1}, {1, 1}})...)
	default: // round head, straight neck
		p.line(chain(turn(.5, .27, .5, .27, 190, 375), []nib{{.9, .42}, {0, 1}, {1, 1}})...)
	}
}

func pen3(p *pen) {
	m := .47 + p.jig(.02)
	switch f := p.r.Float64(); {
	case f < .45:
		p.line(chain([]nib{{.02, 0}, {.96, 0}, {.42 + p.jig(.03), .4 + p.jig(.02)}},
			turn(1-p.rx, .42+p.ry, p.rx, p.ry, -90, 0), turn(1-p.rx, 1-p.ry, p.rx, p.ry, 0, 90), []nib{{.1, 1}, {0, .93}})...)
	case f < .85:
		p.line(chain([]nib{{0, 0}}, turn(1-p.rx, p.ry, p.rx, p.ry, -90, 0), turn(1-p.rx, m-p.ry, p.rx, p.ry, 0, 90), []nib{{.3, m}})...)
		p.line(chain([]nib{{.3, m}}, turn(1-p.rx, m+p.ry, p.rx, p.ry, -90, 0), turn(1-p.rx, 1-p.ry, p.rx, p.ry, 0, 90), []nib{{0, 1}})...)
	default:
		p.line(chain(turn(.45, .24, .5, .24, 190, 450), turn(.45, .74, .55, .26, -90, 170))...)
	}
}

func pen4(p *pen) {
	switch f := p.r.Float64(); {
	case f < .25:
		p.line(nib{.75, 1}, nib{.75, 0}, nib{.6, 0}, nib{0, .62}, nib{0, .68}, nib{1, .68})
	case f < .45:
		p.line(nib{.45 + p.jig(.08), 0}, nib{0, .6 + p.jig(.03)}, nib{0, .7}, nib{1, .7})
		p.line(nib{.72 + p.jig(.03), .3 + p.jig(.06)}, nib{.72, 1})
	case f < .8:
		p.line(nib{.12 + p.jig(.03), 0}, nib{0, .66 + p.jig(.03)}, nib{1, .66})
		p.line(nib{.72 + p.jig(.03), .36 + p.jig(.03)}, nib{.72, 1})
	default:
		p.line(nib{0, 0}, nib{0, .62}, nib{1, .62})
		p.line(nib{.75, .3}, nib{.75, 1})
	}
}

func pen5(p *pen) {
	x := .02 + .04*p.r.Float32()
	top := .4 + p.jig(.02)
	p.line(chain([]nib{{.95, 0}, {x + .03, 0}, {x, top}}, turn(1-p.rx*1.3, top+p.ry, p.rx*1.3, p.ry, -90, 0),
		turn(1-p.rx, 1-p.ry, p.rx, p.ry, 0, 90), []nib{{.1, 1}, {0, .93 + p.jig(.02)}})...)
}

func pen6(p *pen) {
	m := .45 + p.jig(.02)
	p.ring(0, m, 1, 1, p.rx, p.ry)
	switch f := p.r.Float64(); {
	case f < .2: // a straight stem
		p.line(nib{0, 0}, nib{0, .7})
		if p.odds(.5) {
			p.line(nib{0, 0}, nib{.2 + .2*p.r.Float32(), 0})
		}
	case f < .45:
		p.line(chain([]nib{{.62 + p.jig(.08), 0}, {.3, 0}}, turn(p.rx, p.ry+.05, p.rx, p.ry, 270, 180), []nib{{0, .7}})...)
	case f < .75:
		p.line(nib{.15, 0}, nib{.02, .3}, nib{0, .65})
	default:
		p.line(chain([]nib{{.95, 0}}, turn(p.rx, p.ry, p.rx, p.ry, 270, 180), []nib{{0, .7}})...)
	}
}

func pen7(p *pen) {
	switch f := p.r.Float64(); {
	case f < .2: // upright, with a square shoulder
		x := .7 + .3*p.r.Float32()
		p.line(nib{.05, .08 * p.r.Float32()}, nib{.05, 0}, nib{x, 0}, nib{x, 1})
	case f < .45:
		p.line(chain([]nib{{0, .14 + p.jig(.02)}, {0, 0}}, turn(1-p.rx/2, p.ry/2, p.rx/2, p.ry/2, -90, 0),
			[]nib{{1, .22 + p.jig(.03)}, {.58 + p.jig(.05), .5 + p.jig(.04)}, {.5 + p.jig(.04), .68}, {.5, 1}})...)
	case f < .8:
		p.line(nib{0, .12 + p.jig(.02)}, nib{0, 0}, nib{1, 0}, nib{1, .2}, nib{.52 + p.jig(.05), .55 + p.jig(.04)}, nib{.5, 1})
	default:
		p.line(nib{0, .05}, nib{0, 0}, nib{1, 0}, nib{.4, 1})
	}
}

func pen8(p *pen) {
	inset := max(0, .09+p.jig(.06))
	m := .46 + p.jig(.015)
	p.ring(inset, 0, 1-inset, m, p.rx*.9, p.ry*.9)
	p.ring(0, m, 1, 1, p.rx, p.ry)
}

func pen9(p *pen) {
	m := .56 + p.jig(.02)
	p.ring(0, 0, 1, m, p.rx, p.ry)
	switch f := p.r.Float64(); {
	case f < .25: // a straight stem
		p.line(nib{1, .3}, nib{1, 1})
	case f < .55:
		p.line(nib{1, .3}, nib{1, .72}, nib{.82 + p.jig(.03), 1})
	default:
		p.line(chain([]nib{{1, .3}}, turn(1-p.rx, 1-p.ry, p.rx, p.ry, 0, 90), []nib{{.15, 1}})...)
	}
}

// penFace draws a face of its own for one card: the strokes of penDigits with the given weight, a share of the height.
// The ink is narrower than Farrington's or wider by chance.
func penFace(r *rand.Rand, weight float32) *glyphFace {
	f := &glyphFace{name: "pen", mono: true, machine: true}
	width := farringtonWidth / farringtonHeight * (.84 + .26*r.Float32())
	switch { // artwork programs squeeze and stretch their types
	case likely(r, .3):
		width *= float32(between(r, 1, 1.4))
	case likely(r, .25):
		width *= float32(between(r, .7, 1))
	}
	for d, lines := range penDigits(r) {
		for _, l := range lines {
			for i, v := range l {
				l[i] = nib{(v.x - .5) * (width - weight), weight/2 + v.y*(1-weight)}
			}
		}
		f.chars['0'+d] = glyph{stroke(lines, weight), width, farringtonPitch / farringtonHeight}
	}
	return f
}
