package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tour leads a page through every state that a person can meet it in. What a state hangs on is real where a test can
// bring it about (files, answers, lost connections, a shaking network) and played where only a phone could: a lens with a
// light, a camera that another app holds, the ten hints one after the other.
type tour struct {
	*front
	t     *testing.T
	ctx   context.Context
	lang  string
	texts map[string]string // of that language
	at    func(state string)
	bound string // the card's corners in the photo of the tour, as the real engine saw them
}

// played is what a tour's pages run before their own scripts. ?camera= names the error of getUserMedia, "never" keeps it
// waiting; ?torch gives the camera a light and a second lens. forced is laid over what the worker says of a frame, and
// while holding is true what it read is kept back.
const played = `
	window.cameraFault = new URLSearchParams(location.search).get("camera")
	const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices), list = devices.enumerateDevices.bind(devices)
	devices.getUserMedia = wanted => !cameraFault ? ask(wanted)
		: cameraFault === "never" ? new Promise(() => {}) : Promise.reject(new DOMException("", cameraFault))
	if (new URLSearchParams(location.search).has("torch")) {
		const settings = MediaStreamTrack.prototype.getSettings
		window.facing = undefined
		MediaStreamTrack.prototype.getSettings = function () { return { ...settings.call(this), facingMode: facing } }
		const can = MediaStreamTrack.prototype.getCapabilities, apply = MediaStreamTrack.prototype.applyConstraints
		MediaStreamTrack.prototype.getCapabilities = function () { return { ...can.call(this), torch: true } }
		MediaStreamTrack.prototype.applyConstraints = function (c) { return c?.advanced?.some(a => "torch" in a) ? Promise.resolve() : apply.call(this, c) }
		devices.enumerateDevices = async () => { const all = await list(); return [...all, ...all] }
	}
	window.alert = window.confirm = window.prompt = () => { throw new Error("a page that calls this stops its video on iOS") }
	window.shifted = 0
	new PerformanceObserver(list => list.getEntries().forEach(e => { shifted += e.value })).observe({ type: "layout-shift", buffered: true })
	window.forced = null, window.holding = false, window.held = []
	const Start = Worker
	window.Worker = class extends Start {
		heard = new Map()
		addEventListener(kind, f, ...more) {
			if (kind !== "message") return super.addEventListener(kind, f, ...more)
			const g = e => {
				if (holding && "found" in e.data) held.push(() => f(e))
				else f(forced && "steadiness" in e.data ? { data: { ...e.data, ...forced } } : e)
			}
			this.heard.set(f, g)
			super.addEventListener(kind, g, ...more)
		}
		removeEventListener(kind, f, ...more) { super.removeEventListener(kind, this.heard.get(f) ?? f, ...more) }
	}`

// takeTour visits every state in a language and calls at in each, with a name for it.
func takeTour(t *testing.T, ctx context.Context, f *front, lang string, at func(state string)) {
	t.Helper()
	s := &tour{front: f, t: t, ctx: ctx, lang: lang, texts: textsOf(t, lang), at: at}
	onNewDocument(t, ctx, played)
	s.loading()
	s.camera()
	s.typing()
	s.results()
	s.troubles()
	s.live()
	s.onDevice()
	s.closing()
}

// textsOf reads a language's file.
func textsOf(t *testing.T, lang string) (texts map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "web", "locales", lang+".json"))
	must(t, err)
	must(t, json.Unmarshal(data, &texts))
	return texts
}

// visit loads the page; query is added to its address.
func (s *tour) visit(query string) {
	s.t.Helper()
	must(s.t, chromedp.Do(s.ctx, chromedp.Navigate(s.address+"/?lang="+s.lang+query)))
}

// cache lets the browser keep files, or not.
func (s *tour) cache(keep bool) {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !keep})
	must(s.t, err)
}

func (s *tour) js(expression string) {
	s.t.Helper()
	ask[any](s.t, s.ctx, expression+";0")
}

func (s *tour) wait(expression string) { s.t.Helper(); wait(s.t, s.ctx, expression) }
func (s *tour) press(do string)        { s.t.Helper(); press(s.t, s.ctx, do) }
func (s *tour) view(name string)       { s.t.Helper(); view(s.t, s.ctx, name) }

// trouble waits for the page to tell of a fault.
func (s *tour) trouble(fault string) {
	s.t.Helper()
	s.says("#heading", "trouble."+fault+".title")
	s.says(".what", "trouble."+fault+".text")
}

// says waits until an element says that text, in the tour's language.
func (s *tour) says(selector, key string) {
	s.t.Helper()
	s.wait(`document.querySelector("` + selector + `")?.textContent === ` + quoted(strings.ReplaceAll(s.texts[key], "{host}", strings.TrimPrefix(s.address, "http://"))))
}

// loading: the module on its way, and not coming; then the weights. Files that come are kept by the browser, so those that
// don't come first.
func (s *tour) loading() {
	s.files.Store(map[string]fate{"scanner": halfway})
	s.visit("&camera=never")
	s.wait(`document.querySelector("#boot progress").value > 0.4`)
	s.at("loading")
	// The browser's cache waits for the half file's other half, and lets no second request by.
	s.cache(false)
	s.files.Store(map[string]fate{"scanner": changed})
	s.visit("&camera=never")
	s.wait(`document.getElementById("boot").classList.contains("failed")`)
	s.at("loading-changed")
	s.files.Store(map[string]fate{"scanner": lost})
	s.policy.Store("device")
	s.visit("&camera=never")
	s.wait(`document.getElementById("boot").classList.contains("failed")`)
	s.at("loading-failed")
	s.files.Store(map[string]fate{"weights": lost})
	s.cache(true)
	s.js(`document.querySelector("#boot button").click()`)
	s.wait(`document.getElementById("boot").hidden`)
	s.wait(`document.querySelector(".hint strong") !== null`)
	s.at("starting")
	choose(s.t, s.ctx, s.photo())
	s.trouble("device")
	s.at("device")
	s.files.Store(map[string]fate{})
	s.policy.Store("")
}

// camera: each way in which there is none.
func (s *tour) camera() {
	s.visit("&camera=NotAllowedError")
	s.trouble("refused")
	s.at("refused")
	for _, c := range [][2]string{{"busy", "NotReadableError"}, {"camera", "TypeError"}} {
		s.js(`cameraFault = "` + c[1] + `"`)
		s.press("camera")
		s.trouble(c[0])
		s.at(c[0])
	}
	s.js(`Object.defineProperty(window, "isSecureContext", { value: false, configurable: true })`)
	s.press("camera")
	s.trouble("insecure")
	s.at("insecure")
	s.js(`Object.defineProperty(window, "isSecureContext", { value: true }); cameraFault = "NotFoundError"`)
	s.press("close")
	s.view("closed")
	s.at("closed")
	s.press("camera")
	s.trouble("nocamera")
	s.at("nocamera")
}

// typing: the number by hand, and what is said of it.
func (s *tour) typing() {
	s.press("type")
	s.view("typing")
	s.wait(`document.getElementById("pan") !== null`)
	s.at("typing")
	for _, c := range [][2]string{{"short", "40001"}, {"luhn", "4000123456789018"}, {"fine", "6205500000000000004"}} {
		s.js(`{ const pan = document.getElementById("pan"); pan.value = "` + c[1] + `"; pan.dispatchEvent(new InputEvent("input", { bubbles: true })) }`)
		if c[0] == "short" {
			s.press("use")
		}
		s.wait(`document.querySelector(".advice.` + c[0] + `") !== null`)
		s.at("typing-" + c[0])
	}
	s.press("back")
	s.trouble("nocamera")
}

// photo is what the tour chooses; its card is found and read by the real server.
func (s *tour) photo() string {
	s.t.Helper()
	file, err := filepath.Abs(filepath.Join(root, "testdata", "flat16.jpg"))
	must(s.t, err)
	return file
}

// take chooses the photo, for the server to answer to like this.
func (s *tour) take(a scripted) {
	s.t.Helper()
	if s.bound != "" {
		a.body = strings.Replace(a.body, aBound, s.bound, 1)
	}
	s.answer.Store(a)
	choose(s.t, s.ctx, s.photo())
}

// again leaves a result, so that the next one is seen to be another.
func (s *tour) again() {
	s.t.Helper()
	s.press("again")
	s.wait(`document.documentElement.dataset.view !== "result"`)
}

// results: the number, sure, doubtful, odd and long, and what becomes of it.
func (s *tour) results() {
	s.answer.Store(scripted{})
	choose(s.t, s.ctx, s.photo())
	s.wait(resultShown)
	s.bound = corners(ask[string](s.t, s.ctx, `document.getElementById("bound").getAttribute("points")`))
	s.at("result")
	s.again()
	for _, c := range []struct {
		state  string
		answer scripted
	}{{"result-doubt", oneDoubt}, {"result-long", longCard}, {"result-luhn", noLuhn}, {"result-length", oddLength}} {
		s.take(c.answer)
		s.wait(resultShown)
		s.at(c.state)
		if c.state != "result-length" {
			s.again()
		}
	}
	s.press("use")
	s.view("done")
	s.wait(`document.querySelector(".masked") !== null`)
	s.at("done")
	s.js(`Object.defineProperty(navigator, "clipboard", { value: { writeText: async () => {} } })`)
	s.press("copy")
	s.says("[data-do=copy]", "done.copied")
	s.at("done-copied")
}

// corners writes the points of an SVG polygon as the contract's bound.
func corners(points string) string {
	var p [8]float64
	if _, err := fmt.Sscanf(strings.ReplaceAll(points, ",", " "), "%f %f %f %f %f %f %f %f", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5], &p[6], &p[7]); err != nil {
		return aBound
	}
	return boundOf([8]int{int(p[0]), int(p[1]), int(p[2]), int(p[3]), int(p[4]), int(p[5]), int(p[6]), int(p[7])})
}

// troubles: what fails with a picture, from its file to the answer; and its way there.
func (s *tour) troubles() {
	dir := s.t.TempDir()
	write := func(name string, data []byte) string {
		file := filepath.Join(dir, name)
		must(s.t, os.WriteFile(file, data, 0o600))
		return file
	}
	var tiny bytes.Buffer
	must(s.t, png.Encode(&tiny, image.NewGray(image.Rect(0, 0, 99, 99))))
	for _, c := range [][2]string{
		{"unsupported", write("text.txt", []byte("no picture"))},
		{"toosmall", write("tiny.png", tiny.Bytes())},
		{"heic", write("photo.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x08mdat"))},
	} {
		choose(s.t, s.ctx, c[1])
		s.trouble(c[0])
		s.kept(false)
		s.at(c[0])
	}
	for _, c := range []struct {
		state  string
		answer scripted
	}{
		{"nocard", noCard}, {"unreadable", noNumber}, {"server", serverDown}, {"crowded", crowded}, {"denied", denied},
		{"toolarge", tooBig}, {"timeout", tooLate}, {"unreachable", dropped},
	} {
		s.take(c.answer)
		s.trouble(c.state)
		s.kept(true)
		s.at(c.state)
	}
	s.online(false)
	s.take(dropped)
	s.trouble("offline")
	s.kept(true)
	s.at("offline")
	s.online(true)

	s.slowly(4_000)
	s.take(silent)
	s.wait(`document.querySelector(".sheet progress")?.value > 0`)
	s.at("sending")
	s.press("cancel")
	s.slowly(-1)
	s.take(silent)
	s.wait(`document.querySelector(".waiting") !== null && document.querySelector(".picture") !== null`)
	s.at("reading")
	s.press("cancel")
}

// kept checks that a picture that can be tried again is still shown.
func (s *tour) kept(want bool) {
	s.t.Helper()
	if kept := ask[bool](s.t, s.ctx, `document.querySelector(".picture image") !== null`); kept != want {
		s.t.Errorf("the picture is kept: %v", kept)
	}
}

func (s *tour) online(on bool) {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1})
	must(s.t, err)
}

// slowly bounds how many bytes a second leave the browser; -1 lifts the bound.
func (s *tour) slowly(rate float64) {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: rate}},
	})
	must(s.t, err)
}

// allHints is what can be said of a live picture, besides that nothing is there.
var allHints = []string{"search", "closer", "farther", "centre", "straighten", "cutoff", "still", "dark", "glare", "blurred", "twocards", "good"}

// live: the camera's view, with each hint, and a picture that is taken of it.
func (s *tour) live() {
	s.answer.Store(silent)
	s.visit("&torch")
	s.wait(`document.documentElement.dataset.camera === "live" && document.querySelector('[data-do="torch"]') !== null`)
	for _, hint := range allHints {
		s.say(hint, false)
		s.at("live-" + hint)
	}
	s.say("search", false)
	s.js(`facing = "environment"; forced = { hint: "centre", take: false, tracked: true, width: 960, height: 720, quad: [560, 300, 940, 300, 940, 540, 560, 540] }`)
	s.says(".hint strong", "hint.centre.left")
	s.says(".spoken", "hint.centre.left")
	s.at("live-centre-left")
	s.say("search", true)
	s.at("live-needy")
	s.press("torch")
	s.wait(`document.querySelector('[data-do="torch"]').getAttribute("aria-pressed") === "true"`)
	s.at("live-torch")
	s.press("shutter")
	s.wait(`document.querySelector(".waiting") !== null && document.querySelector(".picture") !== null`)
	s.at("reading-camera")
	s.press("cancel")
	s.wait(`document.documentElement.dataset.camera === "live"`)
}

// say puts a hint into the worker's mouth; the outline stays what it sees.
func (s *tour) say(hint string, needy bool) {
	s.t.Helper()
	s.js(fmt.Sprintf(`forced = { hint: %q, needy: %v, take: false, steadiness: %q === "good" ? 0.7 : 0, ...(["search", "dark"].includes(%[1]q) && { tracked: false }) }`, hint, needy, hint))
	s.says(".hint strong", "hint."+hint)
	if needy {
		s.says(".hint small", "hint.needy")
	}
}

// onDevice: reading without sending, and with the server's word on it.
func (s *tour) onDevice() {
	s.policy.Store("both")
	s.visit("&camera=NotAllowedError")
	s.trouble("refused")
	s.js("holding = true")
	s.take(silent)
	s.wait("held.length > 0")
	s.at("reading-device")
	s.js("holding = false; held.pop()()")
	s.wait(resultShown)
	s.at("result-checking")
	s.again()
	s.take(read200(specimenOf(s.t, "flat16.jpg").Number))
	s.wait(resultShown)
	s.says(".promise span", "promise.both.done")
	s.at("result-both")
	s.policy.Store("device")
	s.visit("&camera=NotAllowedError")
	s.trouble("refused")
	choose(s.t, s.ctx, s.photo())
	s.wait(resultShown)
	s.at("result-device")
	s.policy.Store("")
}

// closing: everything is off.
func (s *tour) closing() {
	s.press("close")
	s.view("closed")
	s.at("closed-device")
}
