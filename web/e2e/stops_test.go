package e2e

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

// The stops of a tour, in its order.

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
	s.js(unplug)
	s.trouble("lost")
	s.at("lost")
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
	s.again()
	s.take(dropped)
	s.wait(resultShown)
	s.says(".promise span", "promise.both.alone")
	s.at("result-alone")
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
