package e2e

import (
	"context"
	"encoding/json"
	"fmt"
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

// visit loads the page and waits for its language; query is added to its address.
func (s *tour) visit(query string) {
	s.t.Helper()
	visit(s.t, s.ctx, s.address+"/?lang="+s.lang+query)
	s.wait(`document.documentElement.lang === ` + quoted(s.texts["locale.tag"]) + ` && document.title === ` + quoted(s.texts["title"]))
}

// cache lets the browser keep files, or not.
func (s *tour) cache(keep bool) {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !keep})
	must(s.t, err)
}

// pause waits for what is not to happen.
func (s *tour) pause(ms int) {
	s.t.Helper()
	ask[any](s.t, s.ctx, fmt.Sprintf("new Promise(r => setTimeout(r, %d))", ms))
}

// js evaluates what gives nothing; a promise is not waited for.
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

// corners writes the points of an SVG polygon as the contract's bound.
func corners(points string) string {
	var p [8]float64
	if _, err := fmt.Sscanf(strings.ReplaceAll(points, ",", " "), "%f %f %f %f %f %f %f %f", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5], &p[6], &p[7]); err != nil {
		return aBound
	}
	return boundOf([8]int{int(p[0]), int(p[1]), int(p[2]), int(p[3]), int(p[4]), int(p[5]), int(p[6]), int(p[7])})
}

// kept waits until a picture that can be tried again is shown, or none.
func (s *tour) kept(want bool) {
	s.t.Helper()
	s.wait(fmt.Sprintf(`(document.querySelector(".picture image") !== null) === %v`, want))
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

// say puts a hint into the worker's mouth; the outline stays what it sees.
func (s *tour) say(hint string, needy bool) {
	s.t.Helper()
	s.js(fmt.Sprintf(`forced = { hint: %q, needy: %v, take: false, steadiness: %q === "good" ? 0.7 : 0, ...(["search", "dark"].includes(%[1]q) && { tracked: false }) }`, hint, needy, hint))
	s.says(".hint strong", "hint."+hint)
	if needy {
		s.says(".hint small", "hint.needy")
	}
}
