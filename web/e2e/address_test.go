package e2e

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The demonstration shop and the README's form, sent before their script has come: no number gets into an address, where
// histories and logs keep it.
func TestAFormWithoutItsScriptKeepsTheNumberOutOfTheAddress(t *testing.T) {
	readme := regexp.MustCompile(`(?s)    <form.*?</form>`).FindString(file(t, "README.md"))
	shop := regexp.MustCompile(`(?s)<form.*</form>`).FindString(file(t, "web/checkout.html"))
	for name, form := range map[string]string{"the README": readme, "the shop": shop} {
		asked := make(chan string, 8)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- r.URL.String()
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, `<!doctype html><link rel="icon" href="data:,">`+form+`<p>`+html.EscapeString(name))
		}))
		t.Cleanup(s.Close)
		ctx := browser(t, camera(t, "nocard.jpg"))
		visit(t, ctx, s.URL)
		must(t, chromedp.Do(ctx, chromedp.SendKeys("input[name=number]", "4111111111111111\r")))
		wait(t, ctx, `document.readyState === "complete"`)
		at := ask[string](t, ctx, `location.href`)
		for len(asked) > 0 {
			at += <-asked
		}
		if strings.Contains(at, "number=") {
			t.Errorf("%s: the number is in the address", name)
		}
	}
}
