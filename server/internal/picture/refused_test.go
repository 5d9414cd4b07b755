package picture

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// refused reports whether a file is refused as no picture or a damaged one.
func refused(file []byte) bool {
	var e *cardpp.Error
	_, err := Inspect(file, cardpp.ParamFile)
	return errors.As(err, &e) && e.Code == cardpp.UnsupportedFormat
}

func small(t *testing.T) (asJPEG, asPNG []byte) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 104, 101))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * i >> 7)
	}
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, m, nil), png.Encode(&p, m)); err != nil {
		t.Fatal(err)
	}
	return j.Bytes(), p.Bytes()
}

// TestAnUploadThatWasCutIsRefused, wherever it was: no call is spent on it.
func TestAnUploadThatWasCutIsRefused(t *testing.T) {
	asJPEG, asPNG := small(t)
	for name, file := range map[string][]byte{"JPEG": asJPEG, "PNG": asPNG} {
		for n := range file {
			if !refused(file[:n]) {
				t.Errorf("%s: %d bytes of %d pass", name, n, len(file))
			}
		}
		if refused(file) || refused(append(slices.Clip(file), "what a camera adds"...)) {
			t.Errorf("%s: the whole is refused", name)
		}
	}
}

// TestCodingsThatNobodyDecodes: lossless, hierarchical and arithmetic ones, other depths than 8 bits, no size or too many components.
func TestCodingsThatNobodyDecodes(t *testing.T) {
	file, _ := small(t)
	sof := bytes.Index(file, []byte{0xff, markerSOF0, 0, 17, 8})
	if sof < 0 {
		t.Fatal("no frame header")
	}
	const precision, height, width, components = 4, 5, 7, 9 // from the marker on
	with := func(at int, v byte) []byte {
		changed := bytes.Clone(file)
		changed[sof+at] = v
		return changed
	}
	for _, marker := range []byte{0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf} {
		if !refused(with(1, marker)) {
			t.Errorf("SOF%d passes", marker-markerSOF0)
		}
	}
	for name, changed := range map[string][]byte{
		"12 bits": with(precision, 12), "no components": with(components, 0), "five components": with(components, 5),
		"more components than listed": with(components, 4), "no height": with(height+1, 0), "no width": with(width+1, 0),
		"a scan before the frame": with(1, markerSOS), "an end before the frame": with(1, markerEOI),
	} {
		if !refused(changed) {
			t.Errorf("%s: passes", name)
		}
	}
	if refused(with(1, markerSOF1)) || refused(with(1, markerSOF2)) {
		t.Error("extended or progressive coding is refused")
	}
}

// TestPNGHeaders: the depths of table 11.1 for each colour type, and nothing else that the standard doesn't know.
func TestPNGHeaders(t *testing.T) {
	depths := map[byte][]byte{pngGray: {1, 2, 4, 8, 16}, pngPalette: {1, 2, 4, 8}, pngRGB: {8, 16}, pngGrayAlpha: {8, 16}, pngRGBA: {8, 16}}
	for colour := range byte(9) {
		for depth := range byte(34) {
			file := (&testPNG{width: 100, height: 100, depth: depth, colour: colour}).bytes()
			if got, want := !refused(file), slices.Contains(depths[colour], depth); got != want {
				t.Errorf("colour type %d with %d bits: taken %v", colour, depth, got)
			}
		}
	}
	for name, data := range map[string][]byte{
		"another compression": {0, 0, 0, 100, 0, 0, 0, 100, 8, 0, 1, 0, 0}, "other filters": {0, 0, 0, 100, 0, 0, 0, 100, 8, 0, 0, 1, 0},
		"another interlacing": {0, 0, 0, 100, 0, 0, 0, 100, 8, 0, 0, 0, 2}, "no width": {0, 0, 0, 0, 0, 0, 0, 100, 8, 0, 0, 0, 0},
		"no height": {0, 0, 0, 100, 0, 0, 0, 0, 8, 0, 0, 0, 0}, "a byte too many": {0, 0, 0, 100, 0, 0, 0, 100, 8, 0, 0, 0, 0, 0},
	} {
		file := chunk(bytes.Clone(pngSignature), "IHDR", data)
		if !refused(chunk(chunk(file, "IDAT", nil), "IEND", nil)) {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestDamageInsideAPNG: what only decoding finds.
func TestDamageInsideAPNG(t *testing.T) {
	good := func() *testPNG {
		return &testPNG{width: 100, height: 100, depth: 8, colour: pngPalette, palette: make([]byte, 6), rows: make([]byte, 100*101)}
	}
	for name, spoil := range map[string]func(p *testPNG){
		"nothing":                      func(*testPNG) {},
		"no palette":                   func(p *testPNG) { p.palette = nil },
		"half a colour":                func(p *testPNG) { p.palette = make([]byte, 7) },
		"257 colours":                  func(p *testPNG) { p.palette = make([]byte, 3*257) },
		"a colour the palette lacks":   func(p *testPNG) { p.rows[len(p.rows)-1] = 2 },
		"a filter that there isn't":    func(p *testPNG) { p.rows[101] = 5 },
		"a row too few":                func(p *testPNG) { p.rows = p.rows[101:] },
		"more alphas than colours":     func(p *testPNG) { p.tRNS = make([]byte, 3) },
		"a transparent colour in half": func(p *testPNG) { p.colour, p.tRNS = pngGray, make([]byte, 1) },
	} {
		p := good()
		spoil(p)
		file := p.bytes()
		h, err := Inspect(file, cardpp.ParamFile)
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := Decode(file, h, cardpp.ParamFile); (err == nil) != (name == "nothing") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
