package recognize_test

import (
	"runtime"
	"testing"
	"weak"

	"ocrbankcard/internal/frame"
)

// Once it is read, nothing of the engine's holds a picture: those in memory are counted, and a card's are not kept longer
// than it takes.
func TestAPictureIsLetGo(t *testing.T) {
	e := engine(t)
	f := &frame.Frame{Y: frame.NewPlane(320, 240), Cb: frame.NewPlane(160, 120), Cr: frame.NewPlane(160, 120)}
	planes := []weak.Pointer[byte]{weak.Make(&f.Y.Pix[0]), weak.Make(&f.Cb.Pix[0]), weak.Make(&f.Cr.Pix[0])}
	if _, err := e.Read(f); err != nil {
		t.Fatal(err)
	}
	f = nil
	runtime.GC()
	for i, p := range planes {
		if p.Value() != nil {
			t.Errorf("plane %d is held", i)
		}
	}
}
