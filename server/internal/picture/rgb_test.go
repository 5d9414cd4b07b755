package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"runtime"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestRedGreenAndBlueInTheMemoryAnnounced: image/jpeg decodes such files by way of an image.RGBA, and knows them by a marker
// that may stand behind the header.
func TestRedGreenAndBlueInTheMemoryAnnounced(t *testing.T) {
	const side = 2048
	m := image.NewYCbCr(image.Rect(0, 0, side, side), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = 200
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 50, 100
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	adobe := []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")
	_, rest, ok := readJPEGHeader(b.Bytes())
	if !ok {
		t.Fatal("no header")
	}
	frame := b.Len() - len(rest)
	for name, c := range map[string]struct {
		file []byte
		luma uint8
	}{
		"named":                 {named(t, b.Bytes()), lumaOf(200, 50, 100)},
		"Adobe's":               {bytes.Join([][]byte{b.Bytes()[:2], adobe, b.Bytes()[2:]}, nil), lumaOf(200, 50, 100)},
		"Adobe's, after header": {bytes.Join([][]byte{b.Bytes()[:frame], adobe, rest}, nil), 200},
	} {
		h, err := Inspect(c.file, cardpp.ParamFile)
		if err != nil {
			t.Fatal(name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := Decode(c.file, h, cardpp.ParamFile)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if took := int(after.TotalAlloc - before.TotalAlloc); took > h.DecodeBytes()*5/4 {
			t.Errorf("%s: %d bytes, announced %d", name, took, h.DecodeBytes())
		}
		if got := f.Y.Row(side / 2)[side/2]; max(got, c.luma)-min(got, c.luma) > 3 {
			t.Errorf("%s: luma %d, want %d", name, got, c.luma)
		}
	}
}

func lumaOf(r, g, b uint8) uint8 {
	y, _, _ := color.RGBToYCbCr(r, g, b)
	return y
}

// named gives the components of a file from image/jpeg the letters of red, green and blue.
func named(t *testing.T, file []byte) []byte {
	t.Helper()
	file = bytes.Clone(file)
	for at := 2; ; at += 2 + int(binary.BigEndian.Uint16(file[at+2:])) {
		switch file[at+1] {
		case markerSOF0:
			file[at+10], file[at+13], file[at+16] = 'R', 'G', 'B'
		case markerSOS:
			file[at+5], file[at+7], file[at+9] = 'R', 'G', 'B'
			return file
		}
	}
}
