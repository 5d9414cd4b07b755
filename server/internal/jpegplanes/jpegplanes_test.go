package jpegplanes

import (
	"bytes"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"ocrbankcard/internal/frame"
)

// TestAgainstTheStandardLibrary: image/jpeg decodes the same, and is the judge. The files were written by ImageMagick
// and Pillow from one of our specimens.
func TestAgainstTheStandardLibrary(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(file)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Base(path) == "cmyk-420.jpg" { // which image/jpeg can't decode: a coarser copy of another
				if file, err = os.ReadFile("testdata/cmyk.jpg"); err != nil {
					t.Fatal(err)
				}
				same, err := Decode(file)
				if err != nil {
					t.Fatal(err)
				}
				if _, mean := difference(got.Y, same.Y); mean > 4 {
					t.Errorf("luma differs by %v on the average", mean)
				}
				return
			}
			compare(t, got, file)
		})
	}
}

// compare allows for another rounding of the IDCT, and for chroma of half the resolution.
func compare(t *testing.T, got *frame.Frame, file []byte) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := frame.FromImage(m)
	if got.Check() != nil || got.Y.Width != want.Y.Width || got.Y.Height != want.Y.Height || got.Gray() != want.Gray() {
		t.Fatalf("%d×%d, gray %v, or a frame that contradicts itself", got.Y.Width, got.Y.Height, got.Gray())
	}
	if most, mean := difference(got.Y, want.Y); most > 4 || mean > 0.5 {
		t.Errorf("luma differs by %v, %v on the average", most, mean)
	}
	if got.Gray() {
		return
	}
	for _, planes := range [][2]frame.Plane{{got.Cb, want.Cb}, {got.Cr, want.Cr}} {
		if _, mean := difference(planes[0], planes[1]); mean > 1.5 {
			t.Errorf("chroma differs by %v on the average", mean)
		}
	}
}

// difference compares two planes over the same picture, of whatever resolution.
func difference(a, b frame.Plane) (most, mean float64) {
	for y := range b.Height {
		for x := range b.Width {
			d := math.Abs(float64(a.Row(y * a.Height / b.Height)[x*a.Width/b.Width]) - float64(b.Row(y)[x]))
			most, mean = max(most, d), mean+d
		}
	}
	return most, mean / float64(b.Width*b.Height)
}

// TestIDCT: the fast transform against the formula of A.3.3 itself.
func TestIDCT(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var b [64]int16
		var q [64]uint16
		for i := range b {
			q[i] = uint16(1 + r.IntN(40))
			if r.IntN(4) == 0 {
				b[i] = int16(r.IntN(41) - 20)
			}
		}
		got := samples(&b, &q)
		for i, want := range slow(&b, &q) {
			if d := math.Abs(float64(got[i]) - want); d > 0.51 {
				t.Fatalf("sample %d: %d, want %.2f", i, got[i], want)
			}
		}
	}
}

func slow(b *[64]int16, q *[64]uint16) (out [64]float64) {
	scale := func(k int) float64 {
		if k == 0 {
			return math.Sqrt2 / 2
		}
		return 1
	}
	for y := range 8 {
		for x := range 8 {
			sum := 0.0
			for v := range 8 {
				for u := range 8 {
					sum += scale(u) * scale(v) * float64(b[8*v+u]) * float64(q[8*v+u]) *
						math.Cos(float64((2*x+1)*u)*math.Pi/16) * math.Cos(float64((2*y+1)*v)*math.Pi/16)
				}
			}
			out[8*y+x] = max(0, min(255, sum/4+128))
		}
	}
	return out
}

// TestDamage: cut anywhere, or with any byte changed, a file is an error or a picture of its size, and never a panic.
func TestDamage(t *testing.T) {
	for _, name := range []string{"progressive-420.jpg", "cmyk.jpg", "cmyk-progressive.jpg"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(file); i += 37 {
			if _, err := Decode(file[:i]); err == nil {
				t.Errorf("%s cut after %d bytes passes", name, i)
			}
			b := bytes.Clone(file)
			b[i] ^= byte(1 + i%255)
			if f, err := Decode(b); err == nil && f.Check() != nil {
				t.Errorf("%s with byte %d changed", name, i)
			}
		}
	}
}

// TestTooManyScans: a small file that asks for the same work again and again.
func TestTooManyScans(t *testing.T) {
	file, err := os.ReadFile("testdata/progressive-420.jpg")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(file, []byte{0xff, sos})
	last, end := file[at:len(file)-2], file[len(file)-2:]
	again := append(bytes.Clone(file[:at]), bytes.Repeat(last, maxScans+1)...)
	if _, err := Decode(append(again, end...)); err != ErrFormat {
		t.Errorf("%v", err)
	}
}

// TestMemory: the largest picture, progressive and of full chroma, takes a third of what image/jpeg needs.
func TestMemory(t *testing.T) {
	file, err := os.ReadFile("testdata/progressive-444.jpg")
	if err != nil {
		t.Fatal(err)
	}
	per := func(decode func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		decode()
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc-before.TotalAlloc) / (163 * 117)
	}
	ours := per(func() {
		if _, err := Decode(file); err != nil {
			t.Error(err)
		}
	})
	theirs := per(func() {
		if _, err := jpeg.Decode(bytes.NewReader(file)); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%.1f bytes a pixel, against %.1f", ours, theirs)
	if ours > theirs/2 {
		t.Error("no saving")
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"progressive-420.jpg", "progressive-gray.jpg", "cmyk-pil.jpg"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, err := jpeg.DecodeConfig(bytes.NewReader(file)); err != nil || c.Width*c.Height > 1<<17 {
			return // Inspect refuses these before a decoder is asked
		}
		if p, err := Decode(file); err == nil && p.Check() != nil {
			t.Error("a frame that contradicts itself")
		}
	})
}
