package sketch

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"ocrbankcard/internal/geometry"
)

// plain is a picture of one grey, whose bounds don't begin at the origin.
func plain(w, h int, grey uint8) *image.RGBA {
	m := image.NewRGBA(image.Rect(10, 20, 10+w, 20+h))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{grey}), image.Point{}, draw.Src)
	return m
}

// The sides are drawn as wide whichever way the picture and they run, and the first corner is told from the others. Nothing
// else is drawn, nor anything on the picture itself.
func TestOutline(t *testing.T) {
	grey := color.RGBA{90, 90, 90, 255}
	for _, size := range []image.Point{{600, 300}, {300, 600}} { // a side is three pixels wide, the first corner seven and a half
		m := plain(size.X, size.Y, 90)
		quad := geometry.Quad{{X: 100.5, Y: 60.5}, {X: 240.5, Y: 140.5}, {X: 200.5, Y: 220.5}, {X: 60.5, Y: 140.5}}
		out, err := Card(m, quad, "")
		if err != nil {
			t.Fatal(err)
		}
		at := func(p geometry.Point) color.RGBA { return out.RGBAAt(int(p.X), int(p.Y)) }
		for i, p := range quad {
			q := quad[(i+1)%4]
			along := q.Sub(p).Mul(1 / p.Dist(q))
			aside := geometry.Point{X: -along.Y, Y: along.X}
			for _, share := range []float64{0.1, 0.5, 0.9} {
				for off, want := range map[float64]bool{0: true, -0.7: true, 0.7: true, -3: false, 3: false} {
					if got := at(p.Lerp(q, share).Add(aside.Mul(off))); (got == line) != want || (got == grey) == want {
						t.Errorf("%v: side %d at %v, %v aside: %v", size, i, share, off, got)
					}
				}
			}
			for away, want := range map[float64]bool{0: true, -2.5: true, -5: false} {
				if got := at(p.Add(along.Mul(away))) == start; got != (want && i == 0) {
					t.Errorf("%v: corner %d, %v away: %v that it is marked", size, i, -away, got)
				}
			}
		}
		if m.RGBAAt(110, 80) != grey {
			t.Error("the picture itself was drawn on")
		}
	}
}

// The label can be read on a white picture, stands under the middle of the card, and is whole where the card reaches the
// picture's end.
func TestLabel(t *testing.T) {
	const label = "4111 1111 1111 1111"
	var whole int
	for _, place := range []geometry.Point{{X: 100, Y: 50}, {X: -75, Y: 50}, {X: 290, Y: 125}, {X: 100, Y: 200}} {
		quad := geometry.Rect(0, 0, 160, 100).Translate(place)
		out, err := Card(plain(400, 250, 255), quad, label)
		if err != nil {
			t.Fatal(err)
		}
		bare, err := Card(plain(400, 250, 255), quad, "")
		if err != nil {
			t.Fatal(err)
		}
		var drawn image.Rectangle
		for y := range 250 {
			for x := range 400 {
				if out.RGBAAt(x, y) != bare.RGBAAt(x, y) {
					drawn = drawn.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		dark, edge := 0, 0
		for y := drawn.Min.Y; y < drawn.Max.Y; y++ {
			for x := drawn.Min.X; x < drawn.Max.X; x++ {
				if out.RGBAAt(x, y).R < 60 {
					dark++
				} else if !image.Pt(x, y).In(drawn.Inset(1)) {
					edge++
				}
			}
		}
		all := drawn.Dx() * drawn.Dy()
		if whole == 0 {
			if whole = all; drawn.Min.X+drawn.Max.X < 356 || drawn.Min.X+drawn.Max.X > 364 || drawn.Min.Y <= 150 || drawn.Min.Y > 160 {
				t.Errorf("the label stands at %v", drawn)
			}
		}
		if all != whole || edge > 0 || dark < all/2 || dark > all*9/10 {
			t.Errorf("%v: %d pixels of %d, %d of them dark, %d light ones at the edge", place, all, whole, dark, edge)
		}
		if got := bare.RGBAAt(200, 156); got.R < 255 {
			t.Errorf("without a label, %v is there", got)
		}
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
