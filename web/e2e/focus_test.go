package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// shopFrame is the document of the scanner in the demonstration shop, which is of the same origin.
const shopFrame = `document.querySelector("bank-card-scanner").shadowRoot.querySelector("iframe")?.contentDocument`

// openWith visits the demonstration shop and has it show the scanner: open it, or put it into the page.
func openWith(t *testing.T, ctx context.Context, address, how string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/checkout.html")))
	wait(t, ctx, `document.querySelector("bank-card-scanner")?.shadowRoot !== undefined`)
	ask[any](t, ctx, `document.querySelector("bank-card-scanner").`+how+`;0`)
}

// inFocus has a tab, or a frame that has a process of its own, behave as in a window that a person looks at.
func inFocus(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	must(t, err)
}

// Escape ends a dialog whose scanner has no camera: there is nothing to step back to, and it would only be asked for anew.
func TestEscapeLeavesWhereThereIsNoCamera(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	inFocus(t, ctx)
	cameraFails(t, ctx, "NotAllowedError")
	openWith(t, ctx, newFront(t).address, "open()")
	wait(t, ctx, shopFrame+`?.documentElement?.dataset.view === "trouble"`)
	wait(t, ctx, shopFrame+`.activeElement.id === "heading"`) // whichever came first, the trouble or the dialog's focus
	ask[any](t, ctx, `void `+shopFrame+`.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`)
	wait(t, ctx, `!document.querySelector("bank-card-scanner").isOpen`)
}

// A lens that changes leaves the keyboard on its button; a scanner in the page takes it from nobody who fills in the page,
// and leaves it, when it ends, on the element's own button.
func TestNoFocusIsLost(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	inFocus(t, ctx)
	address := newFront(t).address
	onNewDocument(t, ctx, played+`
		window.asked = 0
		const again = devices.getUserMedia
		devices.getUserMedia = wanted => { asked++; return again(wanted) }`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/?torch")))
	wait(t, ctx, scanning+` && document.querySelector('[data-do="lens"]') !== null`)
	tabTo(t, ctx, "lens")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	wait(t, ctx, "asked > 1 && "+scanning)
	if at := ask[string](t, ctx, focusedOn); at != "lens" {
		t.Errorf("once the lens has changed, the keyboard is on %q", at)
	}

	openWith(t, ctx, address, `addEventListener("bankcard-ready", () => { window.ready = true })`)
	ask[any](t, ctx, `void (document.forms[0].elements.expiry.focus(), document.querySelector("bank-card-scanner").setAttribute("mode", "inline"))`)
	wait(t, ctx, `window.ready && `+shopFrame+`?.documentElement?.dataset.camera === "live"`)
	if at := ask[string](t, ctx, `document.activeElement.name ?? document.activeElement.localName`); at != "expiry" {
		t.Errorf("whoever fills in the page finds the keyboard on %s once the scanner in it is ready", at)
	}
	ask[any](t, ctx, `void (`+shopFrame+`.querySelector("[data-do=close]").focus(), `+shopFrame+`.querySelector("[data-do=close]").click())`)
	wait(t, ctx, `!document.querySelector("bank-card-scanner").isOpen`)
	if at := ask[string](t, ctx, `document.querySelector("bank-card-scanner").shadowRoot.activeElement?.className ?? "nothing"`); at != "scan" {
		t.Errorf("once the scanner has ended, the keyboard is on %s", at)
	}
}

// A scanner in the page that has something to tell leaves the keyboard with whoever fills in the page, and tells it to a
// screen reader all the same. Who comes to it later finds the keyboard at its heading, or where Tab or a finger put it.
func TestTroubleLeavesTheShopsFormItsFocus(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	inFocus(t, ctx)
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	inFocus(t, frame)
	french := textsOf(t, "fr")
	for _, c := range []struct {
		name, find string
		come       func()
	}{
		{"the shop's script", `document.activeElement.id === "heading"`, func() {
			ask[any](t, ctx, `void document.getElementById("two").shadowRoot.querySelector("iframe").focus()`)
		}},
		{"Tab", `document.activeElement.dataset.do !== undefined`, func() { must(t, chromedp.Do(ctx, chromedp.KeyEvent("\t"))) }},
		{"a finger", `document.activeElement.id === "pan"`, func() {
			at := ask[[2]float64](t, ctx, `(r => [r.x, r.y])(document.getElementById("two").shadowRoot.querySelector("iframe").getBoundingClientRect())`)
			on := ask[[2]float64](t, frame, `(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector(".sheet [data-do=type]").getBoundingClientRect())`)
			must(t, chromedp.Do(ctx, chromedp.MouseClickXY(at[0]+on[0], at[1]+on[1])))
		}},
		{"a click that brings no focus", `document.activeElement.id === "pan"`, func() { press(t, frame, "type") }},
	} {
		wait(t, frame, scanning)
		ask[any](t, ctx, `void document.getElementById("first").focus()`)
		ask[any](t, frame, `void `+unplug)
		wait(t, frame, `document.querySelector(".spoken[role=status]").textContent === `+quoted(french["trouble.lost.title"]+". "+french["trouble.lost.text"]))
		ask[any](t, frame, `new Promise(r => setTimeout(r, 500)).then(() => 0)`) // the focus would come a frame later, and a finger means a view from 400 ms on
		if at := ask[string](t, ctx, `document.activeElement.id`); at != "first" {
			t.Fatalf("whoever fills in the page finds the keyboard on %q once the camera is lost", at)
		}
		c.come()
		wait(t, frame, c.find)
		ask[any](t, frame, `new Promise(r => setTimeout(r, 300)).then(() => 0)`)
		if !ask[bool](t, frame, c.find) {
			t.Errorf("%s: in the scanner, the keyboard is on %s", c.name, ask[string](t, frame, `document.activeElement.outerHTML.slice(0, 120)`))
		}
		if ask[string](t, frame, `document.documentElement.dataset.view`) == "typing" {
			press(t, frame, "back")
		}
		press(t, frame, "camera")
	}
}

// A number that is read meanwhile is asked about, too, and not only judged.
func TestANumberLeavesTheShopsFormItsFocus(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "flat16.jpg"))
	inFocus(t, ctx)
	visit(t, ctx, strictPage(t, scanner))
	ask[any](t, ctx, `void document.getElementById("first").focus()`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	wait(t, frame, resultShown)
	wait(t, frame, `document.querySelector(".spoken[role=status]").textContent.startsWith(`+quoted(textsOf(t, "fr")["result.title"]+" ")+`)`)
	if at := ask[string](t, ctx, `document.activeElement.id`); at != "first" {
		t.Errorf("whoever fills in the page finds the keyboard on %q once a number is read", at)
	}
}

// One that does not even start leaves it there, too.
func TestALostStartLeavesTheShopsFormItsFocus(t *testing.T) {
	f := newFront(t)
	f.files.Store(map[string]fate{"fr": lost, "en": lost})
	scanner := strings.Replace(f.address, "127.0.0.1", "localhost", 1)
	ctx := browser(t, camera(t, "nocard.jpg"))
	inFocus(t, ctx)
	visit(t, ctx, strictPage(t, scanner))
	ask[any](t, ctx, `void (window.two = document.getElementById("two"), two.remove(), document.getElementById("first").focus())`)
	scannerFrames(t, ctx, scanner, 0, nil)
	ask[any](t, ctx, `void document.getElementById("elsewhere").append(two)`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	wait(t, frame, `document.querySelector("#boot.failed[role=status] button:not([hidden])") !== null`)
	if at := ask[string](t, ctx, `document.activeElement.id`); at != "first" {
		t.Errorf("whoever fills in the page finds the keyboard on %q", at)
	}
}

// The dialog takes the focus, keeps it, and gives it back; Escape ends it, in the frame too.
func TestTheDialogKeepsTheFocus(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	ask[any](t, ctx, `void (document.getElementById("two").remove(), document.getElementById("one").focus())`)
	const inner = `document.getElementById("one").shadowRoot.activeElement?.localName ?? ""`
	if got := ask[string](t, ctx, inner); got != "button" {
		t.Fatalf("the focus is on %q, not on the button", got)
	}
	key := func(name string) { t.Helper(); must(t, chromedp.Do(ctx, chromedp.KeyEvent(name))) }
	key("\r")
	wait(t, ctx, `heard.includes("one ready ")`)
	if got := ask[string](t, ctx, inner); got != "iframe" {
		t.Errorf("the focus is on %q, not in the frame", got)
	}
	for i := range 12 {
		key("\t")
		if got := ask[string](t, ctx, `document.activeElement?.id ?? ""`); got != "one" && got != "" {
			t.Fatalf("after %d times Tab, the focus is on %q behind the dialog", i+1, got)
		}
	}
	if ask[bool](t, ctx, `(document.getElementById("first").focus(), document.activeElement.id === "first")`) {
		t.Error("what is behind the dialog can be focused")
	}
	title := ask[string](t, ctx, `(d => d.getAttribute("aria-label") + "|" + d.matches(":modal") + "|" + d.querySelector("iframe").title)(document.getElementById("one").shadowRoot.querySelector("dialog"))`)
	if title != "Card scanner|true|Card scanner" {
		t.Errorf("the dialog is called %q", title)
	}
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	ask[any](t, frame, `void document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`)
	wait(t, ctx, `heard.includes("one cancel ")`)
	if got := ask[string](t, ctx, inner); got != "button" {
		t.Errorf("the focus came back to %q, not to the button", got)
	}
}

// A page without https has no navigator.clipboard, and apps' web views refuse it, but the number can be copied there, too.
func TestCopyingWithoutAClipboard(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"), chromedp.Flag("host-resolver-rules", "MAP insecure.test 127.0.0.1"))
	onNewDocument(t, ctx, `addEventListener("copy", e => { window.copied = e.clipboardData.getData("text/plain") })
		if (window.Clipboard) Clipboard.prototype.writeText = async () => { throw new DOMException("Write permission denied.", "NotAllowedError") }`)
	address := newFront(t).address
	for _, at := range []string{strings.Replace(address, "127.0.0.1", "insecure.test", 1), address} {
		must(t, chromedp.Do(ctx, chromedp.Navigate(at)))
		press(t, ctx, "type")
		view(t, ctx, "typing")
		wait(t, ctx, `document.activeElement.id === "pan"`)
		must(t, chromedp.Do(ctx, chromedp.KeyEvent("4111111111111111\r")))
		view(t, ctx, "done")
		tabTo(t, ctx, "copy")
		must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
		wait(t, ctx, `document.querySelector("[data-do=copy]").textContent === "Copied"`)
		if !ask[bool](t, ctx, `copied === "4111111111111111"`) {
			t.Errorf("%s: what was copied is not the number", at)
		}
	}
}
