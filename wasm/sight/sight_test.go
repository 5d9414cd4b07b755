package sight

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
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

// A second card is one about as large as the first, which of the two that be, of a card's shape, and surely there.
func TestCount(t *testing.T) {
	at := func(w, h, confidence float64) recognize.Location {
		return recognize.Location{Quad: geometry.Rect(0, 0, w, h), Confidence: confidence}
	}
	first, half := at(317, 200, 0.9), at(0.7*317, 0.7*200, 0.9)
	for name, c := range map[string]struct {
		located []recognize.Location
		want    int
	}{
		"one": {[]recognize.Location{first}, 1}, "two": {[]recognize.Location{first, first}, 2},
		"a smaller one": {[]recognize.Location{first, half}, 2}, "a larger one": {[]recognize.Location{half, first}, 2},
		"upright": {[]recognize.Location{first, at(200, 317, 0.9)}, 2}, "the third": {[]recognize.Location{first, at(30, 20, 0.9), first}, 2},
		"a stamp": {[]recognize.Location{first, at(0.6*317, 0.6*200, 0.9)}, 1}, "a table": {[]recognize.Location{first, at(1.6*317, 1.6*200, 0.9)}, 1},
		"unsure": {[]recognize.Location{first, at(317, 200, 0.8)}, 1}, "a ruler": {[]recognize.Location{first, at(400, 160, 0.9)}, 1}, "a square": {[]recognize.Location{first, at(250, 250, 0.9)}, 1},
	} {
		if got := count(c.located); got != c.want {
			t.Errorf("%s: %d cards, want %d", name, got, c.want)
		}
	}
}

// What is measured of a frame, and where its card is, is the frame's, however small it is looked at; what is kept of it has so
// many pixels at most, whichever side is the longer.
func TestMeasures(t *testing.T) {
	locator, err := recognize.NewLocator(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	eye := New(locator)
	s := synth.DrawScene(rand.New(rand.NewPCG(1, 1)), synth.SceneOptions{Width: 1280, Height: 960, Cards: 1, Easy: true})
	p := pixels(s.Picture)
	card, truth := mean(s.Picture.Image(), s.Cards[0].Quad), s.Cards[0].Quad
	if v, err := eye.View(p); err != nil || v.Cards != 1 || v.Quad.IoU(truth) < 0.85 || math.Abs(v.Luma-card) > 10 || v.Focus <= 0.3 {
		t.Errorf("%+v, %v; the card's luma is %.0f", v, err, card)
	}
	if l, ok, err := eye.Find(p, 640); err != nil || !ok || l.Quad.IoU(truth) < 0.85 {
		t.Errorf("found %v at %v, %v", ok, l.Quad, err)
	}
	empty := image.NewRGBA(image.Rect(0, 0, 480, 640))
	draw.Draw(empty, empty.Rect, image.NewUniform(color.Gray{77}), image.Point{}, draw.Src)
	upright := &Pixels{frame.Raw{Format: frame.RGBA, Width: 480, Height: 640, Pix: empty.Pix, Planes: []frame.Layout{{Offset: 0, Stride: empty.Stride}}}, 1}
	if v, err := eye.View(upright); err != nil || v.Cards != 0 || math.Abs(v.Luma-77) > 1 || v.Glare != 0 {
		t.Errorf("without a card: %+v, %v", v, err)
	}
	for side, want := range map[int]image.Point{640: {480, 640}, 639: {240, 320}, 320: {240, 320}, 200: {120, 160}, 4000: {480, 640}} {
		f, scale, err := eye.Keep(upright, side)
		if err != nil || f.Y.Width != want.X || f.Y.Height != want.Y || scale != float64(640/want.Y) {
			t.Errorf("at most %d: %d × %d, scale %v, %v", side, f.Y.Width, f.Y.Height, scale, err)
		}
	}
	upright.Planes = nil
	if _, err := eye.View(upright); err == nil {
		t.Error("pixels without planes are seen")
	}
}

// mean is the mean luma of what lies within a quad, about.
func mean(img *image.RGBA, q geometry.Quad) float64 {
	sum, n := 0.0, 0.0
	for i := range 40 {
		for j := range 40 {
			a, b := q[0].Lerp(q[1], float64(i)/39), q[3].Lerp(q[2], float64(i)/39)
			at := a.Lerp(b, float64(j)/39)
			sum, n = sum+float64(color.GrayModel.Convert(img.At(int(at.X), int(at.Y))).(color.Gray).Y), n+1
		}
	}
	return sum / n
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
