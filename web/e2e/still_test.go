package e2e

import (
	"fmt"
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

// A picture that is read here once more, as after the server could not be reached, is no surer for it.
func TestAnotherTryMakesNoNumberSurer(t *testing.T) {
	f := newFront(t)
	f.policy.Store("both")
	f.answer.Store(serverDown)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		window.read = []
		const Read = Worker
		window.Worker = class extends Read {
			constructor(...a) {
				super(...a)
				this.addEventListener("message", ({ data }) => {
					if (!("confidence" in data)) return
					read.push(data.confidence)
					delete data.number // as where it is too doubtful to be shown
				})
			}
		}`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	choose(t, ctx, s.photo())
	for tries := 1; tries <= 4; tries++ {
		s.wait(fmt.Sprintf("read.length === %d", tries))
		s.trouble("server")
		if tries < 4 {
			s.press("repeat")
		}
	}
	if !ask[bool](t, ctx, `read.every(sure => sure === read[0])`) {
		t.Errorf("its confidence in turn: %s", ask[string](t, ctx, `read.join(" ")`))
	}
}
