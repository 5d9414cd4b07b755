package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// script puts a server before the real one whose answers to pictures a test chooses: a status and a body. An empty
// script passes calls on.
func script(t *testing.T) (address string, answer *atomic.Value) {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	answer = new(atomic.Value)
	answer.Store(scripted{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := answer.Load().(scripted)
		if r.Method != "POST" || a.status == 0 {
			proxy.ServeHTTP(w, r)
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if a.wait {
			<-r.Context().Done()
			return
		}
		if a.digits != "" {
			w.Header().Set("X-Digit-Confidence", a.digits)
		}
		w.WriteHeader(a.status)
		io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return s.URL, answer
}

type scripted struct {
	status       int
	body, digits string
	wait         bool
}

const aCard = `{"bank_cards":[{"bound":{"left_top":{"x":60,"y":60},"right_top":{"x":600,"y":60},"right_bottom":{"x":600,"y":400},"left_bottom":{"x":60,"y":400}},"number":"NUMBER"}],"time_used":5}`

var (
	longCard   = scripted{status: 200, body: strings.Replace(aCard, "NUMBER", "6205500000000000004", 1), digits: "0.99,0.99,0.99,0.99,0.99,0.5,0.99,0.99,0.99,0.5,0.99,0.99,0.99,0.99,0.99,0.99,0.99,0.99,0.99"}
	noNumber   = scripted{status: 200, body: strings.Replace(aCard, "NUMBER", "", 1)}
	noCard     = scripted{status: 200, body: `{"bank_cards":[],"time_used":5}`}
	serverDown = scripted{status: 500, body: `{"error_message":"INTERNAL_ERROR"}`}
	crowded    = scripted{status: 403, body: `{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`}
	denied     = scripted{status: 401, body: `{"error_message":"AUTHENTICATION_ERROR"}`}
	tooBig     = scripted{status: 413, body: `<html><h1>413 Request Entity Too Large</h1></html>`}
	silent     = scripted{status: 200, wait: true}
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
	wait(t, ctx, find+" !== undefined")
	ask[any](t, ctx, find+".click()")
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

// walk leads a page without a camera through its states, and calls at in each with the state's name.
func walk(t *testing.T, ctx context.Context, answer *atomic.Value, at func(state string)) {
	t.Helper()
	photo, err := filepath.Abs(filepath.Join(root, "testdata", "flat16.jpg"))
	must(t, err)
	text := filepath.Join(t.TempDir(), "text.txt")
	must(t, os.WriteFile(text, []byte("no picture"), 0o600))
	tiny := filepath.Join(t.TempDir(), "tiny.png")
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 99, 99))))
	must(t, os.WriteFile(tiny, b.Bytes(), 0o600))

	view(t, ctx, "trouble")
	at("refused")
	press(t, ctx, "type")
	view(t, ctx, "typing")
	must(t, chromedp.Do(ctx, chromedp.SendKeys("#pan", "40001")))
	press(t, ctx, "use")
	at("typing")
	press(t, ctx, "back")
	view(t, ctx, "trouble")

	for _, c := range []struct {
		state, file string
		answer      scripted
	}{
		{"unsupported", text, scripted{}}, {"toosmall", tiny, scripted{}}, {"nocard", photo, noCard}, {"unreadable", photo, noNumber},
		{"server", photo, serverDown}, {"crowded", photo, crowded}, {"denied", photo, denied}, {"toolarge", photo, tooBig},
	} {
		answer.Store(c.answer)
		before := ask[string](t, ctx, `document.getElementById("heading").innerText`)
		choose(t, ctx, c.file)
		wait(t, ctx, `document.documentElement.dataset.view === "trouble" && document.getElementById("heading").innerText !== `+quoted(before))
		if kept := ask[bool](t, ctx, `document.querySelector(".picture image") !== null`); kept != (c.file == photo) {
			t.Errorf("%s: the picture is kept: %v", c.state, kept)
		}
		at(c.state)
	}
	answer.Store(silent)
	choose(t, ctx, photo)
	wait(t, ctx, `document.querySelector(".waiting") !== null`)
	at("reading")
	press(t, ctx, "cancel")
	answer.Store(longCard)
	choose(t, ctx, photo)
	wait(t, ctx, resultShown)
	at("result")
	press(t, ctx, "use")
	view(t, ctx, "done")
	at("done")
	press(t, ctx, "close")
	view(t, ctx, "closed")
	at("closed")
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}

// Each state says what happened, keeps the picture, and has no violation that axe-core finds, in both themes.
func TestEveryStateIsForEveryone(t *testing.T) {
	library := filepath.Join("axe", "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(library); err != nil {
		install(t, "axe")
	}
	axe, err := os.ReadFile(library)
	must(t, err)
	address, answer := script(t)
	ctx := browser(t, camera(t, "flat16.jpg"))
	for _, name := range []string{"light", "dark"} {
		theme(t, ctx, name)
		cameraFails(t, ctx, "NotAllowedError")
		must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/?lang=en")))
		ask[any](t, ctx, string(axe)+";0")
		walk(t, ctx, answer, func(state string) {
			found := ask[string](t, ctx, `Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished)).then(() => axe.run(document, {resultTypes: ["violations"]})).then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")).join("\n"))`)
			if found != "" {
				t.Errorf("%s, %s:\n%s", state, name, found)
			}
			if h := ask[int](t, ctx, `document.querySelectorAll("h1").length`); h != 1 {
				t.Errorf("%s: %d headings", state, h)
			}
		})
	}
}

// cutTexts names the elements whose text does not fit them, or that stand out of the window.
const cutTexts = `Array.from(document.querySelectorAll("#app *")).filter(e => {
	if (e.closest(".spoken, .picture, svg") || e.offsetParent === null || e.clientWidth === 0) return false
	const r = e.getBoundingClientRect()
	return e.scrollWidth > e.clientWidth + 1 || r.left < -1 || r.right > innerWidth + 1
}).map(e => e.tagName + "." + e.className + " “" + (e.innerText ?? e.value).slice(0, 40) + "”").join(", ")`

// No text is cut in any language on the narrowest phone.
func TestNoTextIsCut(t *testing.T) {
	files, err := os.ReadDir(filepath.Join(root, "web", "locales"))
	must(t, err)
	address, answer := script(t)
	for _, f := range files {
		lang := strings.TrimSuffix(f.Name(), ".json")
		t.Run(lang, func(t *testing.T) {
			ctx := browser(t, camera(t, "flat16.jpg"))
			theme(t, ctx, "light")
			must(t, chromedp.Do(ctx, chromedp.EmulateViewport(320, 640)))
			cameraFails(t, ctx, "NotAllowedError")
			must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/?lang="+lang)))
			view(t, ctx, "trouble")
			if got := ask[string](t, ctx, `document.documentElement.lang`); got != lang {
				t.Errorf("asked for %s, got %s", lang, got)
			}
			walk(t, ctx, answer, func(state string) {
				if cut := ask[string](t, ctx, cutTexts); cut != "" {
					t.Errorf("%s: %s", state, cut)
				}
			})
		})
	}
}
