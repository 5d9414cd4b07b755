package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
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
	usual, err := filepath.Abs(filepath.Join(root, "testdata", want.File))
	must(t, err)
	choose(t, ctx, usual) // what a first picture makes the worker load is not the huge one's doing
	wait(t, ctx, resultShown)
	press(t, ctx, "again")
	view(t, ctx, "trouble")
	grown := rendererGrowth(t, ctx)
	choose(t, ctx, file)
	wait(t, ctx, resultShown)
	if peak, whole := grown(), 4*6048*8064; peak > whole {
		t.Errorf("the page's process grew by %d MB, more than all the photo's pixels take", peak>>20)
	} else {
		t.Logf("the page's process grew by %d MB at most", peak>>20)
	}
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	near(t, bound(t, ctx), truth)
	// What is shown behind the sheet is upright, too: a column in its upper part is of one colour.
	if steps := ask[int](t, ctx, `(f => {
		const eye = new OffscreenCanvas(1, 64).getContext("2d")
		eye.drawImage(f, f.width / 2, 0, 1, f.height / 4, 0, 0, 1, 64)
		const g = eye.getImageData(0, 0, 1, 64).data.filter((_, i) => i % 4 === 1)
		return f.height > f.width ? Math.max(...g) - Math.min(...g) : 255
	})(document.getElementById("frozen"))`); steps > 12 {
		t.Errorf("tones in the frozen photo's ground differ by %d", steps)
	}
	pictures := box.pictures()
	if len(pictures) != 2 {
		t.Fatalf("%d pictures were sent", len(pictures))
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(pictures[1]))
	must(t, err)
	if len(pictures[1]) > cardpp.MaxFileBytes || max(c.Width, c.Height) > cardpp.MaxSide || c.Width*c.Height > fit.MaxArea {
		t.Errorf("%d×%d in %d bytes were sent", c.Width, c.Height, len(pictures[1]))
	}
}

// Browsers that know no imageOrientation by the name of "from-image", Safari before 16.4 and Chrome before 112, decode a photo
// upright, too: to them the name was no value at all.
func TestAnOlderBrowserTakesAPhotoOnItsSide(t *testing.T) {
	const older = `{ const make = createImageBitmap
		self.createImageBitmap = (source, options) => options?.imageOrientation === "from-image"
			? Promise.reject(new TypeError("Type error")) : make(source, options) }`
	want := specimenOf(t, "flat16.jpg")
	photo, err := os.ReadFile(filepath.Join(root, "testdata", want.File))
	must(t, err)
	file := filepath.Join(t.TempDir(), "turned.jpg")
	must(t, os.WriteFile(file, turned(photo, 6), 0o600))
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	onNewDocument(t, ctx, older+`
		const made = URL.createObjectURL
		URL.createObjectURL = blob => made(blob.type !== "text/javascript" ? blob : new Blob([`+quoted(older+"\n")+`, blob], { type: blob.type }))`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address)))
	view(t, ctx, "trouble")
	choose(t, ctx, file)
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	if !ask[bool](t, ctx, `(f => f.height > f.width)(document.getElementById("frozen"))`) {
		t.Error("the photo lies on its side")
	}
}

// What is transparent is read as white on the device, too: print on no ground at all would be lost on black.
func TestATransparentPictureIsReadOnWhite(t *testing.T) {
	want := specimenOf(t, "flat16.jpg")
	data, err := os.ReadFile(filepath.Join(root, "testdata", want.File))
	must(t, err)
	opaque, err := jpeg.Decode(bytes.NewReader(data))
	must(t, err)
	ink := image.NewNRGBA(opaque.Bounds()) // black, the denser the darker the specimen is
	for i := range len(ink.Pix) / 4 {
		x, y := i%ink.Rect.Dx(), i/ink.Rect.Dx()
		ink.Pix[4*i+3] = 255 - opaque.(*image.YCbCr).YCbCrAt(x, y).Y
	}
	var out bytes.Buffer
	must(t, png.Encode(&out, ink))
	file := filepath.Join(t.TempDir(), "ink.png")
	must(t, os.WriteFile(file, out.Bytes(), 0o600))
	box := newMailbox(t, "device", "")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
	view(t, ctx, "trouble")
	choose(t, ctx, file)
	wait(t, ctx, resultShown)
	if got := ask[string](t, ctx, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
}

// near compares corners, to within 2 % of the card's longer side.
func near(t *testing.T, got, truth geometry.Quad) {
	t.Helper()
	tolerance := 0.02 * max(truth.Sides()[0], truth.Sides()[1])
	for i := range got {
		if d := got[i].Dist(truth[i]); d > tolerance {
			t.Errorf("corner %d is %.1f px off, more than %.1f", i, d, tolerance)
		}
	}
}

// rendererGrowth returns a function that tells by how many bytes the page's process has grown at most meanwhile.
func rendererGrowth(t *testing.T, ctx context.Context) func() int {
	t.Helper()
	before := map[int64]int{}
	for _, id := range renderers(t, ctx) {
		must(t, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", id), []byte("5"), 0o600)) // the peak starts anew: proc(5)
		before[id] = status(t, id, "VmRSS")
	}
	return func() (most int) {
		for id, was := range before {
			most = max(most, status(t, id, "VmHWM")-was)
		}
		return most
	}
}

// renderers are the processes in which pages run.
func renderers(t *testing.T, ctx context.Context) (ids []int64) {
	t.Helper()
	all, err := chromedp.CallBrowser(ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	must(t, err)
	for _, p := range all.ProcessInfo {
		if p.Type == "renderer" {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// status reads a size in bytes from a process's status.
func status(t *testing.T, id int64, name string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", id))
	must(t, err)
	for line := range strings.Lines(string(text)) {
		if of, value, _ := strings.Cut(line, ":"); of == name {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			must(t, err)
			return n << 10
		}
	}
	t.Fatalf("no %s of process %d", name, id)
	return 0
}

// hugePhoto puts a specimen, enlarged, into 6048×8064 pixels, over which its border goes on, and stores that on its side.
// The corners are those of the card in the upright photo.
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
			at := small.(*image.YCbCr).YCbCrAt(min(max(u, 0), b.Dx()-1), min(max(v, 0), b.Dy()-1))
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
