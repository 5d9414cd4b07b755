package camera

import "testing"

func TestBestLens(t *testing.T) {
	iPhone := []Lens{{"f", "Front Camera"}, {"b", "Back Camera"}, {"w", "Back Ultra Wide Camera"}, {"d", "Back Dual Wide Camera"}, {"t", "Back Telephoto Camera"}}
	android := []Lens{{"1", "camera2 1, facing front"}, {"3", "camera2 3, facing back"}, {"0", "camera2 0, facing back"}}
	for _, c := range []struct {
		name    string
		lenses  []Lens
		current string
		want    int
	}{
		{"iPhone prefers the dual camera", iPhone, "b", 3},
		{"and keeps it", iPhone, "d", -1},
		{"iPhone leaves the ultra-wide", iPhone, "w", 3},
		{"older iPhone keeps its only one", iPhone[:2], "b", -1},
		{"Android prefers the main camera", android, "3", 2},
		{"Android keeps it", android, "0", -1},
		{"a laptop keeps its webcam", []Lens{{"x", "Integrated Webcam (04f2:b6d0)"}}, "x", -1},
		{"a localized label is left alone", []Lens{{"x", "Rückkamera"}, {"y", "Vorderkamera"}}, "x", -1},
		{"no labels before permission", []Lens{{"x", ""}, {"y", ""}}, "x", -1},
		{"nothing", nil, "", -1},
	} {
		if got := Best(c.lenses, c.current); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
