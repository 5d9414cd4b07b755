package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// twice taps a button's middle as a finger does, and once more as soon as the next view has a button there. It gives which, and
// "late" where the machine was so slow that a person could have meant it.
const twice = `window.twice = (what, next) => new Promise(done => {
	const on = Array.from(document.querySelectorAll('[data-do="' + what + '"]')).find(b => b.offsetParent !== null && !b.disabled).getBoundingClientRect()
	const there = () => document.elementFromPoint(on.x + on.width / 2, on.y + on.height / 2)
	const tap = () => there().dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }))
	let drawn
	const again = now => {
		const hit = there().closest("[data-do]")?.dataset.do
		if (drawn && now - drawn > 300) done("late")
		else if (drawn && hit && hit !== what) { tap(); done(hit) }
		else requestAnimationFrame(again)
		if (document.documentElement.dataset.view === next) drawn ??= now
	}
	tap()
	requestAnimationFrame(again)
})`

// A finger that taps twice, or just when the page has taken the picture by itself, means what it saw: it doesn't give the
// picture up by the button that has come to lie there, nor take one, nor put the number on the clipboard.
func TestASecondTapIsNoOtherWish(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	theme(t, ctx, "light") // and nothing moves
	onNewDocument(t, ctx, twice)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	const drawn = 600 * time.Millisecond // until a view's buttons count, and until a wish that was heard is seen
	tap := func(what, next, hit string) {
		t.Helper()
		time.Sleep(drawn)
		switch got := ask[string](t, ctx, `twice("`+what+`", "`+next+`")`); {
		case got == "late":
			t.Skip("the machine is too slow for a second tap")
		case got != hit:
			t.Fatalf("the second tap on %s hits %s", what, got)
		}
		time.Sleep(drawn)
		if view := ask[string](t, ctx, `document.documentElement.dataset.view`); view != next {
			t.Fatalf("the second tap on %s leads to %s", what, view)
		}
	}
	tap("shutter", "reading", "cancel")
	tap("cancel", "scan", "shutter")
	s.wait(scanning)
	s.take(aNumber)
	s.wait(resultShown)
	ask[any](t, ctx, `window.copied = false; addEventListener("copy", () => { copied = true }); navigator.clipboard.writeText = () => { copied = true; return Promise.resolve() }; 0`)
	tap("use", "done", "copy")
	if ask[bool](t, ctx, "copied") {
		t.Error("the number is on the clipboard, and nobody wished it there")
	}
}

// Nor does a finger mean another number, which the server's word has put under it.
func TestATapIsOvertakenByTheServer(t *testing.T) {
	f := newFront(t)
	f.policy.Store("both")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	onNewDocument(t, ctx, `{ const send = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function (form) { window.release = () => send.call(this, form) } }
		window.use = () => document.querySelector('[data-do="use"]').dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }))
		window.shown = () => `+number)
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	s.take(aNumber)
	s.wait(resultShown + ` && window.release`)
	s.pause(600) // until its buttons count
	ask[any](t, ctx, `new Promise(done => { const was = shown(), look = () => shown() === was ? requestAnimationFrame(look) : done((use(), document.querySelector('[data-do="use"]').click())); look(); release() })`)
	s.pause(600)
	s.view("result")
	s.js(`use()`)
	s.view("done")
}

// finger taps there, on the screen.
func finger(t *testing.T, ctx context.Context, x, y float64) {
	t.Helper()
	for _, p := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}},
		{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		_, err := chromedp.Call(ctx, input.DispatchTouchEvent, p)
		must(t, err)
	}
}

// Two taps on what ends the scanner, the number's button or the cross, are one wish: the second doesn't press what lies beneath
// in the shop's page, as the button that pays. A later one does.
func TestASecondTapStaysOffTheShop(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch)))
	visit(t, ctx, shopPage(t, scanner, `<meta name="viewport" content="width=device-width">
		<style>.pay { position: fixed; inset: 0; width: 100%; height: 100% }</style><button class="pay">Pay</button><bank-card-scanner></bank-card-scanner><script>
		const scanner = document.querySelector("bank-card-scanner")
		let ended = 0
		for (const name of ["scan", "cancel"]) scanner.addEventListener("bankcard-" + name, () => { ended = performance.now() })
		document.querySelector(".pay").onclick = () => heard.push(performance.now() < ended + 300 ? "paid at once" : "paid")
	</script>`))
	wait(t, ctx, `scanner.shadowRoot`)
	for do, want := range map[string]string{"use": "ready,scan,paid", "close": "ready,cancel,paid"} {
		ask[any](t, ctx, `void (heard = [], scanner.open())`)
		frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
		press(t, frame, "type")
		wait(t, frame, `document.getElementById("pan") !== null`)
		must(t, chromedp.Do(frame, chromedp.SendKeys("#pan", "4111111111111111")))
		ask[any](t, frame, `new Promise(r => setTimeout(r, 600))`) // until its buttons count
		at := ask[[]float64](t, frame, `(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('[data-do="`+do+`"]').getBoundingClientRect())`)
		for range 40 {
			finger(t, ctx, at[0], at[1])
			if ask[bool](t, ctx, `new Promise(r => setTimeout(r, 50)).then(() => heard.length > 2)`) {
				break
			}
		}
		if got := ask[string](t, ctx, `heard.join()`); got != want {
			t.Errorf("taps on %s: the shop hears %s, want %s", do, got, want)
		}
		scannerFrames(t, ctx, scanner, 0, nil)
	}
}
