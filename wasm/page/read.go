//go:build js

package page

import (
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/capture/fit"
	"ocrbankcard/wasm/page/state"
	"ocrbankcard/wasm/upload"
)

// shutter takes the picture that the camera shows now, unless another wish comes while the frame is had.
func (p *Page) shutter() {
	if !p.state.Looking() {
		return
	}
	switch frame, err := p.grab(); {
	case !p.state.Looking():
		drop(frame)
	case err != nil:
		p.cameraFailed(state.FaultCamera)
	default:
		p.take(map[string]any{"frame": frame, "fresh": p.fresh}, frame) // where no look has begun this scan, it does
	}
}

// take has a picture made of what the fields name (the frame that the worker held, a frame, a file) and reads it.
func (p *Page) take(fields map[string]any, transfer ...any) {
	shot, ok := p.state.Begin()
	if !ok {
		return
	}
	p.dropPicture()
	if fields["held"] == nil {
		p.stage.hideOutline() // it is of an earlier frame, or of no photo at all
	}
	p.draw()
	vibrate(60)
	taken, err := p.make(fields, transfer)
	if err != nil {
		p.fail(shot, pictureFault(err))
		return
	}
	still, blob := taken.Get("still"), taken.Get("blob")
	picture := state.Picture{URL: objectURL("create", blob), Crop: cropOf(taken.Get("crop")), Bound: quadOf(taken.Get("bound"))}
	if !p.state.Taken(shot, picture) { // and another may be at hand already
		objectURL("revoke", picture.URL)
		drop(still)
		return
	}
	p.blob, p.url = blob, picture.URL
	if still.Truthy() {
		p.stage.freeze(still)
	}
	if p.stage.hideOutline(); picture.Bounded() {
		p.stage.draw(picture.Crop.ToFrame(picture.Bound), browser.Int(taken, "width"), browser.Int(taken, "height"))
	}
	p.draw()
	p.read(shot)
}

// make encodes the picture in the worker, or here where the worker is gone or can't draw.
func (p *Page) make(fields map[string]any, transfer []any) (js.Value, error) {
	p.wake() // a page that was closed has none
	fields["keep"] = p.state.Policy != state.PolicyServer
	taken, err := p.eye.call("take", fields, transfer...)
	if err == nil || err != errGone && err != faultError(faultNoCanvas) {
		return taken, err
	}
	video := p.stage.video.Value
	source := capture.Photo{Image: video, Width: browser.Int(video, "videoWidth"), Height: browser.Int(video, "videoHeight"), Scale: 1}
	if file, ok := fields["file"].(js.Value); ok {
		if source, err = capture.Open(file); err != nil {
			return js.Value{}, err
		}
		defer source.Image.Call("close")
	}
	return encodeHere(source)
}

// faultNoCanvas is the worker's word for capture.ErrNoCanvas.
const faultNoCanvas = "nocanvas"

func encodeHere(p capture.Photo) (js.Value, error) {
	picture, err := capture.Encode(p.Image, p.Width, p.Height, nil)
	if err != nil {
		return js.Value{}, err
	}
	c := picture.Crop.Of(p.Scale)
	fields := map[string]any{"blob": picture.Blob, "crop": []any{c.X, c.Y, c.W, c.H, c.OutW, c.OutH}}
	if picture.Still.Truthy() {
		fields["still"] = picture.Still
	} else if still, err := capture.Still(p.Image, p.Width, p.Height); err == nil {
		fields["still"] = still
	}
	return browser.Object(fields), nil
}

// cropOf reads six numbers.
func cropOf(v js.Value) fit.Crop {
	n := func(i int) int { return v.Index(i).Int() }
	return fit.Crop{X: n(0), Y: n(1), W: n(2), H: n(3), OutW: n(4), OutH: n(5)}
}

// read reads the picture at hand by the policy: there, here, or here at once and confirmed there.
func (p *Page) read(shot state.Shot) {
	switch p.state.Policy {
	case state.PolicyDevice:
		r, err := p.readHere(shot)
		if err != nil {
			p.fail(shot, state.FaultDevice)
			return
		}
		p.answer(shot, r, false)
	case state.PolicyBoth:
		r, err := p.readHere(shot)
		if err == nil && !r.Number.IsZero() {
			if p.answer(shot, r, true) { // it may have been given up meanwhile
				p.confirm(shot)
			}
			return
		}
		p.readThere(shot)
	default:
		p.readThere(shot)
	}
}

// readThere sends the picture, unless it was given up meanwhile, and shows the answer.
func (p *Page) readThere(shot state.Shot) {
	if !p.proceed(shot, state.Sending, 0) {
		return
	}
	r, err := p.send(shot)
	switch {
	case err == upload.ErrCancelled:
	case err != nil:
		p.fail(shot, callFault(err))
	default:
		p.answer(shot, r, false)
	}
}

// confirm asks the server about a number that was read here. When it can't be reached, the number stands as read here.
func (p *Page) confirm(shot state.Shot) {
	r, err := p.send(shot)
	if err != nil {
		r = state.Read{}
	}
	if p.state.Confirm(shot, r) {
		p.other = browser.Now()
	}
	p.draw()
}

func (p *Page) send(shot state.Shot) (state.Read, error) {
	call, err := upload.Send(p.target, p.blob, func(share float64) {
		if share >= 1 {
			p.proceed(shot, state.Waiting, 1)
			return
		}
		p.proceed(shot, state.Sending, share)
	})
	if err != nil {
		return state.Read{}, err
	}
	p.call = call
	a, err := call.Wait()
	if p.call == call {
		p.call = nil
	}
	return state.Read{Bound: a.Bound, Number: a.Number, Digits: a.Digits, Sure: a.Sure, By: state.ByServer}, err
}

func (p *Page) proceed(shot state.Shot, phase state.Phase, share float64) bool {
	wanted := p.state.Proceed(shot, phase, share)
	p.draw()
	return wanted
}

func (p *Page) answer(shot state.Shot, r state.Read, checking bool) bool {
	wanted := p.state.Answer(shot, r, checking)
	if p.draw(); wanted && p.state.View == state.Result {
		vibrate(120)
	}
	return wanted
}

// fail tells of a failure. Where another picture would be refused as well, the camera is of no use.
func (p *Page) fail(shot state.Shot, f state.Fault) {
	if p.state.Fail(shot, f) && f == state.FaultDenied {
		p.cameraFailed(f)
	}
	p.draw()
}

// repeat reads the picture at hand once more. What was to be read here is gone with its worker, and taken from the file.
func (p *Page) repeat() {
	if p.state.Fault == state.FaultDevice && p.eye.over() {
		p.take(map[string]any{"file": p.blob})
	} else if shot, ok := p.state.Repeat(); ok {
		p.draw()
		p.read(shot)
	}
}

// again returns to the camera; what was taken and read is forgotten.
func (p *Page) again() {
	p.cancelCall()
	p.state.Again()
	p.dropPicture()
	p.stage.steady(0)
	if p.camera == nil {
		p.open()
	}
	go p.watch() // which has ended where the worker is gone
	p.draw()
}

func (p *Page) cancelCall() {
	if p.call != nil {
		p.call.Cancel()
		p.call = nil
	}
}

// dropPicture forgets the picture at hand, in the browser's memory, too.
func (p *Page) dropPicture() {
	p.stage.thaw()
	p.blob = js.Undefined()
	if p.url != "" {
		objectURL("revoke", p.url)
		p.url = ""
	}
}

// objectURL creates the address of a blob, or revokes one.
func objectURL(do string, of any) string {
	if v := js.Global().Get("URL").Call(do+"ObjectURL", of); v.Truthy() {
		return v.String()
	}
	return ""
}

// readHere reads the picture that the worker took last.
func (p *Page) readHere(shot state.Shot) (state.Read, error) {
	p.proceed(shot, state.OnDevice, 0)
	data, err := p.eye.call("read", nil)
	if err != nil {
		return state.Read{}, err
	}
	return deviceRead(data), nil
}

// deviceRead takes the worker's reading out of its message.
func deviceRead(data js.Value) state.Read {
	r := state.Read{By: state.ByDevice, Sure: browser.Float(data, "confidence"), Number: numberOf(browser.String(data, "number"))}
	if browser.Bool(data, "found") {
		r.Bound = quadOf(data.Get("bound"))
	}
	if d := data.Get("digits"); d.Type() == js.TypeObject {
		for i := range d.Length() {
			r.Digits = append(r.Digits, d.Index(i).Float())
		}
	}
	return r
}
