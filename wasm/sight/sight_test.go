package sight

import (
	"image"
	"image/draw"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
	"ocrbankcard/internal/synth"
)

// Two cards side by side are two, more often than not, and one beside whatever else lies about is one.
func TestCardsAreCounted(t *testing.T) {
	locator, err := recognize.NewLocator(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	eye := New(locator)
	const scenes = 24
	two, one := 0, 0
	for seed := range uint64(scenes) {
		a, b := scene(seed, 1), scene(seed, 2)
		wide := image.NewRGBA(image.Rect(0, 0, 960, 360))
		draw.Draw(wide, a.Bounds(), a, image.Point{}, draw.Src)
		draw.Draw(wide, a.Bounds().Add(image.Pt(480, 0)), b, image.Point{}, draw.Src)
		two += cards(t, eye, wide) / 2
		one += cards(t, eye, a) % 2
	}
	if two < scenes/2 {
		t.Errorf("two cards were seen in %d of %d pictures", two, scenes)
	}
	if one < scenes-2 {
		t.Errorf("one card was seen in %d of %d pictures", one, scenes)
	}
}

// scene draws one card that is plain to see, from straight above: leaning ones in pictures side by side would be before two
// cameras.
func scene(seed, which uint64) *image.RGBA {
	return synth.DrawScene(rand.New(rand.NewPCG(seed, which)), synth.SceneOptions{Width: 480, Height: 360, Cards: 1, Easy: true, Kind: synth.Mockup}).Picture.Image()
}

func cards(t *testing.T, eye *Eye, img *image.RGBA) int {
	t.Helper()
	v, err := eye.View(&Pixels{frame.Raw{
		Format: frame.RGBA, Width: img.Rect.Dx(), Height: img.Rect.Dy(), Pix: img.Pix,
		Planes: []frame.Layout{{Offset: 0, Stride: img.Stride}},
	}, 1})
	if err != nil {
		t.Fatal(err)
	}
	return v.Cards
}

// A frame that is stored larger than it is drawn, as Chromium's 4K cameras give them, is measured as it is drawn.
func TestStoredLargerThanDrawn(t *testing.T) {
	locator, err := recognize.NewLocator(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	s := synth.DrawScene(rand.New(rand.NewPCG(1, 1)), synth.SceneOptions{Width: 1280, Height: 960, Cards: 1, Easy: true})
	eye, stored := New(locator), pixels(s.Picture)
	whole, err := eye.View(stored)
	if err != nil {
		t.Fatal(err)
	}
	stored.Scale = 0.5
	half, err := eye.View(stored)
	if err != nil {
		t.Fatal(err)
	}
	if half.Width != 640 || half.Height != 480 || half.Cards != 1 || half.Focus != whole.Focus {
		t.Errorf("seen as %+v", half)
	}
	if iou := half.Quad.Scale(2).IoU(s.Cards[0].Quad); iou < 0.85 {
		t.Errorf("the card is %.2f off its place", 1-iou)
	}
}
