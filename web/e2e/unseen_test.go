package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"
)

// A dialog in a part of the page that is hidden meanwhile, or was before, is not seen: it ends, and the page can be used.
func TestAHiddenDialogEnds(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<div><bank-card-scanner></bank-card-scanner></div><script>const scanner = document.querySelector("bank-card-scanner")</script>`))
	wait(t, ctx, `scanner.shadowRoot`)
	const ended = `heard.at(-1) === "cancel" && !scanner.isOpen && scanner.shadowRoot.querySelector("dialog[open], iframe") === null`
	ask[any](t, ctx, `void scanner.open()`)
	wait(t, ctx, `heard.includes("ready")`)
	ask[any](t, ctx, `void (scanner.parentElement.style.display = "none")`)
	wait(t, ctx, ended)
	ask[any](t, ctx, `void (heard = [], scanner.open())`)
	wait(t, ctx, ended)
	ask[any](t, ctx, `void (scanner.parentElement.style.display = "", scanner.open())`)
	wait(t, ctx, `heard.at(-1) === "ready" && scanner.isOpen`)
}

// A scanner in a part of the page that is hidden has no camera, and opens when that is shown, in each way of hiding; not after
// a scan.
func TestAHiddenScannerRests(t *testing.T) {
	t.Parallel() // it mostly waits
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<details><summary>Card</summary><p style="display: none"><bank-card-scanner mode="inline"></bank-card-scanner></p></details><script>
		const scanner = document.querySelector("bank-card-scanner"), open = on => { document.querySelector("details").open = on }, display = to => { document.querySelector("p").style.display = to }
	</script>`))
	wait(t, ctx, `scanner.shadowRoot`)
	const ended, began = `!scanner.isOpen && scanner.shadowRoot.querySelector("iframe") === null`, `heard.at(-1) === "ready" && scanner.isOpen`
	for _, way := range [][2]string{{`open(true), display("")`, `display("none")`}, {`display("")`, `open(false)`}, {`open(true)`, ``}} {
		ask[any](t, ctx, `new Promise(r => setTimeout(r, 500))`) // it would have begun by now
		if !ask[bool](t, ctx, ended+` && heard.length === 0`) {
			t.Fatalf("before %s it is open, or says %s", way[0], ask[string](t, ctx, `heard.join()`))
		}
		ask[any](t, ctx, `void (`+way[0]+`)`)
		wait(t, ctx, began)
		if way[1] != "" {
			ask[any](t, ctx, `void (heard = [], `+way[1]+`)`)
			wait(t, ctx, ended)
		}
	}
	typed(t, ctx, scanner)
	ask[any](t, ctx, `void (heard = [], display("none"))`)
	ask[any](t, ctx, `new Promise(r => setTimeout(r, 300)).then(() => display("")).then(() => new Promise(r => setTimeout(r, 500)))`)
	if !ask[bool](t, ctx, ended) {
		t.Error("after a scan it opened again by itself")
	}
	// What can't be opened is told once, and not each time that it is shown.
	ask[any](t, ctx, `void (display("none"), scanner.src = "https://", scanner.mode = null, scanner.mode = "inline", heard = [])`)
	for range 2 {
		ask[any](t, ctx, `display("none"), new Promise(r => setTimeout(r, 300)).then(() => display("")).then(() => new Promise(r => setTimeout(r, 500)))`)
	}
	if got := ask[string](t, ctx, `heard.join()`); got != "error" {
		t.Errorf("of an address that is none it tells %s", got)
	}
}

// A page that a browser renders before anybody goes there has no scanner yet, and gets it when somebody does; it was told that
// the scanner does not answer. Chromium renders none ahead that DevTools look at: the page itself tells.
func TestAPageThatIsRenderedAhead(t *testing.T) {
	need(t, "chromium")
	scanner, _ := serveScanner(t)
	said, turn := make(chan string, 9), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">`)
		switch r.URL.Path {
		case "/":
			io.WriteString(w, `<script type="speculationrules">{"prerender":[{"source":"list","urls":["/next"]}]}</script><a href="/next">Pay</a>`+
				`<script>fetch("/turn").then(() => document.querySelector("a").click())</script>`)
		case "/next":
			io.WriteString(w, `<script>
				const say = what => fetch("/said?" + what)
				addEventListener("bankcard-ready", () => say("ready"))
				addEventListener("bankcard-error", e => say(e.detail.code))
				customElements.whenDefined("bank-card-scanner").then(() => setTimeout(() => {
					say((document.prerendering ? "ahead" : "late") + (document.querySelector("bank-card-scanner").isOpen ? ", open" : ""))
				}, 500))
				</script><script type="module" src="`+scanner+`/scanner.js"></script><bank-card-scanner mode="inline"></bank-card-scanner>`)
		case "/turn":
			select {
			case <-turn:
			case <-r.Context().Done():
			}
		case "/said":
			said <- r.URL.RawQuery
		}
	}))
	t.Cleanup(s.Close)
	chromium := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--disable-sync",
		"--disable-dev-shm-usage", "--disable-component-update", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
		"--user-data-dir="+t.TempDir(), s.URL)
	must(t, chromium.Start())
	t.Cleanup(func() { _ = chromium.Process.Signal(os.Interrupt); _ = chromium.Wait() })
	for _, want := range []string{"ahead", "ready"} {
		select {
		case got := <-said:
			if got != want {
				t.Fatalf("the page says %q, want %q", got, want)
			}
			if want == "ahead" {
				close(turn)
			}
		case <-time.After(40 * time.Second):
			t.Fatalf("the page never says %q", want)
		}
	}
}
