//go:build js

package page

import (
	"syscall/js"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/camera"
	"ocrbankcard/wasm/page/state"
)

// wake starts the worker where there is none. Without it the page still takes pictures by hand.
func (p *Page) wake() {
	if !p.eye.over() {
		return
	}
	e, err := newEye(js.Global().Get("scanner"))
	if err != nil {
		return
	}
	p.eye = e
	go func() {
		e.wait()
		p.watch()
	}()
}

// patience in milliseconds until a scan that nobody guides offers the other ways, as the guide itself does after as long.
const patience = 10_000

// openCamera shows the camera; asked is the promise of the page's inline script, if it asked. While an earlier call waits
// for its answer, that will do: it may wait for a person.
func (p *Page) openCamera(asked js.Value) {
	p.wanted = true
	p.state.CameraStarting()
	p.draw()
	if p.opening {
		return
	}
	p.opening = true
	defer func() { p.opening = false }()
	secure := browser.Bool(js.Global(), "isSecureContext")
	if !secure || !browser.Has(js.Global().Get("navigator"), "mediaDevices") {
		p.cameraFailed(state.CameraFault("NotFoundError", secure))
		return
	}
	c, err := camera.Open(p.stage.video.Value, asked, func() { p.cameraFailed(state.FaultLost) })
	if err != nil {
		p.cameraFailed(state.CameraFault(browser.ErrorName(err), secure))
		return
	}
	if !p.wanted {
		c.Close()
		return
	}
	p.camera = c
	p.state.CameraLive(c.HasTorch(), c.HasMore())
	p.draw()
	go p.watch()
}

func (p *Page) cameraFailed(f state.Fault) {
	p.release()
	p.state.CameraFailed(f)
	p.draw()
}

// watch shows the worker every frame that it has time for, until camera or worker are gone. One frame is on its way at a
// time; those that come meanwhile are never touched. Where the worker is gone, or sees nothing for long, for want of the
// locator or of memory, the other ways come forward.
func (p *Page) watch() {
	if p.watching || p.camera == nil {
		return
	}
	p.watching = true
	defer func() { p.watching = false }()
	p.fresh = true
	sighted, needy := 0.0, browser.Object(map[string]any{"needy": true})
	for p.camera != nil && !p.eye.over() {
		if p.state.View != state.Scan || js.Global().Get("document").Get("hidden").Bool() {
			p.fresh = true // where the page is hidden, too
			time.Sleep(100 * time.Millisecond)
			continue
		}
		p.nextFrame()
		frame, err := p.grab()
		if p.state.View != state.Scan { // a picture was begun meanwhile: its reading must not wait for another look, nor take in what that shows
			drop(frame)
			continue
		}
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		now := browser.Now()
		if p.fresh {
			sighted = now
		}
		look := map[string]any{"frame": frame, "at": now, "fresh": p.fresh, "read": p.state.Policy != state.PolicyServer}
		p.fresh = false // until a scan begins anew, even before this look is answered
		seen, err := p.eye.call("look", look, frame)
		switch {
		case p.fresh: // what it saw, even a picture to take, is of the scan before
			continue
		case err == nil && browser.Has(seen, "hint"):
			sighted = now
		case now-sighted > patience:
			seen, err = needy, nil
		}
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		p.seen(seen)
	}
	if p.camera != nil {
		p.seen(needy)
	}
}

// nextFrame waits for the video's next frame. requestVideoFrameCallback exists in WebKit and may never call back: a timer
// runs beside it.
func (p *Page) nextFrame() {
	if !browser.Has(p.stage.video.Value, "requestVideoFrameCallback") {
		time.Sleep(33 * time.Millisecond)
		return
	}
	came := make(chan struct{}, 1)
	f, release := browser.Func(func([]js.Value) {
		select {
		case came <- struct{}{}:
		default:
		}
	})
	id := p.stage.video.Value.Call("requestVideoFrameCallback", f)
	late := make(chan struct{})
	timer := time.AfterFunc(150*time.Millisecond, func() { close(late) }) // NewTimer's channel would bring all of time.Time
	select {
	case <-came:
	case <-late:
		p.stage.video.Value.Call("cancelVideoFrameCallback", id)
	}
	timer.Stop()
	release()
}

// grab takes the present frame without copying its pixels to the page: a VideoFrame, or an ImageBitmap where there is no
// WebCodecs, or none that takes this video. Whoever gets it must transfer or close it.
func (p *Page) grab() (frame js.Value, err error) {
	if browser.Has(js.Global(), "VideoFrame") {
		if err = browser.Catch(func() { frame = js.Global().Get("VideoFrame").New(p.stage.video.Value) }); err == nil {
			return frame, nil
		}
	}
	var promise js.Value
	if err = browser.Catch(func() { promise = js.Global().Call("createImageBitmap", p.stage.video.Value) }); err != nil {
		return js.Value{}, err
	}
	return browser.Await(promise)
}

// seen takes in what the worker saw in a frame: outline and ring at once, a new rendering only when words change.
func (p *Page) seen(data js.Value) {
	a := guide.Advice{
		Hint:       guide.Hint(browser.String(data, "hint")),
		Steadiness: browser.Float(data, "steadiness"),
		Take:       browser.Bool(data, "take"),
		Needy:      browser.Bool(data, "needy"),
		Tracked:    browser.Bool(data, "tracked"),
	}
	hint, needy, toward := p.state.Hint, p.state.Needy, p.state.Toward
	if hint != guide.Centre {
		p.state.Toward = ""
	}
	if a.Hint == guide.Centre && a.Tracked && p.camera.Rear() {
		p.state.Toward = state.WayToMiddle(quadOf(data.Get("quad")), browser.Int(data, "width"), browser.Int(data, "height"), p.state.Toward)
	}
	p.state.Guided(a)
	if !p.state.Looking() {
		return
	}
	if a.Tracked {
		p.stage.draw(quadOf(data.Get("quad")), browser.Int(data, "width"), browser.Int(data, "height"))
	} else {
		p.stage.hideOutline()
	}
	p.stage.steady(a.Steadiness)
	if hint != p.state.Hint || needy != p.state.Needy || toward != p.state.Toward {
		if a.Hint == guide.Good {
			vibrate(30)
		}
		p.draw()
	}
	if a.Take {
		go p.take(map[string]any{"held": true})
	}
}

// quadOf reads eight numbers; anything else is the zero quad.
func quadOf(v js.Value) (q geometry.Quad) {
	if v.Type() != js.TypeObject || v.Length() != 8 {
		return q
	}
	for i := range q {
		q[i] = geometry.Point{X: v.Index(2 * i).Float(), Y: v.Index(2*i + 1).Float()}
	}
	return q
}

// vibrate gives a short tap, where the device can and the person has not asked for less motion.
func vibrate(ms int) {
	still := js.Global().Call("matchMedia", "(prefers-reduced-motion: reduce)")
	if n := js.Global().Get("navigator"); browser.Has(n, "vibrate") && !browser.Bool(still, "matches") {
		n.Call("vibrate", ms)
	}
}
