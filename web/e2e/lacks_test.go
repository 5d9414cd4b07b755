package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// How far a browser gets that lacks something: the page takes the picture by itself; by hand alone, after saying that other
// ways are open, too; or not at all, and says so.
const (
	itself = "by itself"
	handed = "by hand"
	unfit  = "not at all"
)

// lacks are what older browsers, apps' web views and cautious settings lack, refuse or leave unanswered.
var lacks = []struct{ name, far, script string }{
	{"WebAssembly", unfit, `delete self.WebAssembly`},
	{"a policy that allows WebAssembly", unfit, `{ const refused = () => { throw new WebAssembly.CompileError("refused") }
		WebAssembly.Module = refused; for (const name of ["compile", "compileStreaming"]) WebAssembly[name] = async () => refused() }`},
	{"SIMD", itself, `{ const compile = WebAssembly.compile; WebAssembly.compile = async b => { if (b.byteLength < 1e5) throw new WebAssembly.CompileError("invalid opcode"); return compile(b) } }`},
	{"compileStreaming", itself, `delete WebAssembly.compileStreaming; delete WebAssembly.instantiateStreaming`},
	{"TransformStream", itself, `delete self.TransformStream; delete self.ReadableStream`},
	{"hashing", itself, `Object.defineProperty(Crypto.prototype, "subtle", { value: undefined })`},
	{"workers from blobs", handed, `if (self.window) self.Worker = class { constructor() { throw new DOMException("", "SecurityError") } }`},
	{"OffscreenCanvas and WebCodecs", handed, `delete self.OffscreenCanvas; delete self.VideoFrame; delete self.ImageDecoder`}, // Safari before 16.4
	{"OffscreenCanvas's 2d", handed, `delete self.VideoFrame; delete self.ImageDecoder
		{ const get = OffscreenCanvas.prototype.getContext; OffscreenCanvas.prototype.getContext = function (kind, ...more) { return kind === "2d" ? null : get.call(this, kind, ...more) } }`},
	{"WebCodecs", itself, `delete self.VideoFrame; delete self.ImageDecoder`}, // Firefox before 130
	{"VideoFrames of the camera", itself, `if (self.window) self.VideoFrame = class { constructor() { throw new DOMException("", "InvalidStateError") } }`},
	{"VideoFrames' pixels", itself, `VideoFrame.prototype.copyTo = async () => { throw new DOMException("", "NotSupportedError") }`},
	{"requestVideoFrameCallback", itself, `if (self.window) for (const name of ["request", "cancel"]) delete HTMLVideoElement.prototype[name + "VideoFrameCallback"]`}, // Firefox before 132
	{"what tracks and storage tell", itself, `if (self.window) { // Firefox before 132, frames in Safari
		delete MediaStreamTrack.prototype.getCapabilities; delete Navigator.prototype.vibrate
		MediaDevices.prototype.enumerateDevices = async () => { throw new DOMException("", "NotAllowedError") }
		Object.defineProperty(window, "localStorage", { get() { throw new DOMException("", "SecurityError") } }) }`},
}

// What a browser lacks costs what hangs on it, and nothing else: a picture is taken and a photo read, or the page says that
// this browser can't, and has no camera on.
func TestWhatABrowserLacks(t *testing.T) {
	t.Parallel() // it partly waits
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "flat16.jpg"))
	var cases strings.Builder
	for i, l := range lacks {
		script, err := json.Marshal(l.script)
		must(t, err)
		fmt.Fprintf(&cases, "case \"%d\": code = %s; { %s }; break\n", i, script, l.script)
	}
	onNewDocument(t, ctx, `{ const made = URL.createObjectURL, ask = MediaDevices.prototype.getUserMedia
		MediaDevices.prototype.getUserMedia = async function (wish) { return window.stream = await ask.call(this, wish) }
		let code = ""
		switch (new URLSearchParams(location.search).get("lack")) {
		`+cases.String()+`}
		URL.createObjectURL = blob => made(blob.type === "text/javascript" ? new Blob([code, "\n", blob], { type: blob.type }) : blob) }`)
	s := visitor(t, ctx, f)
	for i, l := range lacks {
		t.Log(l.name)
		s.visit(fmt.Sprintf("&lack=%d", i))
		if l.far == unfit {
			s.says("#boot.failed .fault:not([hidden]) h1", "boot.unfit.title")
			s.says("#boot.failed .fault:not([hidden]) p", "boot.unfit.text")
			s.wait(`!window.stream || stream.getTracks()[0].readyState === "ended"`)
			continue
		}
		if l.far == handed {
			s.wait(scanning)
			s.says(".hint small", "hint.needy")
			s.press("shutter")
		}
		s.wait(resultShown)
		choose(t, ctx, s.photo())
		s.wait(`document.documentElement.dataset.view === "reading"`)
		s.wait(resultShown)
		s.press("use")
		s.view("done")
	}
}

// A scanner that can't run in a shop's page says so there, and asks for no camera that it has no use for.
func TestNoCameraIsAskedForInVain(t *testing.T) {
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `if (self !== top) {
		delete self.WebAssembly
		navigator.mediaDevices.getUserMedia = () => (top.asked = true, new Promise(() => {}))
	}`)
	visit(t, ctx, f.address+"/checkout.html")
	wait(t, ctx, `document.querySelector("bank-card-scanner")?.shadowRoot`)
	ask[any](t, ctx, `void (window.scanner = document.querySelector("bank-card-scanner"), scanner.open())`)
	wait(t, ctx, `(window.inner = scanner.shadowRoot.querySelector("iframe").contentWindow).document.querySelector("#boot.failed .fault:not([hidden]) h1")?.textContent === `+quoted(textsOf(t, "en")["boot.unfit.title"]))
	ask[any](t, ctx, `inner.bankCardHost.options.then(() => new Promise(r => setTimeout(r)))`)
	if ask[bool](t, ctx, `window.asked === true`) {
		t.Error("the camera was asked for")
	}
}
