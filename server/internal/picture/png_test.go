package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/frame"
)

// TestPNGAgainstTheStandardLibrary decodes random pictures of every kind with image/png too, which is slow, and holds
// whole pictures, and is right.
func TestPNGAgainstTheStandardLibrary(t *testing.T) {
	for _, colour := range []byte{pngGray, pngRGB, pngPalette, pngGrayAlpha, pngRGBA} {
		for _, depth := range []byte{1, 2, 4, 8, 16} {
			if !legalDepth(colour, depth) {
				continue
			}
			for seed := range uint64(24) {
				r := rand.New(rand.NewPCG(seed, uint64(colour)<<8|uint64(depth)))
				p := randomPNG(r, colour, depth)
				t.Run(fmt.Sprintf("colour %d depth %d seed %d", colour, depth, seed), func(t *testing.T) { compare(t, p.bytes()) })
			}
		}
	}
}

// compare wants the same luma, and chroma that is the mean of the four pixels it stands for.
func compare(t *testing.T, file []byte) {
	t.Helper()
	truth, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	h, _, ok := readHeader(file)
	if !ok {
		t.Fatal("the header is not read")
	}
	got, err := decodePNG(file, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Check(); err != nil {
		t.Fatal(err)
	}
	var sums = map[[2]int][3]int{} // of Cb, Cr and the pixels
	for y := range h.Height {
		for x := range h.Width {
			p := onWhite(color.NRGBAModel.Convert(truth.At(x, y)).(color.NRGBA))
			luma, cb, cr := color.RGBToYCbCr(p.R, p.G, p.B)
			if d := int(luma) - int(got.Y.Row(y)[x]); d*d > 1 {
				t.Fatalf("luma at %d,%d: %d, want %d", x, y, got.Y.Row(y)[x], luma)
			}
			s := sums[[2]int{x / 2, y / 2}]
			sums[[2]int{x / 2, y / 2}] = [3]int{s[0] + int(cb), s[1] + int(cr), s[2] + 1}
		}
	}
	for at, s := range sums {
		for i, plane := range []frame.Plane{got.Cb, got.Cr} {
			want := 128
			if plane.Empty() {
				if s[i] != 128*s[2] {
					t.Fatalf("a colour at %v came out gray", at)
				}
				continue
			}
			want = s[i] / s[2]
			if d := want - int(plane.Row(at[1])[at[0]]); d < -3 || d > 3 {
				t.Fatalf("chroma at %v: %d, want %d", at, plane.Row(at[1])[at[0]], want)
			}
		}
	}
}

// TestOneColourKeepsItsChroma to the step, where the picture ends within the four pixels of a sample, too.
func TestOneColourKeepsItsChroma(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		width, height, colour := 1+r.IntN(4), 1+r.IntN(4), randomBytes(r, 3)
		row := append([]byte{0}, bytes.Repeat(colour, width)...)
		file := (&testPNG{width: width, height: height, depth: 8, colour: pngRGB, rows: bytes.Repeat(row, height)}).bytes()
		h, _, _ := readHeader(file)
		f, err := decodePNG(file, h)
		if err != nil {
			t.Fatal(err)
		}
		_, cb, cr := color.RGBToYCbCr(colour[0], colour[1], colour[2])
		for i, b := range f.Cb.Pix {
			if b != cb || f.Cr.Pix[i] != cr {
				t.Fatalf("%d×%d: chroma %d, %d, want %d, %d", width, height, b, f.Cr.Pix[i], cb, cr)
			}
		}
	}
}

// testPNG is a PNG to be written, with any filter for each row.
type testPNG struct {
	width, height int
	depth, colour byte
	interlaced    bool
	palette, tRNS []byte
	rows          []byte // filtered, of all passes
}

func randomPNG(r *rand.Rand, colour, depth byte) *testPNG {
	p := &testPNG{width: 1 + r.IntN(40), height: 1 + r.IntN(40), depth: depth, colour: colour, interlaced: r.IntN(2) == 1}
	switch {
	case colour == pngPalette:
		p.palette = randomBytes(r, 3<<depth)
		p.tRNS = randomBytes(r, r.IntN(1<<depth+1))
	case (colour == pngGray || colour == pngRGB) && r.IntN(2) == 1:
		p.tRNS = make([]byte, 2*pngChannels[colour])
		if depth == 8 { // a colour that is likely to appear among few
			for i := 1; i < len(p.tRNS); i += 2 {
				p.tRNS[i] = byte(r.IntN(2))
			}
		}
	}
	d := &pngDecoder{interlaced: p.interlaced}
	for _, pass := range d.passes() {
		columns, rows := (p.width-pass.x+pass.dx-1)/pass.dx, (p.height-pass.y+pass.dy-1)/pass.dy
		for range rows * min(columns, 1) {
			p.rows = append(p.rows, byte(r.IntN(5)))
			row := randomBytes(r, (columns*pngChannels[colour]*int(depth)+7)/8)
			if p.tRNS != nil && colour == pngRGB { // few colours
				for i := range row {
					row[i] &= 1
				}
			}
			p.rows = append(p.rows, row...)
		}
	}
	return p
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func (p *testPNG) bytes() []byte {
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	z.Write(p.rows) // into memory: can't fail
	z.Close()
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(p.width)), uint32(p.height))
	header = append(header, p.depth, p.colour, 0, 0, 0)
	if p.interlaced {
		header[12] = 1
	}
	b := chunk(bytes.Clone(pngSignature), "IHDR", header)
	if p.palette != nil {
		b = chunk(b, "PLTE", p.palette)
	}
	if len(p.tRNS) > 0 {
		b = chunk(b, "tRNS", p.tRNS)
	}
	half := data.Len() / 2 // a stream may be cut anywhere
	b = chunk(b, "IDAT", data.Bytes()[:half])
	b = chunk(b, "IDAT", data.Bytes()[half:])
	return chunk(b, "IEND", nil)
}

func chunk(b []byte, kind string, data []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	body := append([]byte(kind), data...)
	return binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
}

// The largest picture of 16 bits decodes in the memory that its header announces.
func BenchmarkLargestPNG(b *testing.B) {
	p := &testPNG{width: 4096, height: 4096, depth: 16, colour: pngRGBA, rows: make([]byte, 4096*(1+8*4096))}
	file := p.bytes()
	h, err := Inspect(file, "image_file")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(file, h, "image_file"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(h.DecodeBytes()), "announced-B")
}
