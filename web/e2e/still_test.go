package e2e

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// posted has a page note what its worker is asked for.
const posted = `
	window.posted = []
	const Asked = Worker
	window.Worker = class extends Asked { postMessage(m, ...more) { posted.push(m.kind); super.postMessage(m, ...more) } }`

// What the outline is drawn around while a picture is read is the card in that picture: not where the camera saw one last.
func TestTheOutlineIsOfThePictureThatIsRead(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, film(t, "restless", whole, nil)) // a card that is followed, and never taken
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	const (
		tracked = `document.querySelector("#outline.tracked") !== null`
		frozen  = `document.querySelector(".picture image") !== null && !document.getElementById("frozen").hidden`
		drawn   = `document.querySelector("#outline .line").getAttribute("points")`
	)
	check := func(what string, card bool) {
		t.Helper()
		wait(t, ctx, frozen)
		if is := ask[bool](t, ctx, tracked); is != card {
			t.Errorf("%s: an outline is drawn: %v, want %v", what, is, card)
		} else if card && ask[string](t, ctx, drawn) != ask[string](t, ctx, `document.querySelector(".picture").dataset.bound`) {
			t.Errorf("%s: the outline is not where the card is", what)
		}
		press(t, ctx, "cancel")
		view(t, ctx, "scan")
	}
	for name, card := range map[string]bool{"flat16.jpg": true, "nocard.jpg": false} {
		photo, err := filepath.Abs(filepath.Join(root, "testdata", name))
		must(t, err)
		wait(t, ctx, tracked)
		choose(t, ctx, photo)
		check(name, card)
	}
	wait(t, ctx, tracked)
	press(t, ctx, "shutter")
	check("the shutter's picture", true)
}

// A picture that is taken by itself is read at once: the worker is not kept from it by another look at the camera.
func TestNoLookComesBeforeTheReading(t *testing.T) {
	box := newMailbox(t, "device", "")
	ctx := browser(t, camera(t, "flat16.jpg"))
	onNewDocument(t, ctx, posted)
	must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
	wait(t, ctx, resultShown)
	if asked := ask[string](t, ctx, `posted.slice(posted.indexOf("take")).join(" ")`); asked != "take read" {
		t.Errorf("the worker was asked for %q", asked)
	}
}
