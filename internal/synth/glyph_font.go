// Fonts: faces read from TrueType and OpenType files.

package synth

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Faces are the printing faces that cards choose from. The zero value is not usable: see BuiltinFaces and LoadFaces.
type Faces struct {
	all      []*glyphFace   // every face, for text
	families [][]*glyphFace // those fit for a card number, the weights of one design together
	machine  []*glyphFace   // OCR-A, OCR-B and the like among them
}

// BuiltinFaces returns the Go fonts, which need no files.
var BuiltinFaces = sync.OnceValue(func() *Faces {
	var f Faces
	for _, data := range [][]byte{goregular.TTF, gomedium.TTF, gobold.TTF, gomono.TTF, gomonobold.TTF} {
		if err := f.add(data); err != nil {
			panic("synth: a Go font is damaged: " + err.Error())
		}
	}
	return &f
})

// LoadFaces returns the built-in faces and all usable TrueType and OpenType faces below dir, in the order of their
// paths. Faces without plain digits, and slanted or symbol ones, are passed over.
func LoadFaces(dir string) (*Faces, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if ext := strings.ToLower(filepath.Ext(path)); (ext == ".ttf" || ext == ".otf") && wanted(filepath.Base(path)) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	f := BuiltinFaces().clone()
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := f.add(data); err != nil && !errors.Is(err, errUnfit) {
			return nil, err
		}
	}
	return f, nil
}

// clone copies the lists, not the faces.
func (f *Faces) clone() *Faces {
	g := &Faces{all: slices.Clone(f.all), machine: slices.Clone(f.machine)}
	for _, family := range f.families {
		g.families = append(g.families, slices.Clone(family))
	}
	return g
}

func wanted(name string) bool {
	for _, bad := range []string{"Italic", "Oblique", "Symbol", "Dingbat", "Emoji", "Math", "D050", "Ornament", "Music", "Icons"} {
		if strings.Contains(name, bad) {
			return false
		}
	}
	// Noto holds hundreds of scripts whose digits are copies of these.
	return !strings.HasPrefix(name, "Noto") || strings.HasPrefix(name, "NotoSans-") ||
		strings.HasPrefix(name, "NotoSerif-") || strings.HasPrefix(name, "NotoSansMono") || strings.HasPrefix(name, "NotoSansDisplay")
}

var errUnfit = errors.New("synth: a face without plain digits")

func (f *Faces) add(data []byte) error {
	font, err := sfnt.Parse(data)
	if err != nil {
		return errUnfit
	}
	g, err := readFace(font)
	if err != nil {
		return err
	}
	f.all = append(f.all, g)
	if !lining(g) {
		return nil
	}
	f.join(g)
	if g.machine {
		f.machine = append(f.machine, g)
	}
	return nil
}

// join adds a face to its family: the name without words of weight.
func (f *Faces) join(g *glyphFace) {
	family := familyOf(g.name)
	for i, members := range f.families {
		if familyOf(members[0].name) == family {
			f.families[i] = append(members, g)
			return
		}
	}
	f.families = append(f.families, []*glyphFace{g})
}

func familyOf(name string) string {
	weights := []string{"Thin", "Hairline", "Extra", "ExtraLight", "Light", "Regular", "Book", "Retina", "Medium",
		"Semi", "SemiBold", "Semibold", "Bold", "Extrabold", "Heavy", "Black"}
	var words []string
	for w := range strings.FieldsSeq(name) {
		if !slices.Contains(weights, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// lining reports whether the digits stand on one line at one height, as on cards.
func lining(f *glyphFace) bool {
	for d := range 10 {
		lo, hi := f.digit(d).outline.bounds()
		if lo.y < -.08 || lo.y > .1 || hi.y < .92 || hi.y > 1.1 {
			return false
		}
	}
	return true
}

// readFace takes the printable ASCII outlines of a font.
func readFace(src *sfnt.Font) (*glyphFace, error) {
	var buf sfnt.Buffer
	name, err := src.Name(&buf, sfnt.NameIDFull)
	if err != nil {
		return nil, errUnfit
	}
	f := &glyphFace{name: name, mono: true}
	lower := strings.ToLower(name)
	if strings.Contains(lower, "inverted") { // white on plates: boxed print draws its own
		return nil, errUnfit
	}
	f.machine = strings.Contains(lower, "ocr") || strings.Contains(lower, "farrington")
	const em = 2048
	for c := rune(33); c < 127; c++ {
		i, err := src.GlyphIndex(&buf, c)
		if err != nil || i == 0 {
			continue
		}
		segments, err := src.LoadGlyph(&buf, i, fixed.I(em), nil)
		if err != nil {
			continue
		}
		advance, err := src.GlyphAdvance(&buf, i, fixed.I(em), font.HintingNone)
		if err != nil {
			continue
		}
		f.chars[c] = glyph{outline: flatten(segments), advance: float32(advance) / 64}
	}
	return f, f.settle()
}

// settle changes from font units to the face's own: the zero's height, cell centres at 0.
func (f *glyphFace) settle() error {
	for d := range 10 {
		if f.digit(d).outline == nil {
			return errUnfit
		}
	}
	lo, hi := f.digit(0).outline.bounds()
	size := hi.y - lo.y
	if size <= 0 {
		return errUnfit
	}
	for c := range f.chars {
		g := &f.chars[c]
		if g.outline == nil {
			continue
		}
		g.advance /= size
		g.outline = g.outline.through(placing{sx: 1 / size, sy: 1 / size, ox: -g.advance / 2, oy: -lo.y / size})
		a, b := g.outline.bounds()
		g.width = b.x - a.x
	}
	for d := range 10 {
		if g := f.digit(d); g.advance < f.digit(0).advance*.98 || g.advance > f.digit(0).advance*1.02 {
			f.mono = false
		}
	}
	return nil
}

// flatten turns a font's curves into polylines, six pieces a curve.
func flatten(segments sfnt.Segments) path {
	var p path
	var at nib
	to := func(a fixed.Point26_6) nib { return nib{float32(a.X) / 64, float32(a.Y) / 64} }
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p = append(p, []nib{to(s.Args[0])})
			at = to(s.Args[0])
			continue
		case sfnt.SegmentOpLineTo:
			p[len(p)-1] = append(p[len(p)-1], to(s.Args[0]))
			at = to(s.Args[0])
			continue
		}
		a, b, c, d := at, to(s.Args[0]), to(s.Args[1]), to(s.Args[2])
		if s.Op == sfnt.SegmentOpQuadTo { // as the cubic with the same shape
			b, c, d = nib{a.x + (b.x-a.x)*2/3, a.y + (b.y-a.y)*2/3}, nib{c.x + (b.x-c.x)*2/3, c.y + (b.y-c.y)*2/3}, c
		}
		const n = 6
		for i := 1; i <= n; i++ {
			t := float32(i) / n
			u := 1 - t
			k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
			p[len(p)-1] = append(p[len(p)-1], nib{
				k0*a.x + k1*b.x + k2*c.x + k3*d.x, k0*a.y + k1*b.y + k2*c.y + k3*d.y})
		}
		at = d
	}
	return p
}
