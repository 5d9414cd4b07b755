package e2e

import (
	"context"
	"strings"
	"testing"

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
