package camera

import "testing"

func TestBestLens(t *testing.T) {
	iPhone := []Lens{{"f", "Front Camera"}, {"b", "Back Camera"}, {"w", "Back Ultra Wide Camera"}, {"d", "Back Dual Wide Camera"}, {"t", "Back Telephoto Camera"}}
	pro := []Lens{{"f", "Front TrueDepth Camera"}, {"t", "Back Telephoto Camera"}, {"u", "Back Ultra Wide Camera"}, {"b", "Back Camera"}, {"3", "Back Triple Camera"}, {"d", "Back Dual Camera"}}
	german := []Lens{{"f", "Frontkamera"}, {"b", "Rückseitige Kamera"}, {"t", "Rückseitige Telekamera"}, {"u", "Rückseitige Ultraweitwinkel-Kamera"}}
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
		{"one with three lenses prefers all", pro, "d", 4},
		{"one with two of them prefers both", append(pro[:4:4], pro[5]), "b", 4},
		{"any is better than the telephoto lens", pro[:4], "t", 3},
		{"and than the ultra-wide", pro[:4], "u", 3},
		{"which is better than the front", pro[:3], "f", 1},
		{"another language's telephoto lens is left alone", german, "b", -1},
		{"a teleconference's camera is no rear one", []Lens{{"x", "Integrated Webcam"}, {"y", "Teleconference Camera"}}, "x", -1},
		{"Android prefers the main camera", android, "3", 2},
		{"it is kept where it comes first, too", []Lens{android[2], android[0]}, "0", -1},
		{"unless that looks at the person", []Lens{{"0", "camera2 0, facing front"}, {"1", "camera2 1, facing back"}}, "0", 1},
		{"any that looks away is a rear one", []Lens{{"0", "FaceTime HD Camera"}, {"1", "Rear Camera"}}, "0", 1},
		{"so it is by the standard's word", []Lens{{"0", "User facing"}, {"1", "Environment facing"}}, "0", 1},
		{"Android keeps it", android, "0", -1},
		{"a laptop keeps its webcam", []Lens{{"x", "Integrated Webcam (04f2:b6d0)"}}, "x", -1},
		{"and no camera of whatever kind is better", []Lens{{"x", "Front Camera"}, {"y", "USB Video"}}, "x", -1},
		{"a localized label is left alone", []Lens{{"x", "Rückkamera"}, {"y", "Vorderkamera"}}, "x", -1},
		{"no labels before permission", []Lens{{"x", ""}, {"y", ""}}, "x", -1},
		{"nothing", nil, "", -1},
	} {
		if got := Best(c.lenses, c.current); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
