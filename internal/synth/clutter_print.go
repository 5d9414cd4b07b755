// Printed matter: letters, lists, receipts, keyboards and screens. Each page is drawn once, from a fixed seed, as tones
// from 0 (paper) to 1 (ink); things wear it in colours of their own.

package synth

import (
	"math/rand/v2"
	"sync"
)

const (
	pageWidth  = 160 // millimetres
	pageHeight = 200
	pageScale  = 3 // texels a millimetre
	pageCount  = 28
)

// page is a pyramid of tones, each level half as wide as the one before.
type page [4]*sheet

var pages [pageCount]struct {
	once sync.Once
	page page
}

// printedPage returns the page of a number, drawing it when it is first asked for.
func printedPage(i int) *page {
	p := &pages[i]
	p.once.Do(func() {
		r := rand.New(rand.NewPCG(uint64(i), 0x9a6e))
		s := newSheet(pageWidth*pageScale, pageHeight*pageScale)
		pageKinds[i%len(pageKinds)](r, s)
		for k := range p.page {
			p.page[k] = s.shrink(s.w>>k, s.h>>k)
		}
	})
	return &p.page
}

// pageKinds draw a page's tones.
var pageKinds = []func(r *rand.Rand, s *sheet){letterPage, numberPage, keyboardPage, screenPage, columnPage, codePage, formPage}

// printedTexture wears a random page in a base colour and an ink; w and h are the thing's millimetres.
func printedTexture(r *rand.Rand, base tint, w, h float64) texture {
	i := r.IntN(pageCount)
	ink := tint{0.02, 0.02, 0.025}
	if base.luma() < 0.18 || likely(r, 0.12) {
		ink = anyTint(r).mix(tint{1, 1, 1}, 0.6)
	} else if likely(r, 0.25) {
		ink = anyTint(r).times(0.3)
	}
	return wearPage(printedPage(i), newToneMap(base, base.mix(ink, 0.5), ink), w, h)
}

// wearPage lays the page's tones on a thing of w × h millimetres, repeated where it is larger.
func wearPage(p *page, tones *toneMap, w, h float64) texture {
	x0, y0 := float32(-w/2), float32(-h/2)
	return &tonal{tones, func(v, xs, ys []float32, foot float32) {
		level, scale := 0, float32(pageScale)
		for level+1 < len(p) && foot*scale > 1.2 {
			level, scale = level+1, scale/2
		}
		s := p[level]
		sw, sh := float32(s.w), float32(s.h)
		for i := range v {
			a, b := (xs[i]-x0)*scale, (ys[i]-y0)*scale
			v[i] = s.at(a-sw*floor32(a/sw), b-sh*floor32(b/sh))
		}
	}}
}

// setText inks a line of words with its left top corner at (x, y) millimetres, capitals height millimetres tall, and
// returns its width.
func setText(s *sheet, f *glyphFace, words string, x, y, height float32) float32 {
	p, w := textLine(f, words, x, y, height)
	s.ink(p, placing{sx: pageScale, sy: pageScale})
	return w
}

// fillRect sets the tone of a rectangle in millimetres.
func fillRect(s *sheet, x, y, w, h, tone float32) {
	x0, y0 := max(int(x*pageScale), 0), max(int(y*pageScale), 0)
	x1, y1 := min(int((x+w)*pageScale), s.w), min(int((y+h)*pageScale), s.h)
	for j := y0; j < y1; j++ {
		row := s.row(j)
		for i := x0; i < x1; i++ {
			row[i] = tone
		}
	}
}

func pageFace(r *rand.Rand) *glyphFace {
	all := BuiltinFaces().all
	return all[r.IntN(len(all))]
}

// paragraphs sets running text in a column.
func paragraphs(r *rand.Rand, s *sheet, f *glyphFace, x, y, width, bottom, height float32) {
	for y < bottom {
		for range 2 + r.IntN(7) {
			at, end := x, x+width*float32(between(r, 0.85, 1))
			for at < end && y < bottom {
				word := letters(r, 1+r.IntN(9))
				if !likely(r, 0.1) {
					word = lowerCase(word)
				}
				if likely(r, 0.05) {
					word = someDigits(r, 1+r.IntN(6))
				}
				at += setText(s, f, word, at, y, height) + height*0.5
			}
			y += height * 2
		}
		y += height * 1.2
	}
}

func lowerCase(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func letterPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	h := float32(between(r, 1.7, 3.2))
	setText(s, f, someName(r), 15, 12, h*float32(between(r, 1.2, 2.5)))
	paragraphs(r, s, f, 15, 30, 130, 190, h)
}

// groupedDigits is a figure such as lists are full of: telephone and account numbers, amounts, codes, in groups.
func groupedDigits(r *rand.Rand) string {
	text := ""
	for i := range 1 + r.IntN(5) {
		if i > 0 {
			text += []string{" ", "-", ".", ""}[r.IntN(4)]
		}
		text += someDigits(r, 2+r.IntN(4))
	}
	return text
}

// numberPage is a telephone list, a statement or a receipt.
func numberPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	h := float32(between(r, 2, 5))
	columns := 1 + r.IntN(3)
	width := float32(pageWidth-20) / float32(columns)
	for k := range columns {
		for y := float32(10); y < pageHeight-8; y += h * float32(between(r, 1.7, 1.9)) {
			x := 10 + float32(k)*width
			if likely(r, 0.6) {
				x += setText(s, f, someName(r), x, y, h) + 4
			}
			setText(s, f, groupedDigits(r), x, y, h)
		}
	}
	if likely(r, 0.5) {
		for y := float32(8); y < pageHeight; y += h * 1.8 {
			fillRect(s, 5, y, pageWidth-10, 0.35, 0.7)
		}
	}
}

// keyboardPage is rows of keys with a legend each.
func keyboardPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	key := float32(between(r, 13, 20))
	gap := key * float32(between(r, 0.08, 0.2))
	capTone := float32(between(r, 0.1, 0.4))
	fillRect(s, 0, 0, pageWidth, pageHeight, float32(between(r, 0.5, 0.9)))
	digits := likely(r, 0.35)
	for j := 0; float32(j)*key < pageHeight; j++ {
		for i := -1; float32(i)*key < pageWidth; i++ {
			x, y := float32(i)*key+float32(j%4)*key*0.3, float32(j)*key
			fillRect(s, x, y, key-gap, key-gap, capTone)
			fillRect(s, x+key*0.08, y+key*0.05, key-gap-key*0.16, key-gap-key*0.2, capTone*0.5)
			legend := letters(r, 1)
			if digits || j == 0 {
				legend = someDigits(r, 1)
			}
			setText(s, f, legend, x+key*0.2, y+key*0.2, key*float32(between(r, 0.2, 0.24)))
		}
	}
}

// screenPage is the face of an app: bars, pictures, lines of text, buttons.
func screenPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	fillRect(s, 0, 0, pageWidth, 14, float32(between(r, 0.3, 0.9)))
	for y := float32(18); y < pageHeight; {
		h := float32(between(r, 8, 34))
		x := float32(6)
		if likely(r, 0.6) {
			fillRect(s, x, y, h-2, h-2, r.Float32())
			x += h + 2
		}
		if likely(r, 0.3) {
			fillRect(s, x, y, float32(between(r, 20, 120)), h-3, float32(between(r, 0.1, 0.5)))
		}
		setText(s, f, anyText(r), x, y+1, min(h*0.25, 5))
		setText(s, f, groupedDigits(r), x, y+h*0.5, min(h*0.3, 6))
		y += h
	}
}

// columnPage is a newspaper: headlines, columns, gray pictures.
func columnPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	setText(s, f, someName(r)+" "+someName(r), 6, 6, 9)
	columns := 2 + r.IntN(3)
	width := float32(pageWidth-10) / float32(columns)
	for k := range columns {
		x := 5 + float32(k)*width
		top := float32(22)
		if likely(r, 0.5) {
			fillRect(s, x, top, width-4, 40, float32(between(r, 0.2, 0.8)))
			top += 45
		}
		paragraphs(r, s, f, x, top, width-5, pageHeight-5, float32(between(r, 1.4, 2)))
	}
}

// codePage is labels: bar codes with figures under them.
func codePage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	for y := float32(8); y < pageHeight-30; y += float32(between(r, 34, 60)) {
		x := float32(between(r, 5, 60))
		width, height := float32(between(r, 40, 90)), float32(between(r, 10, 22))
		for at := x; at < x+width; {
			w := float32(1+r.IntN(4)) * 0.4
			fillRect(s, at, y, w, height, 1)
			at += w + float32(1+r.IntN(4))*0.4
		}
		setText(s, f, someDigits(r, 8+r.IntN(6)), x, y+height+1.5, 3)
	}
}

// formPage is boxes and captions, as on tickets and forms.
func formPage(r *rand.Rand, s *sheet) {
	f := pageFace(r)
	for y := float32(6); y < pageHeight-16; {
		h := float32(between(r, 9, 26))
		for x := float32(5); x < pageWidth-20; {
			w := float32(between(r, 18, 90))
			fillRect(s, x, y, w, 0.5, 1)
			fillRect(s, x, y+h, w, 0.5, 1)
			fillRect(s, x, y, 0.5, h, 1)
			fillRect(s, x+w, y, 0.5, h+0.5, 1)
			setText(s, f, anyText(r), x+1.5, y+1.5, min(h*0.22, 3))
			if likely(r, 0.5) {
				setText(s, f, groupedDigits(r), x+2, y+h*0.45, h*0.3)
			}
			x += w + 2
		}
		y += h + 3
	}
}
