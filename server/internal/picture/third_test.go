package picture

import (
	"bytes"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// A baseline JPEG whose chroma has a third of luma's columns, all gray: image/jpeg knows halves and quarters only.
func TestChromaOfAThird(t *testing.T) {
	const width, height, blocks = 120, 104, 5 * 13 * (3 + 1 + 1)
	file := []byte("\xff\xd8\xff\xdb\x00\x43\x00") // quantisation by ones
	file = append(file, bytes.Repeat([]byte{1}, 64)...)
	file = append(file, 0xff, 0xc0, 0, 17, 8, 0, height, 0, width, 3, 1, 0x31, 0, 2, 0x11, 0, 3, 0x11, 0)
	for _, table := range []byte{0x00, 0x10} { // the one code, a zero bit, says that nothing changes, and that nothing follows
		file = append(file, 0xff, 0xc4, 0, 20, table, 1)
		file = append(file, make([]byte, 15+1)...)
	}
	file = append(file, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
	file = append(append(file, make([]byte, blocks*2/8)...), 0x3f, 0xff, 0xd9)
	h, err := Inspect(file, cardpp.ParamFile)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Decode(file, h, cardpp.ParamFile)
	if err != nil {
		t.Fatal(err)
	}
	if f.Y.Row(height - 1)[width-1] != 128 || f.Cb.Width != width/3 || f.Cb.Height != height || f.Cr.Row(height - 1)[width/3-1] != 128 {
		t.Errorf("luma %d, chroma %d×%d", f.Y.Row(height - 1)[width-1], f.Cb.Width, f.Cb.Height)
	}
}
