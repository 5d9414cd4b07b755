package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// A module that does not come is told, and the next try works: the camera is still there.
func TestTheModuleIsTriedAgain(t *testing.T) {
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	var broken atomic.Bool
	broken.Store(true)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/scanner.") && strings.HasSuffix(r.URL.Path, ".wasm") && broken.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(front.URL)))
	wait(t, ctx, `document.getElementById("boot").classList.contains("failed")`)
	broken.Store(false)
	ask[any](t, ctx, `document.querySelector("#boot button").click()`)
	wait(t, ctx, `document.documentElement.dataset.camera === "live" && document.getElementById("boot").hidden`)
}

// What stalls on its way is told like what is lost, and the next try works; a configuration that stalls is done without.
func TestAStalledStartIsTriedAgain(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `const set = setTimeout
		window.setTimeout = (f, ms, ...a) => set(f, ms >= 10000 ? ms / 5 : ms, ...a)`) // the page's patience, for a test's
	visitor(t, ctx, f).cache(false)
	for _, file := range []string{"scanner.wasm", "en", "worker.js"} {
		f.files.Store(map[string]fate{file: halfway})
		visit(t, ctx, f.address+"/?lang=en")
		wait(t, ctx, `document.querySelector("#boot.failed .fault:not([hidden]) ~ button:not([hidden])") !== null`)
		f.files.Store(map[string]fate{})
		ask[any](t, ctx, `void document.querySelector("#boot button").click()`)
		wait(t, ctx, scanning)
	}
	f.files.Store(map[string]fate{"config.json": halfway})
	visit(t, ctx, f.address+"/?lang=en")
	wait(t, ctx, scanning)
}

// Texts that do not come are told, and had at the next try. The worker that was started beside the first is not left behind
// it, and a module that is only ready once the page runs starts no further one.
func TestTheTextsAreTriedAgain(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, counting+`
		const compile = WebAssembly.compileStreaming, late = new URLSearchParams(location.search).has("late")
		window.compiled = 0
		WebAssembly.compileStreaming = async (...a) => {
			const code = await compile(...a)
			if (late && !window.ready) await new Promise(done => { window.ready = done })
			setTimeout(() => compiled++, 200) // and what follows it is done
			return code
		}`)
	visitor(t, ctx, f).cache(false)
	for _, late := range []string{"", "&late"} {
		f.files.Store(map[string]fate{"en": lost})
		visit(t, ctx, f.address+"/?lang=en"+late)
		wait(t, ctx, `document.querySelector("#boot.failed button:not([hidden])") !== null`)
		if late == "" {
			wait(t, ctx, "compiled === 1 && workers === 1")
		} else {
			wait(t, ctx, "window.ready")
		}
		f.files.Store(map[string]fate{})
		ask[any](t, ctx, `void document.querySelector("#boot button").click()`)
		wait(t, ctx, scanning)
		if late != "" {
			ask[any](t, ctx, `void ready()`)
		}
		wait(t, ctx, "compiled === 2")
		if n := ask[int](t, ctx, "workers"); n != 1 {
			t.Errorf("%q: %d workers after the second try", late, n)
		}
	}
}

// A script that stalls, which boot.js can't look after, is told like one that is lost; loaded anew, the page starts.
func TestAStalledScriptIsTriedAgain(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visitor(t, ctx, f).cache(false)
	f.files.Store(map[string]fate{"boot": halfway})
	visit(t, ctx, f.address+"/?lang=en")
	wait(t, ctx, again)
	f.files.Store(map[string]fate{})
	ask[any](t, ctx, `void setTimeout(() => document.querySelector("#boot button").click())`)
	wait(t, ctx, scanning)
}

// again: the start has failed, and can be tried again.
const again = `document.querySelector("#boot.failed button:not([hidden])") !== null`

// A page that the browser kept from before a roll-out, whose files are no longer there, or have another page's answer in their
// place, is the present one when it is tried again.
func TestAPageOfAnEarlierVersionIsLoadedAnew(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visitor(t, ctx, f).cache(false)
	onNewDocument(t, ctx, `sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0)`)
	for i, file := range []string{"scanner.wasm", "en", "worker.js", "scanner.wasm"} {
		becomes := gone
		if i == 3 {
			becomes = changed
		}
		f.files.Store(map[string]fate{file: becomes})
		visit(t, ctx, f.address+"/?lang=en")
		wait(t, ctx, again)
		loads := ask[int](t, ctx, `Number(sessionStorage.loads)`)
		f.files.Store(map[string]fate{})
		ask[any](t, ctx, `void setTimeout(() => document.querySelector("#boot button").click())`)
		wait(t, ctx, scanning)
		if n := ask[int](t, ctx, `Number(sessionStorage.loads)`) - loads; n != 1 {
			t.Errorf("%s, %s: the page was loaded %d times more", file, becomes, n)
		}
	}
}
