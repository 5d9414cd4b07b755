package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/capture/fit"
)

// A phone's photo of 48 megapixels, stored on its side as phones do (EXIF orientation 6), is sent upright, once turned,
// within the contract and the largest canvas that iOS paints; the corners that come back are the photo's own.
func TestAHugePhotoOnItsSideIsFitted(t *testing.T) {
	want := specimenOf(t, "flat16.jpg")
	photo, truth := hugePhoto(t, want)
	file := filepath.Join(t.TempDir(), "huge.jpg")
	must(t, os.WriteFile(file, photo, 0o600))
	box := newMailbox(t, "", "")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
	view(t, ctx, "trouble")
	choose(t, ctx, file)
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	got, tolerance := bound(t, ctx), 0.02*max(truth.Sides()[0], truth.Sides()[1])
	for i := range got {
		if d := got[i].Dist(truth[i]); d > tolerance {
			t.Errorf("corner %d is %.0f px off, more than %.0f", i, d, tolerance)
		}
	}
	pictures := box.pictures()
	if len(pictures) != 1 {
		t.Fatalf("%d pictures were sent", len(pictures))
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(pictures[0]))
	must(t, err)
	if len(pictures[0]) > cardpp.MaxFileBytes || max(c.Width, c.Height) > cardpp.MaxSide || c.Width*c.Height > fit.MaxArea {
		t.Errorf("%d×%d in %d bytes were sent", c.Width, c.Height, len(pictures[0]))
	}
}

// hugePhoto puts a specimen, enlarged, onto a grey ground of 6048×8064 pixels, and stores that on its side. The corners
// are those of the card in the upright photo.
func hugePhoto(t *testing.T, s specimen) (photo []byte, corners geometry.Quad) {
	t.Helper()
	const width, height, times, left, top = 6048, 8064, 6, 144, 2400
	data, err := os.ReadFile(filepath.Join(root, "testdata", s.File))
	must(t, err)
	small, err := jpeg.Decode(bytes.NewReader(data))
	must(t, err)
	b := small.Bounds()
	stored := image.NewYCbCr(image.Rect(0, 0, height, width), image.YCbCrSubsampleRatio420)
	for y := range width { // of what is stored: its row y is the upright photo's column width-1-y, upwards
		for x := range height {
			u, v := (width-1-y-left)/times, (x-top)/times
			at := color.YCbCr{Y: 120, Cb: 128, Cr: 128}
			if width-1-y >= left && x >= top && u < b.Dx() && v < b.Dy() {
				at = small.(*image.YCbCr).YCbCrAt(u, v)
			}
			stored.Y[stored.YOffset(x, y)] = at.Y
			c := stored.COffset(x, y)
			stored.Cb[c], stored.Cr[c] = at.Cb, at.Cr
		}
	}
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, stored, &jpeg.Options{Quality: 80}))
	for i, c := range s.Corners {
		corners[i] = geometry.Point{X: left + times*c[0], Y: top + times*c[1]}
	}
	return turned(out.Bytes(), 6), corners
}

// turned gives a JPEG an EXIF orientation (TIFF 6.0, tag 0x0112, in an APP1 segment behind the start of image).
func turned(file []byte, orientation byte) []byte {
	exif := append([]byte("Exif\x00\x00"), 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(bytes.Clone(file[:2]), segment...), file[2:]...)
}
