package recognize

import (
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
)

// A card in a corner of the frame is seen there, and not where its mirror images are.
func TestMirrorImagesAreMirroredBack(t *testing.T) {
	r := begun(t, cornered(picture(t, "embossed16.jpg")))
	in, _ := r.letterboxed(r.wholeBox())
	mean := r.consider(in)
	if r.err != nil || mean.present < .5 {
		t.Fatalf("a card is there with %.2f, error %v", mean.present, r.err)
	}
	for name, g := range map[string]grid{"mask": mean.grid(0), "corners": mean.grid(1), "edges": mean.grid(2)} {
		var quarters [2][2]float64
		for i, v := range g.v {
			quarters[2*(i/g.w)/g.h][2*(i%g.w)/g.w] += float64(v)
		}
		here, elsewhere := quarters[0][0], max(quarters[0][1], quarters[1][0], quarters[1][1])
		if elsewhere > .25*here {
			t.Errorf("%s: %.1f in the card's quarter of the frame, %.1f in another", name, here, elsewhere)
		}
	}
}

// cornered returns a frame twice as large both ways that shows f in its left-top quarter, and gray elsewhere.
func cornered(f *frame.Frame) *frame.Frame {
	var planes [3]frame.Plane
	for i, p := range []frame.Plane{f.Y, f.Cb, f.Cr} {
		planes[i] = frame.NewPlane(2*p.Width, 2*p.Height)
		for k := range planes[i].Pix {
			planes[i].Pix[k] = 128
		}
		for y := range p.Height {
			copy(planes[i].Pix[y*planes[i].Stride:], p.Pix[y*p.Stride:][:p.Width])
		}
	}
	return &frame.Frame{Y: planes[0], Cb: planes[1], Cr: planes[2]}
}

func TestFlips(t *testing.T) {
	v := []float32{1, 2, 3, 4, 5, 6}
	flipAcross(v, 3)
	if want := []float32{3, 2, 1, 6, 5, 4}; !slices.Equal(v, want) {
		t.Errorf("left to right: %v, want %v", v, want)
	}
	flipDown(v, 3)
	if want := []float32{6, 5, 4, 3, 2, 1}; !slices.Equal(v, want) {
		t.Errorf("then upside down: %v, want %v", v, want)
	}
}
