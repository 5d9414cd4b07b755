package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/image/draw"
)

var measure = flag.Bool("measure", false, "print how fast the page is, against hand-written JavaScript in the same run")

// instruments count the worker's looks, the time from a message to its answer, the time that Go takes on the page's
// thread, and tell when the camera's first frame was shown and when the worker had first looked at one.
const instruments = `
	window.looks = 0; window.lookTimes = []; window.takeTimes = []; window.goTime = 0
	new MutationObserver((_, self) => {
		const video = document.getElementById("video")
		if (!video) return
		self.disconnect()
		video.requestVideoFrameCallback((_, frame) => { window.firstFrame = frame.presentationTime })
	}).observe(document, { childList: true, subtree: true })
	const Start = Worker
	window.Worker = class extends Start {
		constructor(...a) {
			super(...a)
			this.sent = new Map()
			this.addEventListener("message", e => {
				const s = this.sent.get(e.data.id)
				if (!s) return
				this.sent.delete(e.data.id)
				const took = performance.now() - s.at
				if (s.kind === "look") { looks++; lookTimes.push(took); if ("hint" in e.data) window.firstGuided ??= performance.now() }
				if (s.kind === "take") takeTimes.push(took)
			})
		}
		postMessage(m, t) { if (m.kind) this.sent.set(m.id, { kind: m.kind, at: performance.now() }); super.postMessage(m, t) }
	}
	let theirs
	Object.defineProperty(window, "Go", { get: () => theirs, set: v => {
		const resume = v.prototype._resume
		v.prototype._resume = function () { const at = performance.now(); resume.call(this); goTime += performance.now() - at }
		theirs = v
	} })`

// byHand takes a picture as a careful JavaScript programmer does, with the same calls of the browser: the frame is
// transferred to a worker, drawn, encoded, and a still comes back.
const byHand = `(async () => {
	const code = "onmessage = async e => { const f = e.data, w = f.displayWidth, h = f.displayHeight, k = Math.min(1, 2560 / Math.max(w, h)); const c = new OffscreenCanvas(w * k, h * k), x = c.getContext('2d', { alpha: false }); x.imageSmoothingQuality = 'high'; x.drawImage(f, 0, 0, c.width, c.height); const b = await c.convertToBlob({ type: 'image/jpeg', quality: .88 }); const s = await createImageBitmap(f, { resizeWidth: 1280, resizeHeight: 720 }); f.close(); postMessage({ b, s }, [s]) }"
	const worker = new Worker(URL.createObjectURL(new Blob([code])))
	const times = []
	for (let i = 0; i < 9; i++) {
		const at = performance.now(), frame = new VideoFrame(document.getElementById("video"))
		worker.postMessage(frame, [frame])
		await new Promise(r => { worker.onmessage = r })
		times.push(performance.now() - at)
	}
	worker.terminate()
	return JSON.stringify(times)
})()`

// plain is a page of JavaScript alone that shows the camera: what the start is measured against.
const plain = `<!doctype html><meta charset="utf-8"><title>plain</title><video id="video" playsinline muted autoplay></video><script>
navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: { ideal: "environment" } } }).then(s => { document.getElementById("video").srcObject = s })
</script>`

// small shows a card too far away to be taken, in a frame of that size: the preview does all its work on each frame.
func small(t *testing.T, width, height int) string {
	t.Helper()
	f, err := os.Open(filepath.Join(root, "testdata", "flat16.jpg"))
	must(t, err)
	defer f.Close()
	card, err := jpeg.Decode(f)
	must(t, err)
	frame := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(frame, frame.Rect, image.White, image.Point{}, draw.Src)
	w := width * 23 / 100 // large enough to be located, and smaller than the guide wants
	at := image.Rect(width/3, height/3, width/3+w, height/3+w*3/4)
	draw.CatmullRom.Scale(frame, at, card, card.Bounds(), draw.Over, nil)
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, frame, &jpeg.Options{Quality: 92}))
	file := filepath.Join(t.TempDir(), "small.mjpeg")
	must(t, os.WriteFile(file, bytes.Repeat(b.Bytes(), 30), 0o600))
	return file
}

// TestMeasure prints ratios; what it prints is for people, and no figure fails it.
func TestMeasure(t *testing.T) {
	if !*measure {
		t.Skip("figures are printed with -measure only")
	}
	address := measured(t)
	measurePace(t)
	measureStart(t, address)
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 3840, Y: 2160}} {
		video := small(t, size.X, size.Y)
		ctx := browser(t, video)
		onNewDocument(t, ctx, instruments)
		must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
		wait(t, ctx, "looks > 10")
		ask[any](t, ctx, "looks = 0, lookTimes = [], goTime = 0")
		wait(t, ctx, "looks >= 60")
		main := ask[float64](t, ctx, "goTime / looks")
		look := floats(t, ctx, "JSON.stringify(lookTimes)")
		fmt.Printf("preview, %d×%d frame to quad: %.1f ms median, %.1f least; Go on the page's thread %.2f ms a frame\n",
			size.X, size.Y, median(look), slices.Min(look), main)
		for range 7 {
			press(t, ctx, "shutter")
			view(t, ctx, "trouble")
			press(t, ctx, "again")
			wait(t, ctx, `document.documentElement.dataset.view === "scan"`)
		}
		ours, theirs := floats(t, ctx, "JSON.stringify(takeTimes)"), floats(t, ctx, byHand)
		fmt.Printf("shutter to JPEG, %d×%d: %.2f times hand-written JavaScript (medians %.0f and %.0f ms; least %.2f times)\n",
			size.X, size.Y, median(ours)/median(theirs), median(ours), median(theirs), slices.Min(ours)/slices.Min(theirs))
	}
	fmt.Print(built)
}

// measured serves the scanner, an answer without a card to every picture, and the plain page.
func measured(t *testing.T) string {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/plain.html":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, plain)
		case r.Method == "POST":
			_, _ = io.Copy(io.Discard, r.Body)
			io.WriteString(w, noCard.body)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// measureStart compares navigation to first camera frame, in new browsers and on a second visit, by turns.
func measureStart(t *testing.T, address string) {
	t.Helper()
	video := small(t, 1920, 1080)
	visit := func(ctx context.Context, path string) (shown, guided float64) {
		must(t, chromedp.Do(ctx, chromedp.Navigate(address+path)))
		wait(t, ctx, "window.firstFrame > 0")
		if path == "/" {
			wait(t, ctx, "window.firstGuided > 0")
			guided = ask[float64](t, ctx, "firstGuided")
		}
		return ask[float64](t, ctx, "firstFrame"), guided
	}
	var cold, warm, guided [2][]float64
	for range 5 {
		for i, path := range []string{"/", "/plain.html"} {
			ctx := browser(t, video)
			onNewDocument(t, ctx, instruments)
			first, hint := visit(ctx, path)
			cold[i], guided[0] = append(cold[i], first), append(guided[0], hint)
			time.Sleep(2 * time.Second) // the browser keeps what it compiled
			must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
			time.Sleep(time.Second) // the camera is off
			first, hint = visit(ctx, path)
			warm[i], guided[1] = append(warm[i], first), append(guided[1], hint)
			must(t, chromedp.Cancel(ctx))
		}
	}
	for i, name := range []string{"cold", "warm"} {
		m := [][2][]float64{cold, warm}[i]
		hints := slices.DeleteFunc(guided[i], func(ms float64) bool { return ms == 0 })
		fmt.Printf("start to first camera frame, %s: %.2f times a page of JavaScript alone (%.0f and %.0f ms); first guided frame at %.0f ms\n",
			name, median(m[0])/median(m[1]), median(m[0]), median(m[1]), median(hints))
	}
}

func floats(t *testing.T, ctx context.Context, expression string) []float64 {
	t.Helper()
	var v []float64
	must(t, json.Unmarshal([]byte(ask[string](t, ctx, expression)), &v))
	return v
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
