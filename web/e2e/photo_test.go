package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
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
	address, sent := keeping(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
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
	pictures := sent()
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

// keeping serves the scanner and keeps the pictures that are sent to it.
func keeping(t *testing.T) (address string, sent func() [][]byte) {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	var mu sync.Mutex
	var pictures [][]byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			copied := r.Clone(r.Context())
			copied.Body = io.NopCloser(bytes.NewReader(body))
			file, _, err := copied.FormFile("image_file")
			if err != nil {
				t.Error(err)
				return
			}
			picture, err := io.ReadAll(file)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			pictures = append(pictures, picture)
			mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return pictures
	}
}
