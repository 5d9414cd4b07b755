package fit

import (
	"errors"
	"math"
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
)

func TestCropsMeetTheContract(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		card          geometry.Quad // zero: the whole frame
		err           error
	}{
		{"full HD", 1920, 1080, geometry.Quad{}, nil},
		{"full HD, card in the middle", 1920, 1080, geometry.Rect(600, 300, 1300, 740), nil},
		{"card cut by the left border", 1920, 1080, geometry.Rect(-200, 300, 500, 740), nil},
		{"card over every border", 1280, 720, geometry.Rect(-50, -50, 1330, 780), nil},
		{"4K, large card", 3840, 2160, geometry.Rect(300, 200, 3400, 2100), nil},
		{"tiny card", 1920, 1080, geometry.Rect(900, 500, 930, 520), nil},
		{"tiny card in the corner", 1920, 1080, geometry.Rect(1900, 1070, 1930, 1090), nil},
		{"48 megapixels", 8064, 6048, geometry.Quad{}, nil},
		{"smallest", 100, 100, geometry.Quad{}, nil},
		{"one row short", 100, 99, geometry.Quad{}, ErrTooSmall},
		{"long strip", 4000, 110, geometry.Quad{}, nil},
		{"strip that is too long", 9000, 110, geometry.Quad{}, ErrTooSmall},
		{"nothing", 0, 0, geometry.Quad{}, ErrTooSmall},
	} {
		crop, err := Whole(c.width, c.height)
		if c.card != (geometry.Quad{}) {
			crop, err = Around(c.card, c.width, c.height)
		}
		if !errors.Is(err, c.err) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		}
		if err != nil {
			continue
		}
		if crop.X < 0 || crop.Y < 0 || crop.X+crop.W > c.width || crop.Y+crop.H > c.height {
			t.Errorf("%s: %+v lies outside the frame", c.name, crop)
		}
		if s := min(crop.OutW, crop.OutH); s < cardpp.MinSide {
			t.Errorf("%s: shorter side %d", c.name, s)
		}
		if l := max(crop.OutW, crop.OutH); l > cardpp.MaxSide || crop.OutW*crop.OutH > MaxArea {
			t.Errorf("%s: longer side %d", c.name, l)
		}
		if crop.OutW > crop.W || crop.OutH > crop.H {
			t.Errorf("%s: %+v enlarges", c.name, crop)
		}
	}
}

func TestCornersMapBack(t *testing.T) {
	card := geometry.Quad{{X: 612, Y: 310}, {X: 1333, Y: 280}, {X: 1360, Y: 752}, {X: 590, Y: 770}}
	crop, err := Around(card, 3840, 2160)
	if err != nil {
		t.Fatal(err)
	}
	back := crop.ToFrame(crop.FromFrame(card))
	for i := range back {
		if back[i].Dist(card[i]) > 1e-9 {
			t.Errorf("corner %d came back %g px away", i, back[i].Dist(card[i]))
		}
	}
	sent := crop.FromFrame(card)
	if lo, hi := sent.Bounds(); lo.X <= 0 || lo.Y <= 0 || hi.X >= float64(crop.OutW) || hi.Y >= float64(crop.OutH) {
		t.Errorf("the card %v is not inside the %dx%d picture", sent, crop.OutW, crop.OutH)
	}
}

// A photo that was decoded at half its size is cropped as if it had been decoded whole.
func TestACropOfALargerFrame(t *testing.T) {
	half, err := Around(geometry.Rect(100, 200, 1100, 830), 2016, 1512)
	if err != nil {
		t.Fatal(err)
	}
	whole, corners := half.Of(2), geometry.Rect(50, 60, 1500, 900)
	if back, want := whole.ToFrame(corners), half.ToFrame(corners).Scale(2); back != want {
		t.Errorf("corners come back at %v, want %v", back, want)
	}
}

// TestSearch models codecs by bytes a pixel at quality 0.88 and by how the size follows quality.
func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name     string
		density  float64 // bytes a pixel at best quality
		exponent float64
		width    int
		encodes  int // at most
		err      error
	}{
		{"a calm picture fits at once", 0.15, 0.7, 2560, 1, nil},
		{"a busy one needs one more", 0.6, 0.7, 2560, 2, nil},
		{"noise loses pixels, too", 2.5, 0.7, 2560, 4, nil},
		{"a codec that hardly heeds quality", 0.8, 0.05, 2560, 7, nil},
		{"a codec that heeds it much", 0.8, 1.5, 2560, 3, nil},
		{"a codec without mercy", 500, 0.7, 2560, 7, ErrTooLarge},
	} {
		crop, err := Whole(c.width, c.width*3/4)
		if err != nil {
			t.Fatal(err)
		}
		calls, last := 0, 0
		crop, err = Search(crop, func(crop Crop, q float64) (int, error) {
			calls++
			if q < worstQuality-1e-9 || q > bestQuality {
				t.Errorf("%s: quality %g", c.name, q)
			}
			last = int(c.density * float64(crop.OutW*crop.OutH) * math.Pow((1-bestQuality)/(1-q), c.exponent))
			return last, nil
		})
		if !errors.Is(err, c.err) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		}
		if calls > c.encodes {
			t.Errorf("%s: %d encodes, want at most %d", c.name, calls, c.encodes)
		}
		if err == nil && (last > cardpp.MaxFileBytes || last < cardpp.MaxFileBytes/3 && calls > 1) {
			t.Errorf("%s: ended at %d bytes", c.name, last)
		}
		if err == nil && math.Abs(float64(crop.OutW)/float64(crop.OutH)-4.0/3) > 0.01 {
			t.Errorf("%s: %dx%d lost its shape", c.name, crop.OutW, crop.OutH)
		}
	}
	broken := errors.New("no codec")
	if _, err := Search(Crop{W: 200, H: 200, OutW: 200, OutH: 200}, func(Crop, float64) (int, error) { return 0, broken }); err != broken {
		t.Errorf("the codec's error came out as %v", err)
	}
}

func TestWhetherACropLeavesSomethingOut(t *testing.T) {
	for c, want := range map[Crop]bool{{W: 640, H: 360}: true, {X: 2, W: 638, H: 360}: false, {Y: 2, W: 640, H: 358}: false, {W: 320, H: 180}: false} {
		if c.All(640, 360) != want {
			t.Errorf("%+v: %v", c, !want)
		}
	}
}

// A card is cut out with its margin on all sides, 100 px at least, and never beyond the frame.
func TestWhatIsCutOut(t *testing.T) {
	for card, want := range map[geometry.Quad]Crop{
		geometry.Rect(200, 100, 1000, 600):    {X: 104, Y: 40, W: 992, H: 620, OutW: 992, OutH: 620},
		geometry.Rect(300, 300, 340, 330):     {X: 270, Y: 265, W: 100, H: 100, OutW: 100, OutH: 100},
		geometry.Rect(0, 0, 40, 30):           {W: 100, H: 100, OutW: 100, OutH: 100},
		geometry.Rect(1240, 690, 1280, 720):   {X: 1180, Y: 620, W: 100, H: 100, OutW: 100, OutH: 100},
		geometry.Rect(-200, -200, 2000, 2000): {W: 1280, H: 720, OutW: 1280, OutH: 720},
	} {
		if got, err := Around(card, 1280, 720); err != nil || got != want {
			t.Errorf("%v: %+v, want %+v (%v)", card, got, want, err)
		}
	}
}
