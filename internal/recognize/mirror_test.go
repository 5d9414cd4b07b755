package recognize

import (
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/recognize/weights"
)

// Who looks at all mirror images finds a card where its mirror image is found.
func TestACardIsFoundWhereItsMirrorImageIs(t *testing.T) {
	engine, err := New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	locate := func(f *frame.Frame) geometry.Quad {
		r, err := engine.begin(f)
		if err != nil {
			t.Fatal(err)
		}
		defer engine.end(r)
		r.patient = true
		found := r.locate()
		if len(found) == 0 {
			t.Fatal("no card is found")
		}
		return found[0].Quad
	}
	f := picture(t, "../../testdata/embossed16.jpg")
	straight := locate(f)
	for _, p := range []frame.Plane{f.Y, f.Cb, f.Cr} {
		for y := range p.Height {
			slices.Reverse(p.Pix[y*p.Stride:][:p.Width])
		}
	}
	mirrored := locate(f)
	for i := range mirrored {
		mirrored[i].X = float64(f.Y.Width) - mirrored[i].X
	}
	if same := straight.IoU(mirrored.Clockwise()); same < .98 {
		t.Errorf("the outlines overlap by %.3f: %v and %v", same, straight, mirrored)
	}
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
