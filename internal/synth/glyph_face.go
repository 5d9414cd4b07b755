// Faces: sets of outlines, among them the Farrington 7B digits that most embossed cards carry.

package synth

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// glyph is one character's outline. The unit is the height of the face's zero: y runs from 0 at its top to 1 on the
// base line, x is 0 in the middle of the cell.
type glyph struct {
	outline path
	width   float32 // of the ink
	advance float32 // to the next character in proportional setting
}

// glyphFace is a set of characters of one design. Missing characters have no outline.
type glyphFace struct {
	name    string
	chars   [128]glyph
	mono    bool // all digits share one advance, so that they may be set at any pitch
	machine bool // drawn for machines to read (Farrington 7B, OCR-A, OCR-B)
}

func (f *glyphFace) digit(d int) *glyph { return &f.chars['0'+d] }

func (f *glyphFace) has(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != ' ' && (c >= 128 || f.chars[c].outline == nil) {
			return false
		}
	}
	return true
}

//go:embed glyph_gurney7b.txt
var gurneyOutlines string

// Nominal sizes of an embossed Farrington 7B digit in millimetres, as Gurney-7B draws it.
const (
	farringtonHeight = 4.33
	farringtonWidth  = 2.55
	farringtonPitch  = 3.63
)

// gurney returns the Farrington 7B digits of Gurney-7B.
var gurney = sync.OnceValue(func() *glyphFace {
	f := &glyphFace{name: "gurney-7b", mono: true, machine: true}
	for line := range strings.Lines(gurneyOutlines) {
		if line[0] == '#' {
			continue
		}
		words := strings.Fields(line)
		g := &f.chars[words[0][0]]
		g.width, g.advance = farringtonWidth/farringtonHeight, farringtonPitch/farringtonHeight
		contour := make([]nib, 0, len(words)-1)
		for _, w := range words[1:] {
			xs, ys, _ := strings.Cut(w, ",")
			x, errX := strconv.Atoi(xs)
			y, errY := strconv.Atoi(ys)
			if errX != nil || errY != nil {
				panic("synth: glyph_gurney7b.txt is damaged near " + w)
			}
			contour = append(contour, nib{
				float32(x) / (1000 * farringtonHeight),
				.5 - float32(y)/(1000*farringtonHeight),
			})
		}
		g.outline = append(g.outline, contour)
	}
	return f
})
