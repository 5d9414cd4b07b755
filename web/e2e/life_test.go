package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// Each way in which a camera fails has its own words, and typing is always a way on.
func TestEachCameraFaultHasItsWords(t *testing.T) {
	address, _ := script(t)
	var titles []string
	for _, name := range []string{"NotAllowedError", "NotFoundError", "NotReadableError", "TypeError"} {
		ctx := browser(t, camera(t, "flat16.jpg"))
		cameraFails(t, ctx, name)
		must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
		view(t, ctx, "trouble")
		titles = append(titles, ask[string](t, ctx, `document.getElementById("heading").innerText`))
		press(t, ctx, "type")
		view(t, ctx, "typing")
		if focused := ask[string](t, ctx, `new Promise(r => setTimeout(() => r(document.activeElement.id), 300))`); focused != "pan" {
			t.Errorf("%s: the focus is on %q, not on the field", name, focused)
		}
	}
	// A page that did not come over https has no camera at all. Names under localhost count as secure; this one doesn't.
	ctx := browser(t, camera(t, "flat16.jpg"), chromedp.Flag("host-resolver-rules", "MAP insecure.test 127.0.0.1"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(strings.Replace(address, "127.0.0.1", "insecure.test", 1))))
	view(t, ctx, "trouble")
	titles = append(titles, ask[string](t, ctx, `document.getElementById("heading").innerText`))
	slices.Sort(titles)
	if distinct := len(slices.Compact(titles)); distinct != 5 {
		t.Errorf("%d distinct titles for 5 faults", distinct)
	}
}

// The keyboard alone takes a person through: type a number, hand it over with Enter.
func TestKeyboardAlone(t *testing.T) {
	address, _ := script(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
	press(t, ctx, "type")
	view(t, ctx, "typing")
	must(t, chromedp.Do(ctx, chromedp.SendKeys("#pan", "4111111111111111")))
	if got := ask[string](t, ctx, `document.getElementById("pan").value`); got != "4111 1111 1111 1111" {
		t.Error("the digits are not grouped as they are typed")
	}
	must(t, chromedp.Do(ctx, chromedp.SendKeys("#pan", "\r")))
	view(t, ctx, "done")
	if masked := ask[string](t, ctx, `document.querySelector(".masked").innerText`); masked != "4111 11•• •••• 1111" {
		t.Error("the number is not masked when it is done")
	}
}

// 400 re-renderings and 20 rounds of closing and opening leave nothing behind: callbacks, memory, worker, camera.
func TestNothingIsLeftBehind(t *testing.T) {
	address, _ := script(t)
	ctx := browser(t, camera(t, "nocard.jpg"), chromedp.Flag("js-flags", "--expose-gc"), chromedp.Flag("enable-precise-memory-info", true))
	onNewDocument(t, ctx, `
		window.workers = 0
		const start = Worker, end = Worker.prototype.terminate
		window.Worker = class extends start { constructor(...a) { super(...a); workers++ } terminate() { workers--; super.terminate() } }
		window.callbacks = 0
		const add = EventTarget.prototype.addEventListener, remove = EventTarget.prototype.removeEventListener
		EventTarget.prototype.addEventListener = function (...a) { callbacks++; return add.apply(this, a) }
		EventTarget.prototype.removeEventListener = function (...a) { callbacks--; return remove.apply(this, a) }
	`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	wait(t, ctx, `document.documentElement.dataset.camera === "live" && workers === 1`)
	press(t, ctx, "type")
	view(t, ctx, "typing")
	wait(t, ctx, `document.getElementById("pan") !== null`) // drawn a frame after the view changes
	edit := func(n int) {
		ask[any](t, ctx, `(async n => {
			const field = document.getElementById("pan")
			for (let i = 0; i < n; i++) {
				field.value = String(4000 + i)
				field.dispatchEvent(new InputEvent("input", { bubbles: true }))
				await new Promise(requestAnimationFrame)
			}
		})(`+string(json.RawMessage(itoa(n)))+`)`)
	}
	memory := func() float64 {
		return ask[float64](t, ctx, `(async () => { for (let i = 0; i < 3; i++) { gc(); await new Promise(r => setTimeout(r, 60)) } return performance.memory.usedJSHeapSize })()`)
	}
	edit(40) // caches fill
	callbacks, heapBefore := ask[int](t, ctx, "callbacks"), memory()
	edit(400)
	if now := ask[int](t, ctx, "callbacks"); now != callbacks {
		t.Errorf("%d listeners before, %d after 400 renderings", callbacks, now)
	}
	if grown := memory() - heapBefore; grown > 400_000 {
		t.Errorf("400 renderings left %.0f KB", grown/1000)
	}
	press(t, ctx, "back")
	cycle := func() {
		wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
		ask[any](t, ctx, `window.track = document.getElementById("video").srcObject.getTracks()[0]; 0`)
		press(t, ctx, "close")
		view(t, ctx, "closed")
		if state := ask[string](t, ctx, "track.readyState"); state != "ended" {
			t.Fatalf("the camera's track is %s after closing", state)
		}
		if n := ask[int](t, ctx, "workers"); n != 0 {
			t.Fatalf("%d workers after closing", n)
		}
		press(t, ctx, "camera")
	}
	for range 3 {
		cycle()
	}
	wait(t, ctx, `document.documentElement.dataset.camera === "live" && workers === 1`)
	callbacks, heapBefore = ask[int](t, ctx, "callbacks"), memory()
	for range 20 {
		cycle()
	}
	wait(t, ctx, `document.documentElement.dataset.camera === "live" && workers === 1`)
	if now := ask[int](t, ctx, "callbacks"); now > callbacks+2 { // the preview may have two of its own in the air
		t.Errorf("%d listeners before, %d after 20 rounds", callbacks, now)
	}
	if grown := memory() - heapBefore; grown > 1_000_000 {
		t.Errorf("20 rounds left %.0f KB", grown/1000)
	}
}

func itoa(n int) string {
	b, _ := json.Marshal(n) // a number always has a JSON form
	return string(b)
}

// A module that does not come is told, and the next try works: the camera is still there.
func TestTheModuleIsTriedAgain(t *testing.T) {
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	var broken atomic.Bool
	broken.Store(true)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/scanner.") && strings.HasSuffix(r.URL.Path, ".wasm") && broken.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(front.URL)))
	wait(t, ctx, `document.getElementById("boot").classList.contains("failed")`)
	broken.Store(false)
	ask[any](t, ctx, `document.querySelector("#boot button").click()`)
	wait(t, ctx, `document.documentElement.dataset.camera === "live" && document.getElementById("boot").hidden`)
}
