package e2e

import (
	"context"
	"strings"
	"testing"

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

// Escape ends a dialog whose scanner has no camera: there is nothing to step back to, and it would only be asked for anew.
func TestEscapeLeavesWhereThereIsNoCamera(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotAllowedError")
	openWith(t, ctx, newFront(t).address, "open()")
	wait(t, ctx, shopFrame+`?.documentElement?.dataset.view === "trouble"`)
	ask[any](t, ctx, `void `+shopFrame+`.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`)
	wait(t, ctx, `!document.querySelector("bank-card-scanner").isOpen`)
}

// A lens that changes leaves the keyboard on its button; a scanner in the page takes it from nobody who fills in the page,
// and leaves it, when it ends, on the element's own button.
func TestNoFocusIsLost(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
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
	ask[any](t, ctx, `void (document.forms[0].elements.name.focus(), document.querySelector("bank-card-scanner").setAttribute("mode", "inline"))`)
	wait(t, ctx, `window.ready && `+shopFrame+`?.documentElement?.dataset.camera === "live"`)
	if at := ask[string](t, ctx, `document.activeElement.name ?? document.activeElement.localName`); at != "name" {
		t.Errorf("whoever fills in the page finds the keyboard on %s once the scanner in it is ready", at)
	}
	ask[any](t, ctx, `void (`+shopFrame+`.querySelector("[data-do=close]").focus(), `+shopFrame+`.querySelector("[data-do=close]").click())`)
	wait(t, ctx, `!document.querySelector("bank-card-scanner").isOpen`)
	if at := ask[string](t, ctx, `document.querySelector("bank-card-scanner").shadowRoot.activeElement?.className ?? "nothing"`); at != "scan" {
		t.Errorf("once the scanner has ended, the keyboard is on %s", at)
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

// A page without https has no navigator.clipboard, but the number can be copied there, too.
func TestCopyingWithoutHTTPS(t *testing.T) {
	ctx := browser(t, camera(t, "flat16.jpg"), chromedp.Flag("host-resolver-rules", "MAP insecure.test 127.0.0.1"))
	onNewDocument(t, ctx, `addEventListener("copy", e => { window.copied = e.clipboardData.getData("text/plain") })`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(strings.Replace(newFront(t).address, "127.0.0.1", "insecure.test", 1))))
	view(t, ctx, "trouble")
	press(t, ctx, "type")
	view(t, ctx, "typing")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("4111111111111111\r")))
	view(t, ctx, "done")
	tabTo(t, ctx, "copy")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	wait(t, ctx, `document.querySelector("[data-do=copy]").textContent === "Copied"`)
	if !ask[bool](t, ctx, `copied === "4111111111111111"`) {
		t.Error("what was copied is not the number")
	}
}
