package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// onNewDocument runs a script in pages to come, before their own.
func onNewDocument(t *testing.T, ctx context.Context, source string) {
	t.Helper()
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
	must(t, err)
}

// cameraFails makes getUserMedia of pages to come reject with an error of that name.
func cameraFails(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	onNewDocument(t, ctx, `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "`+name+`"))`)
}

func theme(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	must(t, err)
}

// press clicks the visible button that does something.
func press(t *testing.T, ctx context.Context, do string) {
	t.Helper()
	find := `Array.from(document.querySelectorAll('[data-do="` + do + `"]')).find(b => b.offsetParent !== null && !b.disabled)`
	wait(t, ctx, "(button => button !== undefined && (button.click(), true))("+find+")") // at once: it may be drawn anew
}

// view waits for a view, and where the page has a fault to tell, for its title.
func view(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	wait(t, ctx, `document.documentElement.dataset.view === "`+name+`"`)
}

// choose gives the page a file, as its picker does.
func choose(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.SetUploadFiles("#file", []string{file})))
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}

// Each state has no violation that axe-core finds, in both themes, and one heading.
func TestEveryStateIsForEveryone(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	ctx := browser(t, camera(t, "flat16.jpg"))
	f := newFront(t)
	for _, name := range []string{"light", "dark"} {
		theme(t, ctx, name)
		must(t, chromedp.Do(ctx, chromedp.Navigate(f.address+"/checkout.html")))
		if found := violations(t, ctx, axe); found != "" {
			t.Errorf("checkout, %s:\n%s", name, found)
		}
		openShop(t, ctx)
		if found := violations(t, ctx, axe); found != "" {
			t.Errorf("checkout with the scanner, %s:\n%s", name, found)
		}
	}
	takeTour(t, ctx, f, "en", func(state string) {
		for _, name := range []string{"light", "dark"} {
			theme(t, ctx, name)
			ask[any](t, ctx, rested)
			found := violations(t, ctx, axe)
			if found != "" { // what lasts is a fault; a theme that is being painted is none
				ask[any](t, ctx, rested)
				found = violations(t, ctx, axe)
			}
			if found != "" {
				t.Errorf("%s, %s:\n%s", state, name, found)
			}
		}
		// Cumulative Layout Shift since the page was loaded, through every hint; 0.1 counts as good.
		if shifted := ask[float64](t, ctx, "shifted"); state == "live-torch" && shifted > 0.05 {
			t.Errorf("what is on the page has shifted by %.3f", shifted)
		}
		if h := ask[int](t, ctx, `Array.from(document.querySelectorAll("#app h1, #boot:not([hidden]) .fault:not([hidden]) h1")).length`); h > 1 || h == 0 && state != "loading" {
			t.Errorf("%s: %d headings", state, h)
		}
	})
}

// openShop opens the scanner in the shop's page, and waits for its camera.
func openShop(t *testing.T, ctx context.Context) {
	t.Helper()
	wait(t, ctx, `document.querySelector("bank-card-scanner")?.shadowRoot !== undefined`)
	ask[any](t, ctx, `document.querySelector("bank-card-scanner").open();0`)
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot.querySelector("iframe")?.contentDocument?.documentElement?.dataset.camera === "live"`)
}

// axeCore is the source of axe-core.
func axeCore(t *testing.T) string {
	t.Helper()
	library := filepath.Join("axe", "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(library); err != nil {
		install(t, "axe")
	}
	source, err := os.ReadFile(library)
	must(t, err)
	return string(source)
}

// violations are what axe-core finds in the page as it is, "" where it finds nothing.
func violations(t *testing.T, ctx context.Context, axe string) string {
	t.Helper()
	if !ask[bool](t, ctx, `"axe" in window`) {
		ask[any](t, ctx, axe+";0")
	}
	return ask[string](t, ctx, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120) + " " + n.any.map(c => c.message)).join(" | ")).join("\n"))`)
}

// Where the person's own few colours take the place of all others, it still shows how far a picture has come, that
// something is being done, and that the light is on.
func TestForcedColours(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: "dark"}},
	})
	must(t, err)
	onNewDocument(t, ctx, played)
	visit(t, ctx, f.address+"/?torch")
	wait(t, ctx, scanning+` && document.querySelector('[data-do="lens"]') !== null`)
	colour := func(selector, pseudo string) string {
		t.Helper()
		return ask[string](t, ctx, `getComputedStyle(document.querySelector(`+quoted(selector)+`), `+quoted(pseudo)+`).backgroundColor`)
	}
	press(t, ctx, "torch")
	wait(t, ctx, `document.querySelector('[data-do="torch"]').getAttribute("aria-pressed") === "true"`)
	if on, off := colour(".icon.torch", ""), colour(".icon.lens", ""); on == off {
		t.Errorf("a light that is on is as %s as what is off", on)
	}
	ask[any](t, ctx, `forced = { hint: "good", take: false, steadiness: 0.5 };0`)
	wait(t, ctx, `parseFloat(document.documentElement.style.getPropertyValue("--steady")) === 0.5`)
	if ring := ask[string](t, ctx, `getComputedStyle(document.querySelector(".shutter")).backgroundImage`); !strings.HasPrefix(ring, "conic-gradient") {
		t.Errorf("around the shutter is %s, which does not fill", ring)
	}
	ask[any](t, ctx, `forced = null;0`)
	press(t, ctx, "shutter")
	wait(t, ctx, `document.querySelector(".waiting")?.ariaLabel === `+quoted(textsOf(t, "en")["reading.waiting"])) // it is there before the sending, too
	if moving, paper := colour(".waiting", "::after"), colour(".sheet", ""); moving == paper {
		t.Errorf("what moves while one waits is as %s as the paper", moving)
	}
}

// faults looks over the page as it stands: what is cut, covered, too small for a finger, out of reach, or wider than the
// window. What can be scrolled to is in reach.
const faults = `(() => {
	const bad = [], name = e => e.tagName.toLowerCase() + "." + e.className + " “" + (e.innerText || e.value || e.ariaLabel || "").slice(0, 40) + "”"
	const seen = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getBoundingClientRect().width > 0
	const root = document.scrollingElement
	if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) bad.push("the page scrolls: " + root.scrollWidth + "×" + root.scrollHeight)
	for (const e of document.querySelectorAll("#app *, #boot *")) {
		if (!seen(e) || e.closest(".spoken, .picture, svg")) continue
		const r = e.getBoundingClientRect()
		if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 || r.left < -1 || r.right > innerWidth + 1) bad.push("cut: " + name(e))
	}
	const controls = Array.from(document.querySelectorAll("button, input:not([type=file])")).filter(seen)
	for (const e of controls) {
		e.scrollIntoView({ block: "nearest" })
		const r = e.getBoundingClientRect(), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)
		if (r.top < -1 || r.bottom > innerHeight + 1) bad.push("out of the window: " + name(e))
		else if (hit === null || !(e === hit || e.contains(hit))) bad.push("covered: " + name(e) + (hit ? " by " + name(hit) : ""))
		if (r.width < 43.5 || r.height < 43.5) bad.push("too small: " + name(e) + " " + r.width + "×" + r.height)
	}
	const apart = Array.from(document.querySelectorAll(".bar .icon, .bar .name, .hint strong, .hint small, .controls button")).filter(seen)
	for (const [i, a] of apart.entries()) for (const b of apart.slice(i + 1)) {
		const p = a.getBoundingClientRect(), q = b.getBoundingClientRect()
		if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1) bad.push("over each other: " + name(a) + ", " + name(b))
	}
	document.querySelector(".sheet")?.scrollTo(0, 0)
	return bad.join("\n")
})()`

// windows are those in which every state must stand: phones both ways, a desktop, the same zoomed to 200 % (WCAG 2.2,
// 1.4.4) and to 400 % (1.4.10), and screens whose text alone is set larger.
var windows = []struct {
	size
	text int // per cent of the usual size
	hand string
}{
	{small320, 100, "end"}, {phone, 100, "end"}, {across, 100, "end"}, {across, 100, "start"}, {desktop, 100, "end"},
	{size{"desktop at 200 %", 640, 400}, 100, "end"}, {size{"desktop at 400 %", 320, 200}, 100, "end"},
	{size{"phone, large text", 390, 844}, 200, "end"}, {size{"narrow phone, large text", 340, 740}, 200, "end"},
	{size{"small, large text", 320, 568}, 200, "end"}, {size{"across, large text", 844, 390}, 200, "end"}, {size{"across, large text", 844, 390}, 200, "start"},
	{size{"low across, large text", 740, 360}, 200, "end"}, {size{"small across, large text", 568, 320}, 200, "end"},
	{size{"desktop, large text", 1280, 800}, 200, "end"},
}

// Nothing is cut, covered or out of reach in any state in any window, in the language with the longest texts, and, in
// the windows of phones, in one that runs from right to left; for either hand.
func TestEveryStateStandsInEveryWindow(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{longest(t), "ar"} {
		t.Run(lang, func(t *testing.T) {
			stand := windows
			if lang == "ar" {
				stand = windows[:4]
			}
			ctx := browser(t, camera(t, "flat16.jpg"))
			theme(t, ctx, "light")
			takeTour(t, ctx, newFront(t), lang, func(state string) {
				if hint, is := strings.CutPrefix(state, "live-"); is && !slices.Contains([]string{"straighten", "good", "needy", "torch"}, hint) {
					return // the hints differ in their words only, and these are the longest
				}
				if got := ask[string](t, ctx, `document.documentElement.lang`); got != lang {
					t.Errorf("asked for %s, got %s", lang, got)
				}
				for _, w := range stand {
					must(t, chromedp.Do(ctx, chromedp.EmulateViewport(w.width, w.height)))
					found := ask[string](t, ctx, fmt.Sprintf(`document.documentElement.style.fontSize = "%d%%"; document.documentElement.dataset.hand = "%s"; %s.then(() => %s)`, w.text, w.hand, rested, faults))
					if found != "" {
						t.Errorf("%s, %s, controls at the %s:\n%s", state, w.name, w.hand, found)
					}
				}
				ask[any](t, ctx, `document.documentElement.style.fontSize = "";0`)
			})
		})
	}
}

// inOtherWords puts a language's texts in the place of another's, wherever the page shows them, and returns what it shows
// that is no text of either; back undoes it.
const inOtherWords = `(from, to, dir) => {
	const pattern = text => new RegExp("^" + text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+?)") + "$")
	const known = Object.keys(from).map(key => [pattern(from[key]), to[key] ?? to[key.replace(/\w+$/, "other")]])
	const undo = [], strange = []
	const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; n = nodes.nextNode();) {
		const text = n.data
		if (!text.trim() || n.parentElement.closest("script, noscript, .spoken, .masked, .tag")) continue
		const found = known.find(([p, t]) => t !== undefined && p.test(text))
		if (!found) { strange.push(text); continue }
		const values = found[0].exec(text).groups ?? {}
		undo.push(() => { n.data = text })
		n.data = found[1].replace(/\{(\w+)\}/g, (_, name) => values[name])
	}
	const before = document.documentElement.dir
	document.documentElement.dir = dir
	window.back = () => { undo.forEach(u => u()); document.documentElement.dir = before }
	return strange.join(" | ")
}`

// No text is cut in any state in any language on the narrowest phone: each state is reached once, and then says its
// words in one language after the other.
func TestNoTextIsCut(t *testing.T) {
	t.Parallel()
	ctx := browser(t, camera(t, "flat16.jpg"))
	theme(t, ctx, "light")
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(320, 568)))
	tables := map[string]string{}
	for _, lang := range languages(t) {
		data, err := json.Marshal(textsOf(t, lang))
		must(t, err)
		tables[lang] = string(data)
	}
	takeTour(t, ctx, newFront(t), "en", func(state string) {
		for _, lang := range languages(t) {
			strange := ask[string](t, ctx, fmt.Sprintf(`(%s)(%s, %s, %q)`, inOtherWords, tables["en"], tables[lang], textsOf(t, lang)["locale.dir"]))
			if strange != "" {
				t.Errorf("%s: “%s” is no text of a language file", state, strange)
			}
			if found := ask[string](t, ctx, faults); found != "" {
				t.Errorf("%s, %s:\n%s", state, lang, found)
			}
			ask[any](t, ctx, "back();0")
		}
	})
}
