package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Each way in which a camera fails has its own words, and typing is always a way on.
func TestEachCameraFaultHasItsWords(t *testing.T) {
	address := newFront(t).address
	var titles []string
	for _, name := range []string{"NotAllowedError", "NotFoundError", "NotReadableError", "TypeError"} {
		ctx := browser(t, camera(t, "flat16.jpg"))
		cameraFails(t, ctx, name)
		must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
		view(t, ctx, "trouble")
		titles = append(titles, ask[string](t, ctx, `document.getElementById("heading").innerText`))
		press(t, ctx, "type")
		view(t, ctx, "typing")
		wait(t, ctx, `document.activeElement.id === "pan"`) // the field, and not the heading as elsewhere
	}
	// Where pages have no camera, as in many an app's web view, a finger finds the camera app.
	touch := browser(t, camera(t, "flat16.jpg"))
	must(t, chromedp.Do(touch, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch)))
	cameraFails(t, touch, "NotFoundError")
	onNewDocument(t, touch, `HTMLInputElement.prototype.click = function () { window.picked = this.accept + " " + this.getAttribute("capture") }`)
	must(t, chromedp.Do(touch, chromedp.Navigate(address)))
	view(t, touch, "trouble")
	for do, want := range map[string]string{"snap": "image/*,.heic,.heif environment", "photo": "image/*,.heic,.heif null"} {
		press(t, touch, do)
		if got := ask[string](t, touch, "picked"); got != want {
			t.Errorf("%s asks for %q", do, got)
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

// scanning: the camera runs, and its controls are drawn, which comes a frame after the view has changed.
const scanning = `document.documentElement.dataset.camera === "live" && document.querySelector(".controls:not([hidden]) .shutter:enabled") !== null`

// focusedOn names what has the keyboard, "" where nothing shows that it does.
const focusedOn = `(e => { const name = e.dataset.do ?? e.dataset.group ?? e.id; return getComputedStyle(e).outlineStyle === "none" && e.id !== "heading" ? "" : name })(document.activeElement)`

// tabTo presses Tab until what is named has the keyboard, and returns all that had it on the way.
func tabTo(t *testing.T, ctx context.Context, name string) (way []string) {
	t.Helper()
	for range 20 {
		must(t, chromedp.Do(ctx, chromedp.KeyEvent("\t")))
		at := ask[string](t, ctx, focusedOn)
		if at == "" {
			t.Errorf("on the way to %s, after %v, it does not show where the keyboard is: %s", name, way, ask[string](t, ctx, `document.activeElement.outerHTML.slice(0, 120) + getComputedStyle(document.activeElement).outline`))
		}
		if way = append(way, at); at == name {
			return way
		}
	}
	t.Fatalf("Tab does not lead to %s: %v", name, way)
	return nil
}

// The keyboard alone takes a person all the way: past every control of the camera, to a number that is read, corrected
// and handed over, and to one that is typed; Escape leads back. It always shows where it is.
func TestKeyboardAlone(t *testing.T) {
	f := newFront(t)
	f.answer.Store(noLuhn)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	wait(t, ctx, scanning)
	if way := strings.Join(tabTo(t, ctx, "type"), " "); way != "close photo shutter type" {
		t.Errorf("Tab leads over %s", way)
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\x1b"))) // nothing to step back from
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "typing")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\x1b")))
	view(t, ctx, "scan")
	wait(t, ctx, scanning)

	tabTo(t, ctx, "shutter")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(" ")))
	wait(t, ctx, resultShown+` && document.activeElement.id === "heading"`)
	if way := strings.Join(tabTo(t, ctx, "3"), " "); way != "0 1 2 3" {
		t.Errorf("Tab leads over %s", way)
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.End+kb.Backspace+"7"))) // the check digit, put right
	wait(t, ctx, `document.querySelector(".advice.fine") !== null`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Home+kb.ArrowLeft)))
	if at := ask[string](t, ctx, focusedOn); at != "2" {
		t.Errorf("the arrow key leads from group 3 to %q", at)
	}
	tabTo(t, ctx, "use")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "done")
	wait(t, ctx, `document.querySelector(".masked")?.textContent === "4000 12•• •••• 9017"`)

	tabTo(t, ctx, "again")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "scan")
	wait(t, ctx, scanning)
	tabTo(t, ctx, "type")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("4111111111111111")))
	if got := ask[string](t, ctx, `document.getElementById("pan").value`); got != "4111 1111 1111 1111" {
		t.Error("the digits are not grouped as they are typed")
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "done")
	wait(t, ctx, `document.querySelector(".masked")?.textContent === "4111 11•• •••• 1111"`)
}

// Digits that an input method composes, full-width ones here, are taken in once, when it is done.
func TestComposedDigits(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address)))
	press(t, ctx, "type")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	for _, text := range []string{"４", "４１", "４１１", "４１１１", "４１１１１"} {
		_, err := chromedp.Call(ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: 5, SelectionEnd: 5})
		must(t, err)
	}
	_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: "４１１１１"})
	must(t, err)
	wait(t, ctx, `document.getElementById("pan").value === "4111 1"`)
}

// There is one stream at a time, released before the next is asked for (qr-scanner#125); a camera that another page is
// about to let go of is asked for again (ZXingBlazor#42); and it plays in its place, muted (mobile_scanner#1785).
func TestOneStreamAtATime(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`
		const real = devices.getUserMedia, streams = []
		window.asked = 0, window.together = 0
		devices.getUserMedia = async wanted => {
			if (asked++ === 0) throw new DOMException("", "NotReadableError")
			if (streams.some(s => s.getTracks().some(t => t.readyState === "live"))) together++
			const s = await real(wanted)
			streams.push(s)
			return s
		}`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address+"/?torch")))
	wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
	before := ask[int](t, ctx, "asked")
	press(t, ctx, "lens")
	wait(t, ctx, `asked > `+itoa(before)+` && document.documentElement.dataset.camera === "live"`)
	if n := ask[int](t, ctx, "together"); before < 2 || n != 0 {
		t.Errorf("asked %d times before the lens changed; %d times while a camera was on", before, n)
	}
	if ok := ask[bool](t, ctx, `(v => v.playsInline && v.muted && v.autoplay)(document.getElementById("video"))`); !ok {
		t.Error("the video does not play in its place")
	}
}

// On a phone held across, the controls change to the other hand's side at a button's press, and are there at the next
// visit; where lines run from right to left, sides are mirrored.
func TestTheControlsSuitEitherHand(t *testing.T) {
	address := newFront(t).address
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(844, 390)))
	side := func() string {
		return ask[string](t, ctx, `(r => r.right < innerWidth / 2 ? "left" : r.left > innerWidth / 2 ? "right" : "both")(document.querySelector(".controls").getBoundingClientRect())`)
	}
	for _, c := range []struct{ lang, before, after string }{{"en", "right", "left"}, {"ar", "right", "left"}} {
		must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/?lang="+c.lang)))
		wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
		if got := side(); got != c.before {
			t.Errorf("%s: the controls begin at the %s", c.lang, got)
		}
		press(t, ctx, "hand")
		if got := side(); got != c.after {
			t.Errorf("%s: the controls change to the %s", c.lang, got)
		}
	}
}

// Who asked for less motion gets none that repeats, and no tap from the phone; who did not, gets both.
func TestLessMotion(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `window.taps = 0; navigator.vibrate = () => { taps++; return true }`)
	for _, wanted := range []string{"no-preference", "reduce"} {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: wanted}},
		})
		must(t, err)
		must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
		wait(t, ctx, `document.documentElement.dataset.camera === "live"`)
		press(t, ctx, "shutter")
		wait(t, ctx, `document.querySelector(".waiting") !== null && document.querySelector(".picture") !== null`)
		moves := ask[bool](t, ctx, `document.getAnimations().some(a => a.playState === "running" && a.effect.getComputedTiming().endTime === Infinity)`)
		taps := ask[int](t, ctx, "taps")
		if still := wanted == "reduce"; moves == still || (taps == 0) != still {
			t.Errorf("%s: moving %v, %d taps", wanted, moves, taps)
		}
	}
}

// 400 re-renderings and 20 rounds of closing and opening leave nothing behind: callbacks, memory, worker, camera.
func TestNothingIsLeftBehind(t *testing.T) {
	address := newFront(t).address
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
