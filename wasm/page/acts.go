//go:build js

package page

import (
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/host"
	"ocrbankcard/wasm/page/state"
)

// open switches everything on: after closing, or to ask for the camera once more.
func (p *Page) open() {
	p.wake()
	go p.openCamera(js.Undefined())
}

// greet tells the page that embeds this one that the scanner is there, and closes when that asks for it.
func (p *Page) greet() {
	p.host.Listen(p.shut)
	p.host.Ready()
}

// close is the person's wish: everything off, and nothing handed over.
func (p *Page) close() {
	p.shut()
	p.host.Cancel()
}

// shut switches everything off: the camera's light goes out, the worker ends, nothing is kept.
func (p *Page) shut() {
	p.cancelCall()
	p.state.Close()
	p.dropPicture()
	p.release()
	p.eye.end()
	p.eye = nil
	p.draw()
}

// back leaves the typing. The camera may have been refused or closed meanwhile.
func (p *Page) back() {
	p.state.Back()
	if p.state.View == state.Scan && p.camera == nil {
		p.open()
	}
	p.draw()
}

// release gives the camera back, also one that is still to come.
func (p *Page) release() {
	p.wanted = false
	if p.camera != nil {
		p.camera.Close()
		p.camera = nil
	}
}

// use hands the number over, but none that nobody can have seen yet: a tap or a key that was on its way meant the one before. The
// light need not stay on while nobody looks, nor the picture be kept.
func (p *Page) use() {
	if browser.Now() < p.other+meant {
		return
	}
	p.cancelCall()
	bound := p.state.Bound()
	if n, ok := p.state.Use(); ok {
		p.release()
		p.state.CameraFailed(state.FaultNone)
		p.dropPicture()
		p.host.Scan(host.Result{Number: n, Bound: bound, Confidence: p.state.Entry.Confidence})
	}
	p.draw()
}

// copy puts the number on the clipboard, which only a person's own click may do.
func (p *Page) copy() {
	n, err := p.state.Entry.Number()
	if err != nil {
		return
	}
	clipboard := js.Global().Get("navigator").Get("clipboard")
	if clipboard.Truthy() {
		_, err = browser.Await(clipboard.Call("writeText", n.Reveal()))
	}
	p.state.Copied = clipboard.Truthy() && err == nil || copyByEvent(n.Reveal())
	p.draw()
}

// copyByEvent is the way of pages without https, which have no navigator.clipboard, and of Android's web views, which refuse it:
// what is copied is the event's to say.
func copyByEvent(text string) (copied bool) {
	document := js.Global().Get("document")
	stop := browser.Listen(document, "copy", func(e js.Value) {
		e.Call("preventDefault")
		e.Get("clipboardData").Call("setData", "text/plain", text)
		copied = true
	})
	defer stop()
	return document.Call("execCommand", "copy").Bool() && copied
}

// torch switches the light. A lens that refuses loses its switch.
func (p *Page) torch() {
	if p.camera == nil {
		return
	}
	on := p.state.Torch != state.SwitchedOn
	switch err := p.camera.Torch(on); {
	case err != nil:
		p.state.Torch = state.Absent
	case on:
		if p.state.Torch = state.SwitchedOn; p.state.View == state.Typing {
			p.torch() // off, for its switch has gone meanwhile
		}
	default:
		p.state.Torch = state.SwitchedOff
	}
	p.draw()
}

// lens changes to the next lens.
func (p *Page) lens() {
	c := p.camera
	if c == nil || p.opening {
		return
	}
	p.opening = true
	p.state.CameraStarting()
	p.stage.hideOutline()
	p.draw()
	err := c.Next(func() { p.cameraFailed(state.FaultLost) })
	p.opening = false
	switch {
	case p.camera != c: // it was given back meanwhile, and perhaps asked for again
		c.Close()
		if p.wanted {
			p.openCamera(js.Undefined())
		}
	case err != nil:
		p.cameraFailed(state.CameraFault(browser.ErrorName(err), true))
	default:
		p.state.CameraLive(c.HasTorch(), c.HasMore())
		p.fresh = true // as after another view
		p.draw()
	}
}
