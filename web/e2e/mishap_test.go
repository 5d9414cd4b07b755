package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/wasm/page/state"
)

// visitor is a tour without a plan.
func visitor(t *testing.T, ctx context.Context, f *front) *tour {
	t.Helper()
	return &tour{front: f, t: t, ctx: ctx, lang: "en", texts: textsOf(t, "en"), at: func(string) {}}
}

// unplug takes the camera away, as the device tells of it. A track that the page itself stops says nothing.
const unplug = `document.getElementById("video").srcObject.getTracks()[0].dispatchEvent(new Event("ended"))`

// A camera that is lost while it is looked through says so, and can be asked for again; one that is lost behind a picture
// or a number disturbs neither, and is asked for when it is needed next.
func TestTheCameraIsLost(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.js(unplug)
	s.trouble("lost")
	s.press("camera")
	s.wait(scanning)

	s.press("shutter")
	s.wait(beingRead)
	s.js(unplug)
	s.wait(`document.documentElement.dataset.camera === "off"`)
	s.view("reading")
	s.kept(true)
	s.press("cancel")
	s.wait(scanning)

	s.take(aNumber)
	s.wait(resultShown)
	s.js(unplug)
	s.wait(`document.documentElement.dataset.camera === "off"`)
	if got := ask[string](t, ctx, number); got != "4000123456789017" {
		t.Errorf("the number went with the camera; %d digits are shown", len(got))
	}
	s.press("again")
	s.wait(scanning)
}

// A camera that is lost while the module is on its way, when nobody hears of it yet, is asked for anew.
func TestTheCameraIsLostBeforeTheModuleRuns(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices)
		window.asked = 0
		devices.getUserMedia = async wanted => {
			const stream = await ask(wanted)
			if (asked++ === 0) setTimeout(function end() { // once its picture is seen
				if (document.getElementById("video")?.videoWidth > 0) stream.getTracks()[0].stop(); else setTimeout(end, 5)
			}, 5)
			return stream
		}`)
	visit(t, ctx, newFront(t).address)
	wait(t, ctx, scanning)
	if got := ask[string](t, ctx, `document.getElementById("video").srcObject.getTracks()[0].readyState`); got != "live" {
		t.Errorf("the page looks through a camera that is %s", got)
	}
}

// A network that goes in the middle of sending leaves the picture, says what to do, and the same picture is read when it
// is back.
func TestTheNetworkIsLostWhileSending(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.slowly(4_000)
	s.take(silent)
	s.wait(`document.querySelector(".sheet progress")?.value > 0`)
	s.online(false)
	s.js(`dispatchEvent(new Event("offline"))`) // which DevTools leave out
	s.trouble("offline")
	s.kept(true)
	s.slowly(-1)
	s.online(true)
	s.answer.Store(aNumber)
	s.press("repeat")
	s.wait(resultShown)
}

// A file whose connection ends halfway is had at the next try, and is no reason to speak of changed files.
func TestAFileIsLostOnItsWay(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	s := visitor(t, ctx, f)
	s.cache(false)
	for _, name := range []string{"en", "worker"} {
		f.files.Store(map[string]fate{name: cut})
		s.visit("")
		s.wait(scanning)
		if len(f.files.Load().(map[string]fate)) > 0 {
			t.Errorf("%s was not cut", name)
		}
	}
}

// A style sheet that does not come is told, and had at the next try.
func TestTheStyleSheetIsTriedAgain(t *testing.T) {
	f := newFront(t)
	f.files.Store(map[string]fate{"app": lost})
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, f.address+"/?lang=fr")
	const again = `document.querySelector("#boot.failed button:not([hidden])")`
	wait(t, ctx, again+`?.textContent === `+quoted(textsOf(t, "fr")["boot.again"]))
	f.files.Store(map[string]fate{})
	ask[any](t, ctx, `void setTimeout(() => `+again+`.click())`)
	wait(t, ctx, scanning+` && getComputedStyle(document.getElementById("stage")).position === "fixed"`)
}

// A module that breaks off leaves no dead page: it says so, gives the camera back, and starts anew when asked. In a shop's
// page it leaves the form alone.
func TestThePageBreaksOff(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `if (location.search.includes("trap")) Object.defineProperty(self, "isSecureContext", { get() { throw new Error("as where the stack is small") } })`)
	const breakOff = `window.requestAnimationFrame = () => { throw new Error("as for want of memory") }`
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.js(`(() => { window.tracks = document.getElementById("video").srcObject.getTracks(); ` + breakOff + ` })()`)
	s.press("type")
	const again = `document.querySelector("#boot.failed button:not([hidden])")`
	s.wait(again + ` !== null && document.activeElement === ` + again + ` && tracks.every(track => track.readyState === "ended")`)
	if got := ask[string](t, ctx, `document.getElementById("boot").innerText.replace(/\s*\n\s*/g, "|")`); got != s.texts["trouble.server.title"]+"|"+s.texts["boot.again"] {
		t.Errorf("%q", got)
	}
	s.js(`void setTimeout(() => ` + again + `.click())`)
	s.wait(scanning + ` && !window.tracks`)
	s.visit("&trap") // in the first moment, past Go
	s.wait(again + ` !== null`)

	scanner := strings.Replace(f.address, "127.0.0.1", "localhost", 1)
	visit(t, ctx, strictPage(t, scanner))
	alone(t, ctx, scanner)
	ask[any](t, ctx, `void one.open()`)
	frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
	wait(t, ctx, `heard.includes("one ready ")`)
	ask[any](t, frame, `void (`+breakOff+`, setTimeout(() => document.querySelector("[data-do=type]").click()))`)
	wait(t, ctx, `heard.at(-1) === "one error ended" && !one.isOpen`)
}

// Each of the contract's errors, and answers that are none of its, have their words and a way on, and the picture is kept.
func TestEachAnswerHasItsWords(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	type answer struct {
		scripted
		fault state.Fault
	}
	answers := []answer{
		{scripted{status: 200, body: `{"time_used":5}`}, state.FaultServer},
		{scripted{status: 200, body: `<html>a portal</html>`}, state.FaultServer},
		{scripted{status: 502, body: `<html>502 Bad Gateway</html>`}, state.FaultServer},
		{scripted{status: 503, body: ``}, state.FaultCrowded},
		{scripted{status: 429, body: `{"error_message":"CONCURRENCY_LIMIT_EXCEEDED"}`}, state.FaultCrowded},
	}
	for _, c := range cardpp.Codes {
		body, err := json.Marshal(map[string]string{"error_message": c.Code})
		must(t, err)
		answers = append(answers, answer{scripted{status: c.Status, body: string(body)}, state.ServerFault(cardpp.NewError(c.Code, ""))})
	}
	for _, a := range answers {
		s.take(a.scripted)
		s.trouble(string(a.fault))
		s.kept(true)
		s.wait(`document.querySelectorAll(".sheet .actions button").length > 1`) // ways on
		s.press("type")                                                          // leaves the fault, so that the next one is seen to be another
		s.view("typing")
	}
}

// A tab that is left has no frames looked at. When it is shown again its video plays, though the browser had stopped it,
// and a card is taken as before; a picture that was on its way is still there.
func TestTheTabIsLeftAndShownAgain(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "nocard.jpg"))
	watchFrames(t, ctx)
	onNewDocument(t, ctx, `window.show = on => {
		Object.defineProperty(document, "hidden", { value: !on, configurable: true })
		Object.defineProperty(document, "visibilityState", { value: on ? "visible" : "hidden", configurable: true })
		if (!on) document.getElementById("video").pause()
		document.dispatchEvent(new Event("visibilitychange"))
	}`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	frames(t, ctx, 2)
	s.js("show(false)")
	quiet := false
	for range 4 { // the one that was on its way may be slow
		before := ask[int](t, ctx, "looks")
		s.pause(1000)
		if quiet = ask[int](t, ctx, "looks") == before; quiet {
			break
		}
	}
	if !quiet {
		t.Error("frames were looked at while nobody looked")
	}
	s.js("show(true)")
	s.wait(`!document.getElementById("video").paused`)
	frames(t, ctx, 2)

	f.answer.Store(silent)
	s.press("shutter")
	s.wait(beingRead)
	s.js("show(false); show(true)")
	s.view("reading")
	s.kept(true)
}

// A phone that is turned keeps what it shows: the number as edited, the picture, and the camera.
func TestThePhoneIsTurned(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "flat16.jpg"))
	s := visitor(t, ctx, f)
	turn := func(width, height int64) {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
		if found := ask[string](t, ctx, rested+".then(() => "+faults+")"); found != "" {
			t.Errorf("%d×%d:\n%s", width, height, found)
		}
	}
	f.answer.Store(oneDoubt)
	s.visit("")
	s.wait(resultShown)
	s.js(`{ const g = document.querySelector('[data-group="2"]'); g.value = "5679"; g.dispatchEvent(new InputEvent("input", { bubbles: true })) }`)
	for range 2 {
		turn(844, 390)
		turn(390, 844)
	}
	if got := ask[string](t, ctx, number); got != "4000123456799017" {
		t.Errorf("after turning, the number ends in %s", got[max(0, len(got)-8):])
	}
	s.kept(true)

	f.answer.Store(silent)
	s.press("again")
	s.wait(beingRead)
	turn(844, 390)
	s.view("reading")
	s.kept(true)
	s.press("cancel")
	s.wait(`document.documentElement.dataset.camera === "live"`)
	turn(390, 844)
	s.wait(`document.querySelector("#outline.tracked") !== null || document.documentElement.dataset.view === "reading"`)
}

// On a slow network the camera is there first, the module's coming is shown, and then a card is taken.
func TestASlowNetworkShowsTheCameraFirst(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "flat16.jpg"))
	onNewDocument(t, ctx, `window.shares = []
		addEventListener("DOMContentLoaded", () => setInterval(() => {
			const bar = document.querySelector("#boot:not([hidden]) progress")
			if (bar && document.getElementById("video").videoWidth > 0 && shares.at(-1) !== bar.value) shares.push(bar.value)
		}, 20))`)
	_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: 300, DownloadThroughput: 100_000, UploadThroughput: 50_000}}, // a poor 3G
	})
	must(t, err)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(resultShown)
	if n := ask[int](t, ctx, "shares.length"); n < 5 {
		t.Errorf("before the camera's picture the progress took %d values", n)
	}
}
