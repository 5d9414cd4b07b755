package e2e

import (
	"context"
	"testing"
	"time"

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
	// chromedp's polls wait for a new document for ever, and this may be the old one.
	until := func(expression string) {
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
	until(`location.pathname === "/" && document.getElementById("boot")?.hidden`)
	if !ask[bool](t, ctx, "again") {
		t.Skip("this browser did not keep the page")
	}
	until(`document.documentElement.dataset.view === "closed" && document.getElementById("pan") === null`)
}
