package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
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
	wait(t, ctx, `asked > `+strconv.Itoa(before)+` && document.documentElement.dataset.camera === "live"`)
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

// A worker that ends while it reads, as for want of memory, is followed by another, which reads the picture at hand.
func TestAPictureIsReadHereAtTheSecondTry(t *testing.T) {
	f := newFront(t)
	f.policy.Store("device")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	onNewDocument(t, ctx, `{
		const Start = Worker
		window.deadly = true
		window.Worker = class extends Start {
			postMessage(m, ...more) {
				if (m.kind !== "read" || !deadly) return super.postMessage(m, ...more)
				deadly = false
				setTimeout(() => this.dispatchEvent(new ErrorEvent("error")))
			}
		} }`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	choose(t, ctx, s.photo())
	s.trouble("device")
	s.press("repeat")
	s.wait(resultShown)
	if got := ask[string](t, ctx, number); got != specimenOf(t, "flat16.jpg").Number {
		t.Errorf("another number than the card's is shown (%d digits)", len(got))
	}
}
