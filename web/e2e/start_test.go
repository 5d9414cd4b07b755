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
