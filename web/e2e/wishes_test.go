package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// answering has the page's first question for the camera wait for allow() or deny(); later ones are refused while refusing.
const answering = `
	const asking = navigator.mediaDevices, given = asking.getUserMedia.bind(asking)
	window.asked = 0, window.refusing = false, window.streams = []
	const give = async wanted => { const s = await given(wanted); streams.push(s); return s }
	asking.getUserMedia = wanted => asked++ ? refusing ? Promise.reject(new DOMException("", "NotAllowedError")) : give(wanted) : new Promise((yes, no) => {
		window.allow = () => yes(give(wanted))
		window.deny = () => no(new DOMException("", "NotAllowedError"))
	})
	window.on = () => streams.some(s => s.getTracks().some(t => t.readyState === "live"))`

// A person who does something else while the browser asks for the camera, and answers late, gets what the last wish was.
func TestTheCameraIsAnsweredLate(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, answering)
	s := visitor(t, ctx, f)
	begin := func() { t.Helper(); s.visit(""); s.wait(`document.getElementById("boot").hidden && window.allow`) }

	begin() // refused while the number is typed: on the way back it is asked for again, and the page says what is the matter
	s.press("type")
	s.view("typing")
	s.js("refusing = true; deny()")
	s.wait(`document.documentElement.dataset.camera === "off"`)
	s.press("back")
	s.trouble("refused")

	begin() // allowed when the number is handed over already: the light does not stay on
	s.press("type")
	s.wait(`document.getElementById("pan") !== null`)
	must(t, chromedp.Do(ctx, chromedp.SendKeys("#pan", "4111111111111111")))
	s.press("use")
	s.view("done")
	s.js("allow()")
	s.wait(`streams.length > 0 && !on() && document.documentElement.dataset.camera === "off"`)
	s.press("again")
	s.wait(scanning)

	begin() // closed and opened again while it is asked
	s.press("close")
	s.view("closed")
	s.press("camera")
	s.view("scan")
	s.js("allow()")
	s.wait(scanning)

	begin() // closed, and allowed after that
	s.press("close")
	s.view("closed")
	s.js("allow()")
	s.wait(`streams.length > 0 && !on()`)
	s.view("closed")
}

// A page that is closed while a lens changes goes on, without a light, and opens again.
func TestThePageIsClosedWhileALensChanges(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`
		const opens = devices.getUserMedia
		window.slow = false, window.last = null
		devices.getUserMedia = async wanted => { if (slow) await new Promise(r => setTimeout(r, 800)); return last = await opens(wanted) }`)
	s := visitor(t, ctx, f)
	s.visit("&torch")
	s.wait(scanning)
	for _, reopen := range []bool{false, true} {
		s.js("slow = true; last = null")
		s.press("lens")
		s.press("close")
		s.view("closed")
		if reopen {
			s.press("camera")
			s.wait(scanning)
			continue
		}
		s.wait(`last !== null && last.getTracks()[0].readyState === "ended"`)
		s.press("camera")
		s.wait(scanning)
	}
}

// A page that is closed still takes a photo, by every policy; it guides the hand again afterwards, and typing leads back.
func TestAClosedPageTakesAPhoto(t *testing.T) {
	f := newFront(t)
	f.policy.Store("device")
	ctx := browser(t, camera(t, "nocard.jpg"))
	watchFrames(t, ctx)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.press("close")
	s.view("closed")
	s.press("type")
	s.view("typing")
	s.press("back")
	s.view("closed")
	choose(t, ctx, s.photo())
	s.wait(resultShown)
	s.press("again")
	s.wait(scanning)
	frames(t, ctx, 2)
}

// No light shines for nobody: the torch goes out when the number is typed, where its switch is not, and the camera where a scan
// has ended; who steps back has it again.
func TestNoLightStaysOn(t *testing.T) {
	f := newFront(t)
	f.answer.Store(denied)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`
		const constrain = MediaStreamTrack.prototype.applyConstraints
		window.shines = false
		MediaStreamTrack.prototype.applyConstraints = function (c) {
			for (const { torch } of c?.advanced ?? []) shines = torch ?? shines
			return constrain.call(this, c)
		}`)
	s := visitor(t, ctx, f)
	s.visit("&torch")
	s.wait(scanning)
	s.press("torch")
	s.wait(`shines && document.querySelector('[data-do="torch"]').getAttribute("aria-pressed") === "true"`)
	s.press("type")
	s.wait(`!shines`)
	s.press("back")
	s.wait(scanning + ` && document.querySelector('[data-do="torch"]').getAttribute("aria-pressed") === "false"`)
	s.js(`window.tracks = document.getElementById("video").srcObject.getTracks()`)
	s.press("shutter")
	s.trouble("denied")
	s.wait(`tracks.every(track => track.readyState === "ended") && document.documentElement.dataset.camera === "off"`)
	s.kept(true)
	s.press("type")
	s.press("back")
	s.trouble("denied")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\x1b")))
	s.wait(scanning)
}

// A number is gone when its page was left, also where the browser shows that page again as it was.
func TestALeftPageForgets(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `addEventListener("pageshow", e => { window.again = e.persisted })`)
	cameraFails(t, ctx, "NotFoundError")
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	s.press("type")
	s.wait(`document.getElementById("pan") !== null`)
	must(t, chromedp.Do(ctx, chromedp.SendKeys("#pan", "4111111111111111")))
	visit(t, ctx, f.address+"/checkout.html")
	s.js(`setTimeout(() => history.back())`)
	until(t, ctx, `location.pathname === "/" && document.getElementById("boot")?.hidden`)
	if !ask[bool](t, ctx, "again") {
		t.Skip("this browser did not keep the page")
	}
	until(t, ctx, `document.documentElement.dataset.view === "closed" && document.getElementById("pan") === null`)
}

// A shop's page that was left with its scanner open, and is shown again as it was, has a page that can be used, and no dialog
// without a way out; what stands in the page opens anew.
func TestALeftShopIsShownAgain(t *testing.T) {
	scanner, _ := serveScanner(t)
	for mode, want := range map[string]string{
		"dialog": `heard.join() === "ready,cancel" && !scanner.isOpen && scanner.shadowRoot.querySelector("dialog[open], iframe") === null`,
		"inline": `heard.join() === "ready,ready" && scanner.isOpen`,
	} {
		t.Run(mode, func(t *testing.T) {
			ctx := browser(t, camera(t, "nocard.jpg"))
			visit(t, ctx, shopPage(t, scanner, `<bank-card-scanner mode="`+mode+`"></bank-card-scanner><script>
				const scanner = document.querySelector("bank-card-scanner")
				addEventListener("pageshow", e => { window.again = e.persisted })
			</script>`))
			wait(t, ctx, `scanner.shadowRoot`)
			ask[any](t, ctx, `void scanner.open()`)
			wait(t, ctx, `heard.includes("ready")`)
			wait(t, scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0], scanning)
			visit(t, ctx, scanner+"/checkout.html")
			ask[any](t, ctx, `void setTimeout(() => history.back())`)
			until(t, ctx, `document.title === "Shop" && window.again !== undefined`)
			if !ask[bool](t, ctx, "again") {
				t.Skip("this browser did not keep the page")
			}
			until(t, ctx, want)
		})
	}
}

// until waits for what may be told by a page that was there before: chromedp's polls wait for a new document for ever.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		try, cancel := context.WithTimeout(ctx, 3*time.Second)
		is, err := chromedp.Run(try, chromedp.Evaluate[bool](expression))
		cancel()
		if err == nil && is {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("waiting for %s: %v", expression, err)
		}
	}
}
