package e2e

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/target"
)

// Where the shop's own Permissions-Policy keeps the camera from the scanner, nobody can allow it: the shopper is led to a photo, and
// the shop's developer reads in the console what the policy lacks. Of one that names the scanner nothing is said.
func TestAPolicyThatKeepsTheCamera(t *testing.T) {
	scanner, _ := serveScanner(t)
	const wanted = "Permissions-Policy"
	for policy, barred := range map[string]bool{`camera=(self)`: true, `camera=(self "` + scanner + `")`: false} {
		shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Permissions-Policy", policy)
			io.WriteString(w, `<!doctype html><html lang="en"><link rel="icon" href="data:,"><script type="module" src="`+scanner+`/scanner.js"></script><bank-card-scanner mode="inline"></bank-card-scanner>`)
		}))
		t.Cleanup(shop.Close)
		ctx := browser(t, camera(t, "nocard.jpg"))
		said := console(t, ctx)
		visit(t, ctx, shop.URL)
		frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
		if barred {
			wait(t, frame, `document.getElementById("heading")?.textContent === `+quoted(textsOf(t, "en")["trouble.nocamera.title"])+` && document.querySelector('[data-do="snap"]') !== null`)
		} else {
			wait(t, frame, scanning)
		}
		if said.has(wanted) != barred {
			t.Errorf("with the policy %s the console says %q", policy, said)
		}
	}
}
