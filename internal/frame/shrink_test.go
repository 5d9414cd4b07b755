package frame

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"ocrbankcard/internal/geometry"
)

// randomRaw makes a picture with gaps between rows and planes, as copyTo may leave them.
func randomRaw(r *rand.Rand, format Format, width, height int) *Raw {
	raw := &Raw{Format: format, Width: width, Height: height, FullRange: r.IntN(2) == 0}
	halfW, halfH := (width+1)/2, (height+1)/2
	sizes := map[Format][][2]int{
		I420: {{width, height}, {halfW, halfH}, {halfW, halfH}}, I422: {{width, height}, {halfW, height}, {halfW, height}},
		I444: {{width, height}, {width, height}, {width, height}}, NV12: {{width, height}, {2 * halfW, halfH}},
		RGBA: {{4 * width, height}}, RGBX: {{4 * width, height}}, BGRA: {{4 * width, height}}, BGRX: {{4 * width, height}},
	}[format]
	end := 0
	for _, s := range sizes {
		l := Layout{end + r.IntN(9), s[0] + r.IntN(20)}
		raw.Planes = append(raw.Planes, l)
		end = l.Offset + (s[1]-1)*l.Stride + s[0]
	}
	raw.Pix = make([]byte, end)
	for i := range raw.Pix {
		raw.Pix[i] = uint8(r.Uint32())
	}
	return raw
}

// slowBox returns the mean of a box of samples, rounded half up.
func slowBox(get func(x, y int) int, x, y, k int) int {
	sum := 0
	for j := range k {
		for i := range k {
			sum += get(x*k+i, y*k+j)
		}
	}
	return int(math.Floor(float64(sum)/float64(k*k) + 0.5))
}

// slowShrink returns the samples of pixel (x, y) of the shrunken picture, by the words of Shrink's comment.
func slowShrink(raw *Raw, plane, x, y, k int) int {
	at := func(p, perPixel, first int) func(x, y int) int {
		l := raw.Planes[p]
		return func(x, y int) int { return int(raw.Pix[l.Offset+y*l.Stride+x*perPixel+first]) }
	}
	wide := func(v int) int {
		zero, span, to := 16.0, 219.0, 0.0
		if plane > 0 {
			zero, span, to = 128, 224, 128
		}
		if raw.FullRange {
			return v
		}
		return int(math.Min(math.Max(math.Round((float64(v)-zero)*255/span)+to, 0), 255))
	}
	switch raw.Format {
	case I420, I422, I444:
		return wide(slowBox(at(plane, 1, 0), x, y, k))
	case NV12:
		if plane == 0 {
			return wide(slowBox(at(0, 1, 0), x, y, k))
		}
		return wide(slowBox(at(1, 2, plane-1), x, y, k))
	}
	red, blue := 0, 2
	if raw.Format == BGRA || raw.Format == BGRX {
		red, blue = 2, 0
	}
	f := newColour(1, 1)
	f.set(0, 0, uint8(slowBox(at(0, 4, red), x, y, k)), uint8(slowBox(at(0, 4, 1), x, y, k)), uint8(slowBox(at(0, 4, blue), x, y, k)))
	return int([]Plane{f.Y, f.Cb, f.Cr}[plane].Pix[0])
}

var formats = []Format{I420, I422, I444, NV12, RGBA, RGBX, BGRA, BGRX}

func TestShrinkIsTheMeanOfBoxes(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var s Shrinker
	var dst Frame
	for _, format := range formats {
		for _, size := range [][2]int{{64, 36}, {37, 23}, {101, 20}, {18, 50}} {
			for _, k := range []int{1, 2, 3, 4, 5, 6, 9} {
				raw := randomRaw(r, format, size[0], size[1])
				if err := s.Shrink(&dst, raw, k); err != nil {
					t.Fatalf("%s %v by %d: %v", format, size, k, err)
				}
				if err := dst.Check(); err != nil {
					t.Fatal(err)
				}
				if w, h := dst.Size(); w != size[0]/k || h != size[1]/k {
					t.Fatalf("%s %v by %d gives %d×%d", format, size, k, w, h)
				}
				for i, p := range []Plane{dst.Y, dst.Cb, dst.Cr} {
					for y := range p.Height {
						for x := range p.Width {
							if got, want := int(p.Row(y)[x]), slowShrink(raw, i, x, y, k); got != want {
								t.Fatalf("%s %v by %d: plane %d (%d, %d) is %d, want %d", format, size, k, i, x, y, got, want)
							}
						}
					}
				}
			}
		}
	}
}

func TestLargestBoxOfTheBrightestPixels(t *testing.T) {
	raw := randomRaw(rand.New(rand.NewPCG(1, 2)), I444, 256, 256)
	raw.FullRange = true
	for i := range raw.Pix {
		raw.Pix[i] = 255
	}
	var dst Frame
	if err := new(Shrinker).Shrink(&dst, raw, 256); err != nil {
		t.Fatal(err)
	}
	if dst.Y.Pix[0] != 255 || dst.Cr.Pix[0] != 255 {
		t.Errorf("%d %d", dst.Y.Pix[0], dst.Cr.Pix[0])
	}
}

func TestHalveIsTheMeanOfBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 15))
	for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {64, 6}, {65, 7}, {131, 33}, {40, 3}} {
		src := Plane{make([]byte, (size[0]+5)*size[1]), size[0], size[1], size[0] + 5}
		for i := range src.Pix {
			src.Pix[i] = uint8(r.Uint32())
		}
		dst := NewPlane((size[0]+1)/2, (size[1]+1)/2)
		Halve(dst, src)
		for y := range dst.Height {
			for x := range dst.Width {
				sum := 0
				for k := range 4 {
					sum += int(src.Row(min(2*y+k/2, size[1]-1))[min(2*x+k%2, size[0]-1)])
				}
				if got, want := int(dst.Row(y)[x]), (sum+2)/4; got != want {
					t.Fatalf("%v: (%d, %d) is %d, want %d", size, x, y, got, want)
				}
			}
		}
	}
}

func TestShrinkRefusesWhatDoesNotFit(t *testing.T) {
	var s Shrinker
	good := func() *Raw { return randomRaw(rand.New(rand.NewPCG(8, 8)), I420, 40, 30) }
	for name, c := range map[string]struct {
		spoil  func(*Raw)
		factor int
		want   error
	}{
		"unknown format": {func(r *Raw) { r.Format = "P010" }, 1, ErrFormat},
		"no planes":      {func(r *Raw) { r.Planes = nil }, 1, ErrSize},
		"short":          {func(r *Raw) { r.Pix = r.Pix[:len(r.Pix)-1] }, 1, ErrSize},
		"offset":         {func(r *Raw) { r.Planes[2].Offset = math.MaxInt }, 1, ErrSize},
		"negative":       {func(r *Raw) { r.Planes[1].Offset = -1 }, 1, ErrSize},
		"stride":         {func(r *Raw) { r.Planes[1].Stride = 19 }, 1, ErrSize},
		"empty":          {func(r *Raw) { r.Width = 0 }, 1, ErrSize},
		"huge":           {func(r *Raw) { r.Width, r.Planes[0].Stride = math.MaxInt, math.MaxInt }, 1, ErrSize},
		"factor 0":       {func(*Raw) {}, 0, ErrSize},
		"factor 31":      {func(*Raw) {}, 31, ErrSize},
		"factor 1000":    {func(*Raw) {}, 1000, ErrSize},
	} {
		raw := good()
		c.spoil(raw)
		if err := s.Shrink(&Frame{}, raw, c.factor); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for _, raw := range []*Raw{{Format: "P010", Width: 4, Height: 4}, {Format: I420, Width: 4, Height: 4}} {
		if _, err := s.Focus(raw, geometry.Rect(0, 0, 4, 4)); err == nil {
			t.Errorf("focus of %s without planes", raw.Format)
		}
	}
}

func TestShrinkingAStreamAllocatesNothing(t *testing.T) {
	var s Shrinker
	var dst Frame
	for _, format := range []Format{NV12, BGRA} {
		raw := randomRaw(rand.New(rand.NewPCG(9, 9)), format, 192, 108)
		shrink := func() {
			if err := s.Shrink(&dst, raw, 3); err != nil {
				t.Fatal(err)
			}
		}
		shrink()
		if n := testing.AllocsPerRun(10, shrink); n != 0 {
			t.Errorf("%s: %v allocations a frame", format, n)
		}
	}
}

// BenchmarkShrink also prints how many times as fast the kernels are as the definition, pixel by pixel.
func BenchmarkShrink(b *testing.B) {
	r := rand.New(rand.NewPCG(10, 10))
	for _, c := range []struct {
		format        Format
		width, height int
		factor        int
	}{{I420, 1920, 1080, 3}, {I420, 3840, 2160, 6}, {NV12, 1920, 1080, 3}, {BGRA, 1920, 1080, 3}} {
		raw := randomRaw(r, c.format, c.width, c.height)
		b.Run(fmt.Sprintf("%s_%dx%d_by_%d", c.format, c.width, c.height, c.factor), func(b *testing.B) {
			var s Shrinker
			var dst Frame
			for b.Loop() {
				if err := s.Shrink(&dst, raw, c.factor); err != nil {
					b.Fatal(err)
				}
			}
			each := b.Elapsed() / time.Duration(b.N)
			start := time.Now()
			for i, p := range []Plane{dst.Y, dst.Cb, dst.Cr} {
				for y := range p.Height {
					for x := range p.Width {
						slowShrink(raw, i, x, y, c.factor)
					}
				}
			}
			b.ReportMetric(float64(time.Since(start))/float64(each), "×slow")
		})
	}
}
