package sketch

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"ocrbankcard/internal/geometry"
)

func TestOutlineAndLabel(t *testing.T) {
	m := image.NewRGBA(image.Rect(10, 20, 410, 320)) // bounds that don't begin at the origin
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
	quad := geometry.Quad{{X: 50, Y: 40}, {X: 350, Y: 60}, {X: 340, Y: 240}, {X: 60, Y: 230}}
	out, err := Card(m, quad, "4111 1111 1111 1111")
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range quad {
		if got := out.RGBAAt(int(p.X), int(p.Y)); (got.R > 200) != (i == 0) || got.G < 150 {
			t.Errorf("corner %d: %v", i, got)
		}
		q := quad[(i+1)%4]
		if got := out.RGBAAt(int((p.X+q.X)/2), int((p.Y+q.Y)/2)); got.G < 150 || got.R > 100 {
			t.Errorf("side %d: %v", i, got)
		}
	}
	if got := out.RGBAAt(200, 140); got != (color.RGBA{90, 90, 90, 255}) {
		t.Errorf("inside: %v", got)
	}
	light := 0
	for y := 245; y < 300; y++ {
		for x := range 400 {
			if out.RGBAAt(x, y).R > 200 {
				light++
			}
		}
	}
	if light < 200 {
		t.Errorf("the label has %d light pixels", light)
	}
	if m.RGBAAt(60, 60) != (color.RGBA{90, 90, 90, 255}) {
		t.Error("the picture itself was drawn on")
	}
}

func TestAnEmptyLabelAndAQuadOutside(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 100, 100))
	for _, label := range []string{"", "1"} {
		if _, err := Card(m, geometry.Rect(-50, -50, 500, 500), label); err != nil {
			t.Error(err)
		}
		if _, err := Card(m, geometry.Quad{}, label); err != nil {
			t.Error(err)
		}
	}
}

// The number is drawn whole where the card goes beyond the picture.
func TestTheLabelOfALargeCardFits(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 400, 300))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
	out, err := Card(m, geometry.Rect(-200, 40, 600, 200), "6200 0000 0000 0000 005")
	if err != nil {
		t.Fatal(err)
	}
	for y := range 300 {
		for _, x := range []int{0, 399} {
			if got := out.RGBAAt(x, y); got.G < 80 {
				t.Fatalf("the label reaches the picture's side at %d, %d: %v", x, y, got)
			}
		}
	}
}
