package e2e

import "testing"

// delaying has a page keep back, while late is true, what its worker says of frames, and while stuck is true, of pictures; answer
// gives the first on with what is laid over it. What the worker is asked for stands in posted.
const delaying = `{
	window.posted = [], window.late = window.stuck = false
	const kept = []
	window.kept = kept
	window.answer = over => { const [f, data] = kept.shift(); f({ data: { ...data, ...over } }) }
	const Prompt = Worker
	window.Worker = class extends Prompt {
		constructor(...a) { super(...a); window.worker = this }
		postMessage(m, ...more) { posted.push(m); super.postMessage(m, ...more) }
		addEventListener(kind, f, ...more) {
			super.addEventListener(kind, kind !== "message" ? f : e => {
				if (late && "width" in e.data && !("crop" in e.data) || stuck && "crop" in e.data) kept.push([f, e.data])
				else f(e)
			}, ...more)
		}
	}
}`

// What a frame of an earlier scan showed, even a picture to take, is passed over, however late the worker says so; the next scan
// begins with its own frames.
func TestALateLookIsPassedOver(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+"\n"+delaying)
	s := visitor(t, ctx, f)
	s.visit("&torch")
	for _, c := range []struct {
		name  string
		begin func()
	}{
		{"another picture", func() { s.press("shutter"); s.wait(beingRead); s.press("cancel") }},
		{"typing", func() { s.press("type"); s.view("typing"); s.press("back") }},
		{"another lens", func() { s.press("lens"); s.wait(`document.documentElement.dataset.camera === "starting"`) }},
		{"another camera", func() { s.js(unplug); s.trouble("lost"); s.press("camera") }},
	} {
		s.wait(scanning)
		s.js("late = true")
		s.wait("kept.length > 0")
		c.begin()
		s.wait(scanning)
		s.js(`late = false; window.from = posted.length; answer({ hint: "good", take: true, tracked: true, steadiness: 1 })`)
		s.wait("posted.length > from")
		if next := ask[string](t, ctx, `posted[from].kind + " " + posted[from].fresh`); next != "look true" {
			t.Errorf("%s: the worker is asked for %q next", c.name, next)
		}
	}
}

// Where there are no VideoFrames a wish may come while a frame is had: it goes first. What was had for nothing is closed; a camera
// stops when too many of its frames stay open.
func TestAFrameIsOvertaken(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, delaying+`
		delete self.VideoFrame
		const make = createImageBitmap
		window.slow = false, window.bitmaps = [], window.go = []
		window.createImageBitmap = async (...a) => {
			const made = await make(...a)
			if (slow) await new Promise(r => { bitmaps.push(made); go.push(r) })
			return made
		}
		window.give = () => { slow = false; go.splice(0).forEach(r => r()) }
		window.freed = () => bitmaps.length > 0 && bitmaps.every(b => b.width === 0)
		window.still = null`)
	s := visitor(t, ctx, f)
	s.visit("")
	begin := func() {
		t.Helper()
		s.wait(scanning)
		s.js("bitmaps = []; slow = true")
		s.wait("go.length === 1") // for a look
	}

	begin()
	s.take(silent)
	s.wait(beingRead)
	s.js("window.from = posted.length; give()")
	s.wait("freed()")
	if n := ask[int](t, ctx, "posted.length - from"); n != 0 {
		t.Error("the worker is asked to look at the camera while a photo is read")
	}
	s.press("cancel")

	begin()
	s.press("shutter")
	s.wait("go.length === 2")
	s.press("type")
	s.view("typing")
	s.js("give()")
	s.wait("freed()")
	s.view("typing")
	s.press("back")

	begin()
	s.press("shutter")
	s.press("shutter")
	s.wait("go.length === 3")
	s.js("give()")
	s.wait(beingRead + " && freed()")
	s.press("cancel")

	s.wait(scanning)
	s.js("stuck = true")
	s.press("shutter")
	s.wait("kept.length === 1")
	s.press("cancel")
	s.wait(scanning)
	s.js(`stuck = false; window.still = kept[0][1].still; answer()`)
	s.wait("still.width === 0")

	begin()
	s.js(`worker.dispatchEvent(new ErrorEvent("error")); give()`)
	s.wait("freed()")
}

// A light that comes on only when the number is typed already, where it has no switch, goes out again; the shutter does not count
// while the lens changes, though its button has not been drawn anew.
func TestATorchAndALensAreOvertaken(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`
		window.lights = []
		const constrain = MediaStreamTrack.prototype.applyConstraints
		MediaStreamTrack.prototype.applyConstraints = function (c) {
			const light = c?.advanced?.find(a => "torch" in a)
			return light ? new Promise(done => lights.push({ on: light.torch, done })) : constrain.call(this, c)
		}`)
	s := visitor(t, ctx, newFront(t))
	s.visit("&torch")
	s.wait(scanning)
	s.js(`document.querySelector('[data-do="lens"]').click(); document.querySelector('.shutter').click()`)
	s.wait(`document.documentElement.dataset.camera === "starting" || document.documentElement.dataset.view === "trouble"`)
	s.wait(scanning)
	s.press("torch")
	s.wait("lights.length === 1 && lights[0].on")
	s.press("type")
	s.view("typing")
	s.js("lights[0].done()")
	s.wait("lights.length === 2 && !lights[1].on")
}

// A page that is left and shown again while its camera starts plays it, though the browser had stopped it.
func TestThePageIsLeftWhileTheCameraStarts(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, `
		const devices = navigator.mediaDevices, list = devices.enumerateDevices.bind(devices)
		devices.enumerateDevices = async () => { await new Promise(r => { window.tell = r }); return list() }`)
	s := visitor(t, ctx, newFront(t))
	s.visit("")
	s.wait("window.tell")
	s.js(`document.getElementById("video").pause(); document.dispatchEvent(new Event("visibilitychange")); tell()`)
	s.wait(scanning + ` && !document.getElementById("video").paused`)
}

// A page that is closed before the next lens gives a picture waits for none any more, and opens again.
func TestALensIsNotWaitedForInVain(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played+`
		const opens = devices.getUserMedia
		window.asked = 0, window.blind = false, window.reads = 0
		devices.getUserMedia = wanted => { asked++; return blind ? Promise.resolve(new MediaStream([new RTCPeerConnection().addTransceiver("video").receiver.track])) : opens(wanted) }
		const width = Object.getOwnPropertyDescriptor(HTMLVideoElement.prototype, "videoWidth")
		Object.defineProperty(HTMLVideoElement.prototype, "videoWidth", { get() { reads++; return width.get.call(this) } })`)
	s := visitor(t, ctx, newFront(t))
	s.visit("&torch")
	s.wait(scanning)
	s.js("blind = true; asked = 0")
	s.press("lens")
	s.wait("asked === 1 && document.getElementById('video').srcObject")
	s.js("blind = false; reads = 0")
	s.press("close")
	s.view("closed")
	s.press("camera")
	s.wait("asked === 2")
	if n := ask[int](t, ctx, "reads"); n > 20 {
		t.Errorf("a lens that was given back was looked through %d times", n)
	}
	s.wait(scanning)
}

// The locator may come while a picture is made in which no card could be looked for: it is sent whole, and the worker goes on.
func TestTheLocatorComesInTheMiddleOfAPicture(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, delaying+`{ const made = URL.createObjectURL
		const code = `+"`"+`{ const get = fetch, copy = VideoFrame.prototype.copyTo, read = Response.prototype.arrayBuffer
			let free, came
			const copying = new Promise(r => { free = r }), there = new Promise(r => { came = r })
			self.fetch = async (url, ...more) => { if (url.includes("locator")) await copying; return get(url, ...more) }
			Response.prototype.arrayBuffer = async function () { const b = await read.call(this); if (this.url.includes("locator")) setTimeout(came); return b }
			VideoFrame.prototype.copyTo = async function (...a) { free(); await there; return copy.apply(this, a) } }`+"`"+`
		URL.createObjectURL = blob => made(blob.type === "text/javascript" ? new Blob([code, "\n", blob], { type: blob.type }) : blob) }
		{ const Loud = Worker; window.Worker = class extends Loud { constructor(...a) { super(...a); super.addEventListener("error", () => { window.over = true }) } } }`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning + ` && posted.some(m => m.kind === "look")`)
	s.press("shutter")
	s.wait(resultShown)
	if ask[bool](t, ctx, "window.over === true") {
		t.Error("the worker broke off")
	}
}

// A picture that is taken before the first look of its scan, as by a finger that waits for the camera, is not read together with
// the card before.
func TestAPictureBeforeTheFirstLookIsReadAlone(t *testing.T) {
	f := newFront(t)
	f.policy.Store("device")
	ctx := browser(t, camera(t, "flat16.jpg"))
	onNewDocument(t, ctx, delaying+`
		window.blind = true, window.sure = []
		const Frame = VideoFrame, make = createImageBitmap
		window.VideoFrame = class { constructor(...a) { if (blind) throw new DOMException("", "InvalidStateError"); return new Frame(...a) } }
		window.createImageBitmap = (...a) => blind ? Promise.reject(new DOMException("", "InvalidStateError")) : make(...a)
		{ const Read = Worker; window.Worker = class extends Read { constructor(...a) { super(...a); super.addEventListener("message", e => { if (e.data.confidence) sure.push(e.data.confidence) }) } } }`)
	s := visitor(t, ctx, f)
	s.visit("")
	for range 2 {
		s.wait(scanning)
		s.js(`blind = false; document.querySelector(".shutter").click(); blind = true`)
		s.wait(resultShown)
		s.press("again")
	}
	if got := ask[[]float64](t, ctx, "sure"); got[0] != got[1] {
		t.Errorf("the confidence in turn: %v", got)
	}
	if looks := ask[int](t, ctx, `posted.filter(m => m.kind === "look").length`); looks != 0 {
		t.Errorf("%d looks came between", looks)
	}
}
