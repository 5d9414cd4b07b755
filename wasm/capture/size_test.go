package capture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

func TestSizeIsKnownFromTheBeginning(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 803, 604))
	var j, p bytes.Buffer
	if err := jpeg.Encode(&j, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&p, img); err != nil {
		t.Fatal(err)
	}
	// A thumbnail lies in an APP1 segment before the frame header, and has a size of its own.
	thumb := append([]byte("\xff\xe1\x03\x02"), append(bytes.Clone(j.Bytes()), make([]byte, 0x300)...)[:0x300]...)
	withThumb := append(append([]byte("\xff\xd8"), thumb...), append([]byte("\xff"), j.Bytes()[2:]...)...)
	// Markers among those of frame headers that are none (DHT, JPG, DAC) come before a last one, SOF15.
	tables := "\xff\xd8"
	for _, marker := range []string{"\xc4", "\xc8", "\xcc", "\xd0"} {
		tables += "\xff" + marker + "\x00\x07\x01\x01\x01\x01\x01"
	}
	for _, c := range []struct {
		name          string
		head          []byte
		width, height int
	}{
		{"JPEG", j.Bytes(), 803, 604},
		{"PNG", p.Bytes(), 803, 604},
		{"with a thumbnail", withThumb, 803, 604},
		{"JPEG, tables first", []byte(tables + "\xff\xcf\x00\x11\x08\x02\x5c\x03\x23"), 803, 604},
		{"PNG, over 65,535 wide and high", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x01\x11\x70\x00\x01\x00\x01"), 70000, 65537},
		{"cut", j.Bytes()[:12], 0, 0},
		{"cut PNG", p.Bytes()[:20], 0, 0},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), 0, 0},
		{"nothing", nil, 0, 0},
	} {
		if w, h := sizeOf(c.head); w != c.width || h != c.height {
			t.Errorf("%s: %d×%d, want %d×%d", c.name, w, h, c.width, c.height)
		}
	}
}

func FuzzSize(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\x00\x10\x00\x10"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if w, h := sizeOf(head); w < 0 || h < 0 {
			t.Errorf("%d×%d", w, h)
		}
	})
}
