package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/image/draw"

	"ocrbankcard/wasm/capture/fit"
)

// keepCrops notes of each picture which part of the frame it is, and how large the frozen frame is.
const keepCrops = `
	window.crops = []
	const Noted = Worker
	window.Worker = class extends Noted {
		constructor(...a) { super(...a); this.addEventListener("message", e => { if (e.data.crop) crops.push({ crop: e.data.crop, still: [e.data.still?.width, e.data.still?.height] }) }) }
	}`

// scene is a frame of many colours, with a card before it unless that is "".
func scene(t *testing.T, width, height int, card string) *image.RGBA {
	t.Helper()
	frame := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			frame.SetRGBA(x, y, color.RGBA{uint8(40 + 150*x/width), uint8(60 + 120*y/height), uint8(170 - 120*x/width), 255})
		}
	}
	if card != "" {
		f, err := os.Open(filepath.Join(root, "testdata", card))
		must(t, err)
		defer f.Close()
		img, err := jpeg.Decode(f)
		must(t, err)
		w := width * 2 / 5
		draw.CatmullRom.Scale(frame, image.Rect(width/3+1, height/5+1, width/3+w, height/5+w*3/4), img, img.Bounds(), draw.Src, nil)
	}
	return frame
}

// far is the mean difference of two pictures of one size, in steps of 255, in the worst of R, G and B.
func far(a, b *image.RGBA) float64 {
	var sum [3]int
	for i := range a.Pix {
		if c := i % 4; c < 3 {
			d := int(a.Pix[i]) - int(b.Pix[i])
			sum[c] += max(d, -d)
		}
	}
	return float64(max(sum[0], sum[1], sum[2])) / float64(len(a.Pix)/4)
}

// What is sent is the part of the frame that it is said to be, in its place and in its colours: of frames that are drawn as
// they are stored, and of those that are stored larger; of a card, and of all.
func TestThePictureIsThePartThatItIsSaidToBe(t *testing.T) {
	for _, c := range []struct {
		width, height int
		card          string
	}{{1920, 1080, "embossed16.jpg"}, {1920, 1080, ""}, {3840, 2160, "embossed16.jpg"}, {3840, 2160, ""}} {
		t.Run(fmt.Sprintf("%d×%d %s", c.width, c.height, c.card), func(t *testing.T) {
			var b bytes.Buffer
			must(t, jpeg.Encode(&b, scene(t, c.width, c.height, c.card), &jpeg.Options{Quality: 95}))
			video := filepath.Join(t.TempDir(), "scene.mjpeg")
			must(t, os.WriteFile(video, bytes.Repeat(b.Bytes(), 30), 0o600))
			box := newMailbox(t, "", noCard.body)
			ctx := browser(t, video)
			onNewDocument(t, ctx, keepCrops)
			watchFrames(t, ctx)
			must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
			wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
			frames(t, ctx, 3)
			drawn := videoOf(t, ctx)
			ask[any](t, ctx, `document.querySelector("[data-do=shutter]").click()`) // unless it is taken already
			view(t, ctx, "trouble")
			checkPart(t, ctx, box.pictures()[0], drawn, c.card == "")
			must(t, chromedp.Cancel(ctx))
		})
	}
}

// videoOf is what the browser itself draws of the whole frame. Its camera's colours are not quite the file's.
func videoOf(t *testing.T, ctx context.Context) *image.RGBA {
	t.Helper()
	text := ask[string](t, ctx, `(() => {
		const video = document.getElementById("video"), canvas = document.createElement("canvas")
		canvas.width = video.videoWidth
		canvas.height = video.videoHeight
		canvas.getContext("2d").drawImage(video, 0, 0)
		return canvas.toDataURL("image/png").split(",")[1]
	})()`)
	file, err := base64.StdEncoding.DecodeString(text)
	must(t, err)
	img, err := png.Decode(bytes.NewReader(file))
	must(t, err)
	drawn := image.NewRGBA(img.Bounds())
	draw.Draw(drawn, drawn.Rect, img, image.Point{}, draw.Src)
	return drawn
}

// checkPart compares the picture sent with what was shown where its crop lies.
func checkPart(t *testing.T, ctx context.Context, sent []byte, shown *image.RGBA, whole bool) {
	t.Helper()
	var taken struct {
		Crop  [6]int
		Still [2]int
	}
	must(t, json.Unmarshal([]byte(ask[string](t, ctx, "JSON.stringify(crops[0])")), &taken))
	width, height := shown.Rect.Dx(), shown.Rect.Dy()
	n := taken.Crop
	crop := fit.Crop{X: n[0], Y: n[1], W: n[2], H: n[3], OutW: n[4], OutH: n[5]}
	if all := crop.All(width, height); all != whole {
		t.Fatalf("%+v was sent of a frame %d wide", crop, width)
	}
	img, err := jpeg.Decode(bytes.NewReader(sent))
	must(t, err)
	if img.Bounds() != image.Rect(0, 0, crop.OutW, crop.OutH) {
		t.Fatalf("%v was sent for %+v", img.Bounds(), crop)
	}
	got, want := image.NewRGBA(img.Bounds()), image.NewRGBA(img.Bounds())
	draw.Draw(got, got.Rect, img, image.Point{}, draw.Src)
	part := image.Rect(crop.X, crop.Y, crop.X+crop.W, crop.Y+crop.H)
	draw.ApproxBiLinear.Scale(want, want.Rect, shown, part, draw.Src, nil)
	if d := far(got, want); d > 2 {
		t.Errorf("the picture is %.1f off, of 255", d)
	}
	if w := taken.Still[0]; w < 1280 || w >= 2560 || w*height != taken.Still[1]*width {
		t.Errorf("the frozen frame is %v", taken.Still)
	}
}

// The camera is seen as soon as it gives a picture, while the module is still on its way.
func TestTheViewfinderShowsBeforeTheModuleRuns(t *testing.T) {
	f := newFront(t)
	f.files.Store(map[string]fate{"scanner": halfway})
	ctx := browser(t, camera(t, "embossed16.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	wait(t, ctx, `document.getElementById("video").videoWidth > 0 && getComputedStyle(document.getElementById("video")).opacity === "1"`)
	if !ask[bool](t, ctx, `!document.getElementById("boot").hidden && document.getElementById("app").childElementCount === 0`) {
		t.Error("the module ran, though half of it is missing")
	}
}

// Where there is no camera to wait for, nothing waits for it: not in a web view whose pages have none, either.
func TestNothingWaitsForNoCamera(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `Object.defineProperty(navigator, "mediaDevices", { value: undefined })
		const compile = WebAssembly.compileStreaming
		WebAssembly.compileStreaming = (...a) => { window.began ??= performance.now(); return compile(...a) }`)
	least := 1e9
	for range 3 { // the first fills the cache
		must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
		wait(t, ctx, `window.began`)
		least = min(least, ask[float64](t, ctx, "began"))
		view(t, ctx, "trouble")
	}
	if least > 1500 {
		t.Errorf("the module was compiled after %.0f ms at the earliest", least)
	}
}
