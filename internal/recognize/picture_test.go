package recognize

import (
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize/weights"
)

// decoded returns a picture of testdata.
func decoded(t *testing.T, name string) image.Image {
	t.Helper()
	file, err := os.Open("../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func picture(t *testing.T, name string) *frame.Frame { return frame.FromImage(decoded(t, name)) }

// begun returns a run over f with the weights of this project.
func begun(t *testing.T, f *frame.Frame) *run {
	t.Helper()
	engine, err := New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.begin(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.end(r) })
	return r
}

// seenCard looks at the card of a picture of testdata.
func seenCard(t *testing.T, name string) (*run, view) {
	t.Helper()
	r := begun(t, picture(t, name))
	located := r.search()
	if len(located) == 0 {
		t.Fatalf("%s: no card is found", name)
	}
	v, ok := r.outlook(located[0].Quad)
	if !ok {
		t.Fatalf("%s: the card can't be seen", name)
	}
	return r, v
}

// firstDirection sees the card of a picture of testdata both ways up, and where digits are on it.
func firstDirection(t *testing.T, name string) (*run, *view, direction) {
	t.Helper()
	r, v := seenCard(t, name)
	v, ok := r.bothWays(v)
	if !ok {
		t.Fatalf("%s: the card can't be seen both ways up", name)
	}
	return r, &v, r.directions(&v, digitLevel)[0]
}
