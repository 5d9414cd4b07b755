package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestBadPictures: each gets the documented error, at once.
func TestBadPictures(t *testing.T) {
	base := start(t, nil, reader(t))
	jpg, png := asJPEG(t, drawBars(640, 400, barsNumber)), asPNG(t, drawBars(640, 400, barsNumber))
	const unsupported, size, large = "IMAGE_ERROR_UNSUPPORTED_FORMAT", "INVALID_IMAGE_SIZE", "IMAGE_FILE_TOO_LARGE"
	flipped := bytes.Clone(png)
	flipped[len(flipped)/2] ^= 1
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, unsupported},
		{"one byte", []byte{0xff}, unsupported},
		{"text", []byte("GIF89a, or so it says"), unsupported},
		{"HTML", []byte("<!doctype html><title>card.jpg</title>"), unsupported},
		{"JPEG, first bytes", jpg[:3], unsupported},
		{"JPEG, cut in its header", jpg[:100], unsupported},
		{"JPEG, cut in the middle", jpg[:len(jpg)/2], unsupported},
		{"JPEG, cut before its end marker", jpg[:len(jpg)-2], unsupported},
		{"JPEG with zeros for data", zeroed(jpg), unsupported},
		{"PNG, the signature alone", png[:8], unsupported},
		{"PNG, cut in the middle", png[:len(png)/2], unsupported},
		{"PNG, cut before its end chunk", png[:len(png)-12], unsupported},
		{"PNG, one bit wrong", flipped, unsupported},
		{"PNG whose data is no zlib stream", pngFile(300, 300, 8, 2, []byte("no stream")), unsupported},
		{"PNG bomb: 50,000 × 50,000", pngFile(50000, 50000, 8, 2, []byte{}), size},
		{"PNG of 2³¹-1 squared", pngFile(1<<31-1, 1<<31-1, 16, 6, []byte{}), size},
		{"JPEG bomb: 65,535 × 65,535", jpegOfSize(jpg, 65535, 65535), size},
		{"99 × 99", asPNG(t, drawBars(99, 99, barsNumber)), size},
		{"99 × 4000", asPNG(t, drawBars(99, 4000, barsNumber)), size},
		{"4097 × 100", asJPEG(t, drawBars(4097, 100, barsNumber)), size},
		{"4097 × 10", asPNG(t, drawBars(4097, 10, barsNumber)), size},
		{"2 MiB and a byte", padded(jpg, cardpp.MaxFileBytes+1), large},
	} {
		contentType, body := form(t, image1(c.file))
		r := post(t, base+cardpp.PathBeta, contentType, body)
		if want := c.want + ": image_file"; r.status != 400 || r.json.ErrorMessage != want {
			t.Errorf("%s: %d %q, want %q", c.name, r.status, r.json.ErrorMessage, want)
		}
	}
}

// TestUnusualPictures: all that the contract's formats allow is read rightly.
func TestUnusualPictures(t *testing.T) {
	base := start(t, nil, reader(t))
	bars := drawBars(640, 400, barsNumber)
	for name, file := range map[string][]byte{
		"exactly 2 MiB":      padded(asJPEG(t, bars), cardpp.MaxFileBytes),
		"PNG, RGBA":          asPNG(t, bars),
		"PNG, gray":          asPNG(t, convert(bars, image.NewGray(bars.Rect))),
		"PNG, 16-bit gray":   asPNG(t, convert(bars, image.NewGray16(bars.Rect))),
		"PNG, 16-bit colour": asPNG(t, convert(bars, image.NewRGBA64(bars.Rect))),
		"PNG, palette":       asPNG(t, convert(bars, image.NewPaletted(bars.Rect, grays()))),
		"PNG, transparent":   asPNG(t, cutOut(bars)),
		"PNG, 16-bit alpha":  asPNG(t, convert(cutOut(bars), image.NewNRGBA64(bars.Rect))),
		"JPEG, gray":         asJPEG(t, convert(bars, image.NewGray(bars.Rect))),
		"JPEG and what not":  append(asJPEG(t, bars), "behind the end marker"...),
		"JPEG with EXIF":     withEXIF(asJPEG(t, bars)),
		"JPEG, 100 %":        quality(t, bars, 100),
		"smallest":           asPNG(t, drawBars(100, 100, barsNumber)),
		"widest":             asPNG(t, drawBars(4096, 100, barsNumber)),
		"tallest":            asPNG(t, drawBars(128, 4096, barsNumber)),
	} {
		width, height := 640, 400
		switch name {
		case "smallest":
			width, height = 100, 100
		case "widest":
			width, height = 4096, 100
		case "tallest":
			width, height = 128, 4096
		}
		t.Run(name, func(t *testing.T) {
			contentType, body := form(t, image1(file))
			checkRead(t, post(t, base+cardpp.PathBeta, contentType, body), width, height, 1)
		})
	}
}

// TestPicturesOfOtherEncoders: what image/jpeg and image/png can't write, ImageMagick does.
func TestPicturesOfOtherEncoders(t *testing.T) {
	if _, err := exec.LookPath("identify"); err != nil { // other programs than ImageMagick's are called convert, too
		t.Skip("needs ImageMagick")
	}
	base := start(t, nil, reader(t))
	dir := t.TempDir()
	plain := filepath.Join(dir, "bars.png")
	if err := os.WriteFile(plain, asPNG(t, drawBars(640, 400, barsNumber)), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"progressive.jpg":        {"-interlace", "JPEG"},
		"progressive-444.jpg":    {"-interlace", "JPEG", "-sampling-factor", "4:4:4"},
		"cmyk.jpg":               {"-colorspace", "CMYK"},
		"cmyk-progressive.jpg":   {"-colorspace", "CMYK", "-interlace", "JPEG"},
		"422.jpg":                {"-sampling-factor", "4:2:2"},
		"440.jpg":                {"-sampling-factor", "1x2"},
		"411.jpg":                {"-sampling-factor", "4x1"},
		"gray-alpha.png":         {"-alpha", "set", "-colorspace", "Gray"},
		"interlaced.png":         {"-interlace", "PNG"},
		"interlaced-16.png":      {"-interlace", "PNG", "-depth", "16", "-define", "png:bit-depth=16"},
		"palette-interlaced.png": {"-interlace", "PNG", "-type", "Palette"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(dir, name)
			if text, err := exec.Command("convert", append(append([]string{plain}, args...), out)...).CombinedOutput(); err != nil {
				t.Fatalf("convert: %v %s", err, text)
			}
			file, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			contentType, body := form(t, image1(file))
			checkRead(t, post(t, base+cardpp.PathBeta, contentType, body), 640, 400, 4)
		})
	}
}

// padded appends zeros behind a JPEG's end marker, where decoders don't look.
func padded(file []byte, size int) []byte {
	return append(bytes.Clone(file), make([]byte, size-len(file))...)
}

// zeroed keeps a JPEG's headers and end marker and zeroes the first half of its data.
func zeroed(file []byte) []byte {
	b := bytes.Clone(file)
	sos := bytes.Index(b, []byte{0xff, 0xda})
	for i := sos + 2; i < (sos+len(b))/2; i++ {
		b[i] = 0
	}
	return b
}

// jpegOfSize changes the size that a JPEG's frame header states.
func jpegOfSize(file []byte, width, height uint16) []byte {
	b := bytes.Clone(file)
	sof := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[sof+5:], height)
	binary.BigEndian.PutUint16(b[sof+7:], width)
	return b
}

// pngFile composes a PNG of sound chunks around any data.
func pngFile(width, height uint32, depth, colour byte, data []byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	header = append(header, depth, colour, 0, 0, 0)
	b := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range []struct {
		kind string
		data []byte
	}{{"IHDR", header}, {"IDAT", data}, {"IEND", nil}} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(c.data)))
		body := append([]byte(c.kind), c.data...)
		b = binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
	}
	return b
}

// withEXIF inserts an orientation of 6 (turn by 90°), which bounds must not follow.
func withEXIF(file []byte) []byte {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(bytes.Clone(file[:2]), segment...), file[2:]...)
}

type settable interface {
	image.Image
	Set(x, y int, c color.Color)
}

func convert[M settable](from image.Image, to M) M {
	b := from.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			to.Set(x, y, from.At(x, y))
		}
	}
	return to
}

func grays() (p color.Palette) {
	for v := range 256 {
		p = append(p, color.Gray{uint8(v)})
	}
	return p
}

// cutOut makes the white around the bars transparent black, which lies on white when it is shown.
func cutOut(m image.Image) *image.NRGBA {
	out := convert(m, image.NewNRGBA(m.Bounds()))
	for i := 0; i < len(out.Pix); i += 4 {
		if out.Pix[i] == 255 {
			copy(out.Pix[i:], []byte{0, 0, 0, 0})
		}
	}
	return out
}

func quality(t *testing.T, m image.Image, q int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: q}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
