//go:build js

// Package camera holds the one camera stream of the page: the rear lens, its torch, the change to another lens, and the
// end of it all. A second getUserMedia would stop the first (qr-scanner#125): one stream, released before the next.
package camera

import (
	"syscall/js"
	"time"

	"ocrbankcard/wasm/browser"
)

// remembered is where the chosen lens is kept, so that the next visit's inline script asks for it at once.
const remembered = "scanner.lens"

// patience is how long play() is waited for: its promise does not end while no frame comes, as from a camera that its
// system has muted.
const patience = 6 * time.Second

// Camera is an open stream and the element that shows it.
type Camera struct {
	video, stream, track js.Value
	lenses               []Lens
	unlisten             func()
}

// Open waits for the stream that the page's inline script asked for, or asks for one when asked is undefined. It returns
// when frames come. ended is called when the device takes the camera away.
func Open(video, asked js.Value, ended func()) (*Camera, error) {
	c := &Camera{video: video}
	var err error
	if asked.Truthy() {
		c.stream, err = browser.Await(asked)
	}
	if err == nil && !c.live() { // nobody has asked, or the device took it away before anybody listened
		c.stream, err = ask(browser.Remembered(remembered))
	}
	if browser.ErrorName(err) == "NotReadableError" {
		// Another page or the last visit may be about to let go (ZXingBlazor#42).
		time.Sleep(700 * time.Millisecond)
		c.stream, err = ask("")
	}
	if err != nil {
		return nil, err
	}
	if err := c.show(ended); err != nil {
		c.Close()
		return nil, err
	}
	c.list()
	if better, is := c.better(); is {
		if err := c.use(better, ended); err != nil {
			c.Close()
			return nil, err
		}
	}
	c.focus()
	return c, nil
}

// better returns the id of a lens that suits cards better than the one that came, "" for any rear one; a person's choice
// stands. Where the lens that was chosen is gone, or has another id by now, phones give the one that looks at the person.
func (c *Camera) better() (id string, is bool) {
	chosen := browser.Remembered(remembered)
	if chosen != "" && chosen == c.lens() {
		return "", false
	}
	if i := Best(c.lenses, c.lens()); i >= 0 {
		return c.lenses[i].ID, true
	}
	return "", chosen != "" && c.facing() == "user"
}

// live reports whether there is a stream that has not ended.
func (c *Camera) live() bool {
	return c.stream.Truthy() && browser.String(c.stream.Call("getVideoTracks").Index(0), "readyState") == "live"
}

// ask asks for a stream: of the lens with that id, or of the rear one.
func ask(lens string) (js.Value, error) {
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if !devices.Truthy() {
		return js.Value{}, js.Error{Value: browser.Object(map[string]any{"name": "NotFoundError", "message": "no mediaDevices"})}
	}
	video := map[string]any{
		"width":  map[string]any{"ideal": 1920},
		"height": map[string]any{"ideal": 1080},
	}
	if lens != "" {
		video["deviceId"] = map[string]any{"ideal": lens}
	} else {
		video["facingMode"] = map[string]any{"ideal": "environment"}
	}
	return browser.Await(devices.Call("getUserMedia", map[string]any{"audio": false, "video": video}))
}

// show puts the stream on the page and waits for its first frame. Some browsers paint nothing until play() is called
// (webrtc/samples#1565). The element stands in the page's own HTML, muted and playsinline: without them iOS plays nothing,
// or fills the screen with it (capture-browser#12, mobile_scanner#1785); nor does the page ever call alert(), which stops
// the video there (barcode-reader-javascript#135).
func (c *Camera) show(ended func()) error {
	c.track = c.stream.Call("getVideoTracks").Index(0)
	f, release := browser.Func(func([]js.Value) { ended() })
	c.track.Set("onended", f) // a listener of a track hears nothing in Firefox that the page itself says (boot.js)
	c.unlisten = func() {
		c.track.Set("onended", nil)
		release()
	}
	if !c.video.Get("srcObject").Equal(c.stream) {
		c.video.Set("srcObject", c.stream)
	}
	played, late := make(chan error, 1), make(chan struct{})
	go func() {
		_, err := browser.Await(c.video.Call("play"))
		played <- err
	}()
	timer := time.AfterFunc(patience, func() { close(late) })
	defer timer.Stop()
	select {
	case err := <-played:
		if err != nil && browser.ErrorName(err) != "AbortError" {
			return err
		}
	case <-late:
	}
	for range 100 {
		if c.Width() > 0 {
			return nil
		}
		if !c.live() { // closed meanwhile, or taken away
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return js.Error{Value: browser.Object(map[string]any{"name": "NotReadableError", "message": "no frame came"})}
}

// use changes to another lens.
func (c *Camera) use(id string, ended func()) error {
	c.Close()
	stream, err := ask(id)
	if err != nil {
		if stream, err = ask(""); err != nil {
			return err
		}
	}
	c.stream = stream
	return c.show(ended)
}

// list learns which lenses there are. Without them the page simply offers no change.
func (c *Camera) list() {
	devices, err := browser.Await(js.Global().Get("navigator").Get("mediaDevices").Call("enumerateDevices"))
	if err != nil {
		return
	}
	c.lenses = nil
	for i := range devices.Length() {
		if d := devices.Index(i); browser.String(d, "kind") == "videoinput" {
			c.lenses = append(c.lenses, Lens{browser.String(d, "deviceId"), browser.String(d, "label")})
		}
	}
}

// lens returns the id of the lens in use.
func (c *Camera) lens() string {
	return browser.String(c.track.Call("getSettings"), "deviceId")
}

// capabilities returns what the track can do; Firefox before 132 can't say.
func (c *Camera) capabilities() js.Value {
	if !browser.Has(c.track, "getCapabilities") {
		return js.Null()
	}
	return c.track.Call("getCapabilities")
}

// focus asks for continuous focus where the lens has a choice. A refusal changes nothing.
func (c *Camera) focus() {
	modes := js.Null()
	if caps := c.capabilities(); browser.Has(caps, "focusMode") {
		modes = caps.Get("focusMode")
	}
	if modes.Truthy() && modes.Call("includes", "continuous").Bool() {
		_, _ = browser.Await(c.track.Call("applyConstraints",
			map[string]any{"advanced": []any{map[string]any{"focusMode": "continuous"}}}))
	}
}

// HasTorch reports whether the lens in use has a light. Only the track knows (WebKit bug 243075).
func (c *Camera) HasTorch() bool {
	return browser.Has(c.capabilities(), "torch") && c.capabilities().Get("torch").Truthy()
}

// Torch switches the light.
func (c *Camera) Torch(on bool) error {
	_, err := browser.Await(c.track.Call("applyConstraints",
		map[string]any{"advanced": []any{map[string]any{"torch": on}}}))
	return err
}

// Rear reports whether the lens is known to look away from the person: left in its picture is left in the hand then.
func (c *Camera) Rear() bool { return c != nil && c.facing() == "environment" }

// facing tells where the lens looks: "environment", "user", or "" where that is not known.
func (c *Camera) facing() string { return browser.String(c.track.Call("getSettings"), "facingMode") }

// HasMore reports whether there is another lens to change to.
func (c *Camera) HasMore() bool { return len(c.lenses) > 1 }

// Next changes to the next lens and remembers it.
func (c *Camera) Next(ended func()) error {
	current, next := c.lens(), 0
	for i, l := range c.lenses {
		if l.ID == current {
			next = (i + 1) % len(c.lenses)
		}
	}
	if err := c.use(c.lenses[next].ID, ended); err != nil {
		return err
	}
	browser.Remember(remembered, c.lens())
	c.focus()
	return nil
}

// Resume plays a camera's video again after the browser has stopped it. A refusal leaves it as it is.
func Resume(video js.Value) {
	go func() { _, _ = browser.Await(video.Call("play")) }()
}

// Width returns the frame's width in pixels, 0 before the first frame.
func (c *Camera) Width() int { return browser.Int(c.video, "videoWidth") }

// Close ends the stream. The camera's light goes out only when every track is stopped (mediabunny#204).
func (c *Camera) Close() {
	if c.unlisten != nil {
		c.unlisten()
		c.unlisten = nil
	}
	if c.stream.Truthy() {
		tracks := c.stream.Call("getTracks")
		for i := range tracks.Length() {
			tracks.Index(i).Call("stop")
		}
	}
	c.video.Set("srcObject", js.Null())
}
