package frame

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// slowReduce is the word of Reduce's comment: the samples of a plane in their own range.
func slowReduce(raw *Raw, plane, x, y, k int) int {
	layout, first, step := plane, 0, 1
	if raw.Format == NV12 && plane > 0 {
		layout, first, step = 1, plane-1, 2
	}
	l := raw.Planes[layout]
	return slowBox(func(x, y int) int { return int(raw.Pix[l.Offset+y*l.Stride+x*step+first]) }, x, y, k)
}

func TestReduceKeepsTheRange(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	var s Shrinker
	for _, format := range []Format{I420, NV12} {
		for _, k := range []int{1, 2, 3, 5} {
			raw := randomRaw(r, format, 24*k, 10*k)
			small, err := s.Reduce(raw, k)
			if err != nil {
				t.Fatalf("%s by %d: %v", format, k, err)
			}
			if small.Format != I420 || small.Width != 24 || small.Height != 10 || small.FullRange != raw.FullRange || len(small.Planes) != 3 || len(small.Pix) != 24*10*3/2 {
				t.Fatalf("%s by %d gives %s, %d×%d in %d bytes", format, k, small.Format, small.Width, small.Height, len(small.Pix))
			}
			for i, l := range small.Planes {
				w, h := 24, 10
				if i > 0 {
					w, h = 12, 5
				}
				for y := range h {
					for x := range w {
						if got, want := int(small.Pix[l.Offset+y*l.Stride+x]), slowReduce(raw, i, x, y, k); got != want {
							t.Fatalf("%s by %d: plane %d (%d, %d) is %d, want %d", format, k, i, x, y, got, want)
						}
					}
				}
			}
		}
	}
}

func TestReduceRefusesWhatItCannotKeep(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	var s Shrinker
	for _, c := range []struct {
		format        Format
		width, height int
		factor        int
		want          error
	}{
		{RGBA, 16, 16, 2, ErrFormat}, {I444, 16, 16, 2, ErrFormat}, {"P010", 16, 16, 2, ErrFormat},
		{I420, 18, 16, 2, ErrSize}, {I420, 16, 18, 2, ErrSize}, {I420, 15, 16, 1, ErrSize}, {I420, 16, 16, 0, ErrSize}, {NV12, 16, 16, -1, ErrSize},
	} {
		raw := &Raw{Format: c.format, Width: c.width, Height: c.height}
		if c.format != "P010" {
			raw = randomRaw(r, c.format, c.width, c.height)
		}
		if _, err := s.Reduce(raw, c.factor); !errors.Is(err, c.want) {
			t.Errorf("%s %d×%d by %d: %v, want %v", c.format, c.width, c.height, c.factor, err, c.want)
		}
	}
	short := randomRaw(r, I420, 16, 16)
	short.Pix = short.Pix[:len(short.Pix)-1]
	if _, err := s.Reduce(short, 2); !errors.Is(err, ErrSize) {
		t.Errorf("a picture that lacks a byte: %v", err)
	}
}
