package e2e

import (
	"context"
	"html"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// shopPage serves a shop's page with that in it, on another site than the scanner's. It notes what its scanners say.
func shopPage(t *testing.T, scanner, body string) (address string) {
	t.Helper()
	page := `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
		<script>
			var heard = []
			for (const name of ["ready", "scan", "cancel", "error"]) addEventListener("bankcard-" + name, e => heard.push(name))
		</script>
		<script type="module" src="` + scanner + `/scanner.js"></script>` + body
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// typed waits for the scanner that the page has opened, types a number into it and hands that over.
func typed(t *testing.T, ctx context.Context, scanner string) {
	t.Helper()
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	press(t, frame, "type")
	wait(t, frame, `document.getElementById("pan") !== null`)
	must(t, chromedp.Do(frame, chromedp.SendKeys("#pan", "4111111111111111")))
	ask[any](t, frame, `void setTimeout(() => document.querySelector("[data-do=use]").click())`) // which ends the frame
	wait(t, ctx, `heard.includes("scan")`)
	scannerFrames(t, ctx, scanner, 0, nil)
}

// Scripts in a page run before the scanner's, which is a module: what they set on the element counts, as if it were set later.
func TestPropertiesAreSetBeforeTheScriptComes(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<div style="width: 360px"></div><script>
		const scanner = document.createElement("bank-card-scanner"), asked = []
		scanner.src = "`+scanner+`/./"
		scanner.session = () => (asked.push(1), "")
		scanner.mode = "inline"
		document.querySelector("div").append(scanner)
	</script>`))
	wait(t, ctx, `heard.includes("ready")`)
	if got := ask[string](t, ctx, `JSON.stringify([scanner.getAttribute("mode"), scanner.src, asked.length, scanner.shadowRoot.querySelector("iframe").clientWidth])`); got != `["inline","`+scanner+`/",1,360]` {
		t.Errorf("mode, address, sessions and width are %s", got)
	}
	ask[any](t, ctx, `void (scanner.mode = "dialog", scanner.src = null, scanner.session = "nonsense", scanner.open())`)
	wait(t, ctx, `heard.at(-1) === "error" && !scanner.isOpen && !scanner.hasAttribute("src")`)
}

// A shop whose input leads on to the next one when its number is complete does so after a scan, too.
func TestTheShopsInputLeadsOn(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	inFocus(t, ctx)
	visit(t, ctx, shopPage(t, scanner, `<form><bank-card-scanner fill></bank-card-scanner><input id="number" autocomplete="cc-number"><input id="expiry"></form>
		<script>number.addEventListener("input", () => { if (number.value.length === 16) expiry.focus() })</script>`))
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot`)
	ask[any](t, ctx, `void (b => { b.focus(); b.click() })(document.querySelector("bank-card-scanner").shadowRoot.querySelector("button"))`)
	typed(t, ctx, scanner)
	if at := ask[string](t, ctx, `document.activeElement.id || document.activeElement.localName`); at != "expiry" {
		t.Errorf("after the scan the keyboard is on %s", at)
	}
}

// A shop that names its colour alone gets the same words on it in the frame as on the button: white ones, in the dark too.
func TestTheShopsColourAlone(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<style>:root { --bankcard-accent: #0044aa }</style><bank-card-scanner mode="inline" theme="dark"></bank-card-scanner>`))
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	press(t, frame, "type")
	wait(t, frame, `document.getElementById("pan") !== null`)
	const colours, want = `(c => c.color + " on " + c.backgroundColor)(getComputedStyle(document.querySelector(".primary")))`, "rgb(255, 255, 255) on rgb(0, 68, 170)"
	if got := ask[string](t, frame, colours); got != want {
		t.Errorf("the frame's button is %s", got)
	}
}

// A scanner in a wide column, or on a phone that is turned, is no higher than the window: hint and button are seen together.
func TestAScannerInThePageFitsTheWindow(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<bank-card-scanner mode="inline"></bank-card-scanner>`))
	wait(t, ctx, `heard.includes("ready")`)
	for _, c := range [][3]int64{{390, 844, 499}, {740, 360, 360}, {1280, 720, 720}, {320, 200, 320}} {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(c[0], c[1])))
		if got := ask[float64](t, ctx, `document.querySelector("bank-card-scanner").shadowRoot.querySelector("iframe").getBoundingClientRect().height`); math.Round(got) != float64(c[2]) {
			t.Errorf("in a window of %d × %d it is %.0f high", c[0], c[1], got)
		}
	}
}

// In a page of a language that the element has no words in, they are marked as English; in one whose lines run down, the
// button's words keep off its edges.
func TestTheElementInPagesOfItsOwn(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<style>html { writing-mode: vertical-rl }</style><bank-card-scanner></bank-card-scanner><script>document.documentElement.lang = "nl"</script>`))
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot`)
	for _, c := range [][2]string{{"nl", "en"}, {"pt-BR", "pt"}} {
		ask[any](t, ctx, `document.documentElement.lang = "`+c[0]+`", new Promise(r => setTimeout(r))`)
		if got := ask[string](t, ctx, `(root => Array.from(root.querySelectorAll("slot, dialog"), e => e.lang).join())(document.querySelector("bank-card-scanner").shadowRoot)`); got != c[1]+","+c[1] {
			t.Errorf("in a page of %s, the words of the button and the dialog are said to be %s", c[0], got)
		}
	}
	const room = `(root => root.querySelector("svg").getBoundingClientRect().top - root.querySelector("button").getBoundingClientRect().top)(document.querySelector("bank-card-scanner").shadowRoot)`
	if got := ask[float64](t, ctx, room); got < 8 {
		t.Errorf("where lines run down, the button's icon is %.0f px from its edge", got)
	}
}

// Of an element in a shadow tree the input is looked for in its form, which it may belong to from outside, in its tree, and then
// around that; never in another form than its own.
func TestTheInputIsFoundFromAShadowTree(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<form><input autocomplete="cc-number"></form><form id="own"><div id="part"></div></form><input form="own" autocomplete="billing CC-Number"><div id="whole"></div><script>
		const put = (where, html) => { document.getElementById(where).attachShadow({ mode: "open" }).innerHTML = html }
		put("part", "<bank-card-scanner fill></bank-card-scanner>")
		put("whole", "<bank-card-scanner fill></bank-card-scanner><input autocomplete=cc-number>")
		const inputs = [...document.querySelectorAll("input"), whole.shadowRoot.querySelector("input")]
	</script>`))
	for where, want := range map[string]string{"part": "[0,16,0]", "whole": "[0,0,16]"} {
		wait(t, ctx, where+`.shadowRoot.firstChild.shadowRoot`)
		ask[any](t, ctx, `void (heard = [], inputs.forEach(i => { i.value = "" }), `+where+`.shadowRoot.firstChild.open())`)
		typed(t, ctx, scanner)
		if got := ask[string](t, ctx, `JSON.stringify(inputs.map(i => i.value.length))`); got != want {
			t.Errorf("%s: the inputs hold %s digits", where, got)
		}
	}
}

// A shop that is listed, but hands no session over, hears that it needs one, and not that its session is another's.
func TestAShopWithoutASession(t *testing.T) {
	var page string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, page) }))
	t.Cleanup(s.Close)
	shop := strings.Replace(s.URL, "127.0.0.1", "shop.test", 1)
	scanner, _ := serveScanner(t, "MERCHANTS="+merchantID+":"+merchantKey+":"+shop)
	page = `<!doctype html><link rel="icon" href="data:,"><script>addEventListener("bankcard-error", e => { window.told = e.detail })</script>
		<script type="module" src="` + scanner + `/scanner.js"></script><bank-card-scanner mode="inline"></bank-card-scanner>`
	ctx := browser(t, camera(t, "nocard.jpg"), chromedp.Flag("host-resolver-rules", "MAP shop.test 127.0.0.1"), chromedp.Flag("ignore-certificate-errors", true))
	visit(t, ctx, shop)
	wait(t, ctx, `window.told`)
	if got := ask[string](t, ctx, `told.code + ": " + told.message`); !strings.HasPrefix(got, "origin: ") || !strings.Contains(got, "without a session") {
		t.Errorf("it hears %q", got)
	}
}

// A page that requires of all that it embeds to be embeddable (COEP) has the scanner, too; so has one whose text stands in a
// frame's srcdoc, with the origin of the page around it. One without any origin is told that at once.
func TestPagesOfASpecialKind(t *testing.T) {
	t.Parallel() // it mostly waits
	scanner, _ := serveScanner(t)
	body := `<link rel="icon" href="data:,"><script>
			for (const name of ["ready", "error"]) addEventListener("bankcard-" + name, e => parent.postMessage(name + " " + (e.detail.code ?? ""), "*"))
		</script><script type="module" src="` + scanner + `/scanner.js"></script><bank-card-scanner mode="inline"></bank-card-scanner>`
	const heard = `<!doctype html><script>var heard = []; addEventListener("message", e => { if (typeof e.data === "string") heard.push(e.data) })</script>`
	inFrame := func(more string) string {
		return heard + `<iframe allow="camera" ` + more + ` style="width: 400px; height: 700px" srcdoc="` + html.EscapeString(body) + `"></iframe>`
	}
	for name, c := range map[string]struct{ page, policy, want string }{
		"isolated":  {heard + body, "require-corp", "ready "},
		"srcdoc":    {inFrame(""), "unsafe-none", "ready "},
		"no origin": {inFrame(`sandbox="allow-scripts"`), "unsafe-none", "error origin"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Header().Set("Cross-Origin-Embedder-Policy", c.policy)
				w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
				io.WriteString(w, c.page)
			}))
			t.Cleanup(s.Close)
			ctx := browser(t, camera(t, "nocard.jpg"))
			visit(t, ctx, s.URL)
			wait(t, ctx, `heard.length > 0`)
			if got := ask[string](t, ctx, `heard[0] + (self.crossOriginIsolated ? " isolated" : "")`); strings.TrimSuffix(got, " isolated") != c.want {
				t.Errorf("the page hears %q, want %q", got, c.want)
			}
		})
	}
}
