package e2e

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// counting has a page count its workers and listeners, before its own scripts.
const counting = `
	window.workers = 0
	const start = Worker
	window.Worker = class extends start { constructor(...a) { super(...a); workers++ } terminate() { workers--; super.terminate() } }
	window.callbacks = 0
	const add = EventTarget.prototype.addEventListener, remove = EventTarget.prototype.removeEventListener
	EventTarget.prototype.addEventListener = function (...a) { callbacks++; return add.apply(this, a) }
	EventTarget.prototype.removeEventListener = function (...a) { callbacks--; return remove.apply(this, a) }`

// running: the camera shows frames, and one worker looks at them.
const running = `document.documentElement.dataset.camera === "live" && workers === 1`

// memory returns the bytes of JavaScript memory in use once all that can be freed is.
func memory(t *testing.T, ctx context.Context) float64 {
	t.Helper()
	return ask[float64](t, ctx, `(async () => { for (let i = 0; i < 3; i++) { gc(); await new Promise(r => setTimeout(r, 60)) } return performance.memory.usedJSHeapSize })()`)
}

// 400 re-renderings and 20 rounds of closing and opening leave nothing behind: callbacks, memory, worker, camera.
func TestNothingIsLeftBehind(t *testing.T) {
	address := newFront(t).address
	ctx := browser(t, camera(t, "nocard.jpg"), chromedp.Flag("js-flags", "--expose-gc"), chromedp.Flag("enable-precise-memory-info", true))
	onNewDocument(t, ctx, counting)
	must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	wait(t, ctx, running)
	press(t, ctx, "type")
	view(t, ctx, "typing")
	wait(t, ctx, `document.getElementById("pan") !== null`) // drawn a frame after the view changes
	leftByRenderings(t, ctx)
	press(t, ctx, "back")
	leftByRounds(t, ctx)
}

// leftByRenderings types, which draws the page anew with each digit.
func leftByRenderings(t *testing.T, ctx context.Context) {
	t.Helper()
	edit := func(n int) {
		ask[any](t, ctx, `(async n => {
			const field = document.getElementById("pan")
			for (let i = 0; i < n; i++) {
				field.value = String(4000 + i)
				field.dispatchEvent(new InputEvent("input", { bubbles: true }))
				await new Promise(requestAnimationFrame)
			}
		})(`+strconv.Itoa(n)+`)`)
	}
	edit(40) // caches fill
	callbacks, before := ask[int](t, ctx, "callbacks"), memory(t, ctx)
	edit(400)
	if now := ask[int](t, ctx, "callbacks"); now != callbacks {
		t.Errorf("%d listeners before, %d after 400 renderings", callbacks, now)
	}
	if grown := memory(t, ctx) - before; grown > 400_000 {
		t.Errorf("400 renderings left %.0f KB", grown/1000)
	}
}

// leftByRounds closes the page and opens it again.
func leftByRounds(t *testing.T, ctx context.Context) {
	t.Helper()
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
	wait(t, ctx, running)
	callbacks, before := ask[int](t, ctx, "callbacks"), memory(t, ctx)
	for range 20 {
		cycle()
	}
	wait(t, ctx, running)
	if now := ask[int](t, ctx, "callbacks"); now > callbacks+2 { // the preview may have two of its own in the air
		t.Errorf("%d listeners before, %d after 20 rounds", callbacks, now)
	}
	if grown := memory(t, ctx) - before; grown > 1_000_000 {
		t.Errorf("20 rounds left %.0f KB", grown/1000)
	}
}
