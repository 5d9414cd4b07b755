package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestStrayBytesBetweenSegments: decoders skip them, and so does the check before.
func TestStrayBytesBetweenSegments(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 128, 128)), nil); err != nil {
		t.Fatal(err)
	}
	_, rest, ok := readJPEGHeader(b.Bytes())
	if !ok {
		t.Fatal("no header")
	}
	header := b.Len() - len(rest)
	for name, stray := range map[string]string{"none": "", "a zero": "\x00", "some": "\x00ab\xff\x00c", "fill bytes": "\xff\xff", "an empty comment": "\xff\xfe\x00\x02"} {
		file := bytes.Join([][]byte{b.Bytes()[:header], rest}, []byte(stray))
		h, err := Inspect(file, cardpp.ParamFile)
		if err == nil {
			_, err = Decode(file, h, cardpp.ParamFile)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAMarkerThatStandsAlone (TEM; T.81, B.1.1.3) has no length: the decoder and the check before it must agree about that.
func TestAMarkerThatStandsAlone(t *testing.T) {
	file, err := os.ReadFile("../jpegplanes/testdata/progressive-420.jpg")
	if err != nil {
		t.Fatal(err)
	}
	file = bytes.Join([][]byte{file[:2], file[2:]}, []byte("\xff\x01"))
	h, err := Inspect(file, cardpp.ParamFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Decode(file, h, cardpp.ParamFile); err != nil {
		t.Error(err)
	}
}
