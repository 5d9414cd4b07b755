package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// strictPage serves a page with two scanners, one in a dialog and one inline, under a policy as strict as there is: scripts
// by nonce, no styles, no text made into HTML. The page notes what breaks its policy, and what its scanners say.
func strictPage(t *testing.T, scanner string) (address string) {
	t.Helper()
	page := `<!doctype html><html lang="en"><meta charset="utf-8"><title>Strict</title><link rel="icon" href="data:,">
		<script nonce="n0nce">
			var heard = [], broken = []
			addEventListener("securitypolicyviolation", e => broken.push(e.violatedDirective + " " + e.blockedURI))
			for (const name of ["ready", "scan", "cancel", "error"]) addEventListener("bankcard-" + name, e => heard.push(e.target.id + " " + name + " " + (e.detail.code ?? e.detail.masked ?? "")))
			addEventListener("bankcard-error", e => { window.reason = e.detail.message })
		</script>
		<script nonce="n0nce" type="module" src="` + scanner + `/scanner.js"></script>
		<form><bank-card-scanner id="one" fill></bank-card-scanner><input id="first" autocomplete="cc-number"></form>
		<form><bank-card-scanner id="two" fill="#second" mode="inline" lang="fr" theme="dark"></bank-card-scanner><input id="second"></form>
		<div id="elsewhere"></div>`
	policy := "default-src 'none'; script-src 'nonce-n0nce' 'strict-dynamic'; img-src data:; frame-src " + scanner + "; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		io.WriteString(w, page)
	}))
	t.Cleanup(s.Close)
	return s.URL // on 127.0.0.1, and thus another site than the scanner's on localhost
}

// scannerFrames waits until there are n frames of the scanner, and returns a context inside each that is not known yet.
func scannerFrames(t *testing.T, ctx context.Context, scanner string, n int, known map[target.ID]context.Context) (fresh []context.Context) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		targets, err := chromedp.Targets(ctx)
		must(t, err)
		targets = slices.DeleteFunc(targets, func(i *target.Info) bool { return i.Type != "iframe" || !strings.HasPrefix(i.URL, scanner) })
		if len(targets) != n {
			continue
		}
		for _, i := range targets {
			if known[i.TargetID] == nil {
				inner, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(i.TargetID))
				t.Cleanup(stop)
				known[i.TargetID] = inner
				fresh = append(fresh, inner)
			}
		}
		return fresh
	}
	t.Fatalf("there never were %d frames", n)
	return nil
}

// alone takes the page's second scanner away, and returns when its frame is gone, too: it isn't taken for the first one's.
func alone(t *testing.T, ctx context.Context, scanner string) {
	t.Helper()
	ask[any](t, ctx, `void (document.getElementById("two").remove(), window.one = document.getElementById("one"))`)
	scannerFrames(t, ctx, scanner, 0, nil)
}

// Two scanners on one strict page: each speaks for itself, fills its own field, and survives being moved; one that is
// taken away in the middle of a scan leaves nothing behind.
func TestSeveralScannersOnAStrictPage(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "flat16.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	said := func(what string) { t.Helper(); wait(t, ctx, fmt.Sprintf(`heard.includes(%q)`, what)) }
	known := map[target.ID]context.Context{}

	said("two ready ") // inline, it opens by itself
	inline := scannerFrames(t, ctx, scanner, 1, known)[0]
	if !ask[bool](t, inline, `document.documentElement.lang === "fr" && document.documentElement.dataset.theme === "dark"`) {
		t.Error("the frame has another language or theme than its element")
	}
	ask[any](t, ctx, `void document.getElementById("one").open()`)
	said("one ready ")
	dialog := scannerFrames(t, ctx, scanner, 2, known)[0]
	if lang := ask[string](t, dialog, `document.documentElement.lang`); lang != "en" {
		t.Errorf("the first frame's language is %q", lang)
	}

	want := specimenOf(t, "flat16.jpg").Number
	masked := want[:6] + "••••••" + want[12:]
	read(t, dialog)
	ask[any](t, dialog, `void document.querySelector("[data-do=use]").click()`)
	said("one scan " + masked)
	if got := ask[string](t, ctx, `document.getElementById("first").value + "|" + document.getElementById("second").value`); got != want+"|" {
		t.Error("the first scanner filled another field than its own")
	}

	ask[any](t, ctx, `void (heard = [], document.getElementById("elsewhere").append(document.getElementById("two")))`)
	said("two ready ") // anew, in its new place
	clear(known)
	inline = scannerFrames(t, ctx, scanner, 1, known)[0]
	read(t, inline)
	ask[any](t, inline, `void document.querySelector("[data-do=use]").click()`)
	said("two scan " + masked)
	if !ask[bool](t, ctx, `document.getElementById("second").value === document.getElementById("first").value && !document.getElementById("two").isOpen`) {
		t.Error("the second scanner did not fill its field, or is still open")
	}

	// Removed while it scans, and removed before its session is there.
	ask[any](t, ctx, `void (heard = [], document.getElementById("one").open())`)
	said("one ready ")
	ask[any](t, ctx, `void (window.one = document.getElementById("one"), one.remove(), document.getElementById("two").session = () => new Promise(later => window.later = later), document.getElementById("two").open())`)
	wait(t, ctx, `window.later`)
	ask[any](t, ctx, `void (document.getElementById("two").remove(), later("a.b.c"))`)
	clear(known)
	scannerFrames(t, ctx, scanner, 0, known)
	time.Sleep(500 * time.Millisecond) // whatever else is said has been said by now
	if got := ask[string](t, ctx, `JSON.stringify([heard, one.isOpen, one.shadowRoot.querySelectorAll("iframe").length])`); got != `[["one ready "],false,0]` {
		t.Errorf("removed scanners say %s", got)
	}
	ask[any](t, ctx, `void (heard = [], document.forms[0].prepend(one), one.open())`)
	said("one ready ") // and back again
	if broken := ask[string](t, ctx, `broken.join(", ")`); broken != "" {
		t.Errorf("the page's policy was broken: %s", broken)
	}
}

// What an element is told wrongly ends in an error that says so, and the page can do without it.
func TestTheElementsErrors(t *testing.T) {
	t.Parallel() // it mostly waits
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	alone(t, ctx, scanner)
	for _, c := range []struct{ name, set, want, why string }{
		{"no answer", `one.setAttribute("src", "http://localhost:1/")`, "unreachable", ""},
		{"an address that is none", `one.setAttribute("src", "https://")`, "unreachable", ""},
		{"a session that can't be had", `one.removeAttribute("src"), one.session = () => Promise.reject(new Error("closed today"))`, "session", "closed today"},
		{"a session that fails without a reason", `one.session = () => Promise.reject()`, "session", ""},
		{"a session that is still in its answer", `one.session = async () => ({ session: "x.y.z" })`, "session", "object"},
		{"an answer that lacks it", `one.session = async () => ({ error: "no" }).session`, "session", "undefined"},
		{"an answer for a session", `one.session = async () => new Response()`, "session", "object"},
		{"a session for another origin", `one.session = "x." + btoa(JSON.stringify({ origin: "https://shop.example" })) + ".z"`, "origin", "another origin"},
		{"a session that is none", `one.session = async () => "Bad Gateway"`, "session", "no token"},
		{"masked, without a key", `one.session = "x." + btoa(JSON.stringify({ origin: location.origin })) + ".z", one.setAttribute("mask", "")`, "mask", ""},
		{"masked, with a key that is none", `one.session = "x." + btoa(JSON.stringify({ origin: location.origin, mask: true, key: { kty: "EC" }, read: "device" })) + ".z"`, "seal", ""},
	} {
		ask[any](t, ctx, `void (heard = [], window.one = document.getElementById("one"), `+c.set+`, one.open())`)
		if c.want == "seal" { // comes with the number
			frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
			press(t, frame, "type")
			wait(t, frame, `document.getElementById("pan") !== null`)
			must(t, chromedp.Do(frame, chromedp.SendKeys("#pan", "4111111111111111")))
			ask[any](t, frame, `void setTimeout(() => document.querySelector("[data-do=use]").click())`) // which ends the frame
		}
		wait(t, ctx, `heard.some(h => h.includes("error"))`)
		if got := ask[string](t, ctx, `heard.at(-1)`); got != "one error "+c.want || ask[bool](t, ctx, `one.isOpen`) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if why := ask[string](t, ctx, `reason`); !strings.Contains(why, c.why) {
			t.Errorf("%s: the reason is %q, want %q in it", c.name, why, c.why)
		}
	}
	if ask[bool](t, ctx, `document.getElementById("first").value !== ""`) {
		t.Error("a number came in spite of an error")
	}
}

// A script that is lost on its way into the frame can be tried again: the page connects to the frame that comes anew, with
// a fresh session.
func TestTheFrameIsTriedAgain(t *testing.T) {
	f := newFront(t)
	f.files.Store(map[string]fate{"wasm_exec": lost})
	scanner := strings.Replace(f.address, "127.0.0.1", "localhost", 1)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	alone(t, ctx, scanner)
	ask[any](t, ctx, `void (window.opened = 0, one.session = () => (opened++, ""), one.open())`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	const again = `document.querySelector("#boot.failed button:not([hidden])")`
	wait(t, frame, again+` !== null`)
	wait(t, ctx, `opened === 1`)
	f.files.Store(map[string]fate{})
	ask[any](t, frame, `void setTimeout(() => `+again+`.click())`) // which loads the frame anew
	wait(t, ctx, `heard.includes("one ready ") && opened === 2 && one.isOpen`)
}

// A browser that can't construct style sheets, as Safari before 16.4, gets the element all the same.
func TestTheElementInAnOlderSafari(t *testing.T) {
	scanner, _ := serveScanner(t)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<!doctype html><link rel="icon" href="data:,"><script type="module" src="`+scanner+`/scanner.js"></script><bank-card-scanner></bank-card-scanner>`)
	}))
	t.Cleanup(shop.Close)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `window.CSSStyleSheet = new Proxy(CSSStyleSheet, { construct() { throw new TypeError("Illegal constructor") } })`)
	visit(t, ctx, shop.URL)
	wait(t, ctx, `getComputedStyle(document.querySelector("bank-card-scanner")?.shadowRoot?.querySelector("button") ?? document.body).display.includes("flex")`)
}

// A field that can't be filled does not cost the shop the number, nor leave the scanner open; one of the shop's own kind is
// filled like an input, and one whose mask is full, and takes nothing more until it's emptied, gets the new number.
func TestAFieldOfAnyKind(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	alone(t, ctx, scanner)
	ask[any](t, ctx, `void (
		customElements.define("a-field", class extends (class extends HTMLElement { set value(v) { this.got = v } }) {}), document.getElementById("elsewhere").append(document.createElement("a-field")),
		window.masked = document.getElementById("second"), window.kept = masked.value = "5555555555554444",
		masked.addEventListener("input", () => { if (kept && masked.value) masked.value = kept; else kept = masked.value }))`)
	for _, selector := range []string{"a-field", "[", "#second"} {
		scannerFrames(t, ctx, scanner, 0, nil) // the one before is gone
		ask[any](t, ctx, fmt.Sprintf(`void (heard = [], one.setAttribute("fill", %q), one.open())`, selector))
		frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
		press(t, frame, "type")
		wait(t, frame, `document.getElementById("pan") !== null`)
		must(t, chromedp.Do(frame, chromedp.SendKeys("#pan", "4111111111111111")))
		ask[any](t, frame, `void setTimeout(() => document.querySelector("[data-do=use]").click())`) // which ends the frame
		wait(t, ctx, `heard.includes("one scan 411111••••••1111") && !one.isOpen`)
	}
	if !ask[bool](t, ctx, `document.querySelector("a-field").got === "4111111111111111"`) {
		t.Error("the shop's own field was not filled")
	}
	if !ask[bool](t, ctx, `masked.value === "4111111111111111"`) {
		t.Error("the full mask kept its number")
	}
}

// A masked scan has no number to fill in: what the shopper has typed into the shop's field stays as it is.
func TestAMaskedScanLeavesTheFieldAlone(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	alone(t, ctx, scanner)
	ask[any](t, ctx, `(async () => {
		window.first = document.getElementById("first"), window.told = 0
		for (const kind of ["input", "change"]) first.addEventListener(kind, () => told++)
		addEventListener("bankcard-scan", e => window.sealed = e.detail.sealed)
		first.value = "5555 5555"
		const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"])
		const claims = { origin: location.origin, mask: true, key: await crypto.subtle.exportKey("jwk", publicKey), read: "device", jti: "x".repeat(16) }
		one.session = "x." + btoa(JSON.stringify(claims)) + ".z"
		one.open()
	})()`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	press(t, frame, "type")
	wait(t, frame, `document.getElementById("pan") !== null`)
	must(t, chromedp.Do(frame, chromedp.SendKeys("#pan", "4111111111111111")))
	ask[any](t, frame, `void setTimeout(() => document.querySelector("[data-do=use]").click())`) // which ends the frame
	wait(t, ctx, `heard.includes("one scan 411111••••••1111") && !one.isOpen`)
	if got := ask[string](t, ctx, `JSON.stringify([first.value, told, sealed?.split(".").length])`); got != `["5555 5555",0,5]` {
		t.Errorf("after a masked scan the field, what it told and the box's parts are %s", got)
	}
}

// What frameworks set as properties, for the element has them, arrives as if it were written in the page.
func TestTheElementsProperties(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, strictPage(t, scanner))
	wait(t, ctx, `heard.includes("two ready ")`)
	ask[any](t, ctx, `(() => { "use strict"; heard = []; window.one = document.getElementById("one"); one.src = "/elsewhere/"; one.mode = "inline"; one.mode = null; one.src = null; one.mode = "inline" })()`)
	wait(t, ctx, `heard.includes("one ready ") && one.mode === "inline" && one.getAttribute("mode") === "inline" && !one.hasAttribute("src")`)
	if late := ask[string](t, ctx, `(one.src = "/late/", new URL(one.shadowRoot.querySelector("iframe").src).pathname)`); late != "/late/index.html" {
		t.Errorf("an address that is set when the scanner is open already leaves it at %s", late)
	}
	for _, lang := range [][2]string{{`document.documentElement.lang = "fr"`, "Scanner la carte"}, {`one.lang = "ja"`, "カードをスキャン"}, {`one.lang = ""`, "Scanner la carte"}} {
		ask[any](t, ctx, `void (`+lang[0]+`)`) // the page's own is heard a little later
		wait(t, ctx, `one.shadowRoot.querySelector("slot").textContent === `+quoted(lang[1]))
	}
	const words = `one.shadowRoot.querySelector("slot").assignedNodes({ flatten: true }).map(n => n.textContent).join("")`
	for own, want := range map[string]string{`"\n\t"`: "Scanner la carte", `document.createComment("scanner"), "\n"`: "Scanner la carte", `"Ma carte"`: "Ma carte", `document.createElement("img")`: ""} {
		ask[any](t, ctx, `void one.replaceChildren(`+own+`)`)
		wait(t, ctx, words+` === `+quoted(want)) // heard a little later
	}
	for src, want := range map[string]string{"/cards/v2": "/cards/v2/", "/cards/v2/": "/cards/v2/", "/cards/scanner.js": "/cards/scanner.js", "": "/"} {
		if got := ask[string](t, ctx, `(one.src = `+quoted(src)+`, new URL(one.src).pathname)`); got != want {
			t.Errorf("of the address %q becomes %q", src, got)
		}
	}
}

// A dialog that the browser closes without asking ends its scanner, as Chromium did for a while where nobody had touched the page
// (whatwg/html#10047); its button was dead, and the camera on.
func TestADialogThatTheBrowserCloses(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<bank-card-scanner></bank-card-scanner><script>const scanner = document.querySelector("bank-card-scanner")</script>`))
	wait(t, ctx, `scanner.shadowRoot`)
	for range 2 {
		ask[any](t, ctx, `void (heard = [], scanner.shadowRoot.querySelector("button").click())`)
		wait(t, ctx, `heard.includes("ready")`)
		ask[any](t, ctx, `void scanner.shadowRoot.querySelector("dialog").close()`)
		wait(t, ctx, `heard.join() === "ready,cancel" && !scanner.isOpen && scanner.shadowRoot.querySelector("iframe") === null`)
	}
	// One that is closed and opened again at once stays open.
	ask[any](t, ctx, `void (heard = [], scanner.open(), scanner.close(), scanner.open())`)
	wait(t, ctx, `heard.join() === "ready" && scanner.isOpen`)
}
