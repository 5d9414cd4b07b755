package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A lens that a person has chosen is the next visit's, too, also where the page would choose another. Any is told to keep the
// card in focus where it would else wait to be told where to.
func TestTheChosenLensStays(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices), settings = MediaStreamTrack.prototype.getSettings
		window.lens = ""
		window.focused = []
		devices.getUserMedia = ({ video: { deviceId, ...rest } }) => (lens = deviceId?.ideal ?? "wide", ask({ video: rest }))
		MediaStreamTrack.prototype.getCapabilities = () => ({ focusMode: ["manual", "continuous"] })
		MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void focused.push(lens + " " + advanced[0].focusMode)
		MediaStreamTrack.prototype.getSettings = function () { return { ...settings.call(this), deviceId: lens } }
		devices.enumerateDevices = async () => [["wide", "Back Camera"], ["dual", "Back Dual Wide Camera"]].map(([deviceId, label]) => ({ kind: "videoinput", deviceId, label }))`)
	address := newFront(t).address
	for _, want := range []string{"dual", "wide"} {
		must(t, chromedp.Do(ctx, chromedp.Navigate(address)))
		wait(t, ctx, scanning)
		if lens := ask[string](t, ctx, "lens"); lens != want {
			t.Fatalf("the lens is %q, not %q", lens, want)
		}
		if want == "dual" {
			press(t, ctx, "lens")
			wait(t, ctx, `lens === "wide" && `+scanning+` && localStorage.getItem("scanner.lens") === "wide"`)
			wait(t, ctx, `focused.join() === "dual continuous,wide continuous"`)
		}
	}
}

// Where the chosen lens is gone, the rear one is asked for, whatever language its name is in: a phone gives the front one
// for an id that it does not know.
func TestAChosenLensThatIsGone(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices), settings = MediaStreamTrack.prototype.getSettings
		window.lens = ""
		localStorage.setItem("scanner.lens", "gone")
		devices.getUserMedia = ({ video: { deviceId, ...rest } }) => (lens = rest.facingMode?.ideal === "environment" ? "rear" : "front", ask({ video: rest }))
		MediaStreamTrack.prototype.getSettings = function () { return { ...settings.call(this), deviceId: lens, facingMode: lens === "rear" ? "environment" : "user" } }
		devices.enumerateDevices = async () => [["front", "Frontkamera"], ["rear", "Rückkamera"]].map(([deviceId, label]) => ({ kind: "videoinput", deviceId, label }))`)
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address)))
	wait(t, ctx, scanning)
	if lens := ask[string](t, ctx, "lens"); lens != "rear" {
		t.Errorf("the lens is the %s one", lens)
	}
}

// An app's web view may have no storage at all: nothing is remembered then, and all else works.
func TestNothingIsRemembered(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`; Object.defineProperty(window, "localStorage", { value: null })`)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(844, 390))) // where the controls can change sides
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address+"/?torch")))
	wait(t, ctx, scanning)
	press(t, ctx, "hand")
	press(t, ctx, "lens")
	wait(t, ctx, `document.documentElement.dataset.hand === "start" && `+scanning)
}

// A camera that gives no picture is told, and let go: play() alone would be waited for for ever.
func TestACameraWithoutAPicture(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `navigator.mediaDevices.getUserMedia = async () => new MediaStream([window.track = new RTCPeerConnection().addTransceiver("video").receiver.track])`)
	s := visitor(t, ctx, f)
	ask[any](t, ctx, `void setTimeout(() => location.href = `+quoted(f.address+"/?lang=en")+`)`) // a video without a picture holds the page's load event back
	s.trouble("busy")
	s.wait(`track.readyState === "ended"`)
}

// A lens that opens and gives no picture, after another that did, is told and let go, whether a person asked for it or the
// page.
func TestAnotherLensWithoutAPicture(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices), settings = MediaStreamTrack.prototype.getSettings
		const first = new URLSearchParams(location.search).get("first"), tracks = window.tracks = []
		devices.getUserMedia = async ({ video: { deviceId, ...rest } }) => {
			const stream = tracks.length === 0 ? await ask({ video: rest }) : new MediaStream([new RTCPeerConnection().addTransceiver("video").receiver.track])
			tracks.push(...stream.getTracks())
			return stream
		}
		MediaStreamTrack.prototype.getSettings = function () { return { ...settings.call(this), deviceId: tracks.indexOf(this) === 0 ? first : "other" } }
		devices.enumerateDevices = async () => [["wide", "Back Camera"], ["dual", "Back Dual Wide Camera"]].map(([deviceId, label]) => ({ kind: "videoinput", deviceId, label }))`)
	s := visitor(t, ctx, f)
	for _, first := range []string{"dual", "wide"} { // the page keeps the one, and changes from the other by itself
		s.visit("&first=" + first)
		if first == "dual" {
			s.wait(scanning)
			s.press("lens")
		}
		s.wait("tracks.length === 2")
		s.trouble("busy")
		s.wait(`tracks.every(track => track.readyState === "ended")`)
	}
}

// While a lens changes nothing is shown of what the one before saw, and the card is followed again through the next.
func TestTheOutlineGoesWithItsLens(t *testing.T) {
	ctx := browser(t, film(t, "restless", whole, nil))
	onNewDocument(t, ctx, played+`
		const opens = devices.getUserMedia
		window.allow = null
		devices.getUserMedia = async wanted => { await new Promise(r => { allow = r }); return opens(wanted) }`)
	s := visitor(t, ctx, newFront(t))
	s.visit("&torch")
	s.wait("allow !== null")
	s.js("allow(0)")
	const tracked = `document.querySelector("#outline.tracked") !== null`
	s.wait(tracked)
	s.press("lens")
	s.wait(`document.documentElement.dataset.camera === "starting"`)
	s.pause(400) // the look that was on its way
	if ask[bool](t, ctx, tracked) {
		t.Error("an outline is drawn while no lens is open")
	}
	s.js("allow()")
	s.wait(tracked)
}

// A camera that its system mutes, as for a call, shows its last picture for ever: it is told as lost, once that lasts, or the page
// is seen again; and is let go.
func TestTheCameraIsMuted(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `window.mute = on => {
		window.track = document.getElementById("video").srcObject.getTracks()[0]
		Object.defineProperty(track, "muted", { value: on, configurable: true })
		track.dispatchEvent(new Event(on ? "mute" : "unmute"))
	}
	window.show = on => {
		Object.defineProperty(document, "hidden", { value: !on, configurable: true })
		Object.defineProperty(document, "visibilityState", { value: on ? "visible" : "hidden", configurable: true })
		document.dispatchEvent(new Event("visibilitychange"))
	}`)
	s := visitor(t, ctx, f)
	s.visit("")
	for _, passing := range []string{`mute(true); mute(false)`, // for a moment; or while it comes back to a page that was left
		`show(false); mute(true); setTimeout(() => { show(true); setTimeout(() => mute(false), 700) }, 1500)`, `show(false); mute(true)`} {
		s.wait(scanning)
		s.js(passing)
		s.pause(3000)
		if !ask[bool](t, ctx, scanning) {
			t.Errorf("after %s it no longer scans", passing)
		}
	}
	s.js(`show(true)`)
	s.trouble("lost")
	s.wait(`track.readyState === "ended"`)
	s.press("camera")
	s.wait(scanning)
	s.js(`mute(true)`)
	s.trouble("lost")
	s.wait(`track.readyState === "ended"`)
}
