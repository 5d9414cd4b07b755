//go:build js

package page

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/page/state"
)

// stage is what lies under vecty's part of the page and is there before it: the video, the frozen frame, the outline. It
// changes with every frame of the camera, too often for a new rendering.
type stage struct {
	document js.Value
	root     *dom.BasicHTMLElement // <html>: the style sheet follows its data-view and --steady
	video    *dom.HTMLVideoElement
	frozen   *dom.HTMLCanvasElement
	outline  *dom.BasicElement
	lines    [2]*dom.BasicElement
	shown    string
}

func newStage() *stage {
	d := js.Global().Get("document")
	get := func(selector string) *dom.BasicElement { return element(d.Call("querySelector", selector)) }
	s := &stage{
		document: d,
		root:     htmlElement(d.Get("documentElement")),
		outline:  get("#outline"),
		lines:    [2]*dom.BasicElement{get("#outline .casing"), get("#outline .line")},
	}
	s.frozen = &dom.HTMLCanvasElement{BasicHTMLElement: htmlElement(d.Call("getElementById", "frozen"))}
	s.video = &dom.HTMLVideoElement{HTMLMediaElement: &dom.HTMLMediaElement{BasicHTMLElement: htmlElement(d.Call("getElementById", "video"))}}
	s.placeHand()
	return s
}

// element and htmlElement name an element's type themselves. dom/v2's own look-ups can return any of 70 types, and with
// them the module would grow by 150 KB of methods that nobody calls.
func element(v js.Value) *dom.BasicElement {
	return &dom.BasicElement{BasicNode: &dom.BasicNode{Value: v}}
}

func htmlElement(v js.Value) *dom.BasicHTMLElement {
	return &dom.BasicHTMLElement{BasicElement: element(v)}
}

// element returns an element of vecty's part by id, or nil.
func (s *stage) element(id string) *dom.BasicHTMLElement {
	v := s.document.Call("getElementById", id)
	if v.IsNull() {
		return nil
	}
	return htmlElement(v)
}

var viewNames = map[state.View]string{
	state.Scan: "scan", state.Reading: "reading", state.Result: "result", state.Typing: "typing",
	state.Trouble: "trouble", state.Done: "done", state.Closed: "closed",
}

// show lets the style sheet know the view.
func (s *stage) show(st *state.State) {
	name := viewNames[st.View]
	if name != s.shown {
		s.shown = name
		s.root.SetAttribute("data-view", name)
		if st.View != state.Reading {
			s.hideOutline()
		}
	}
	camera := "off"
	switch st.Camera {
	case state.Live:
		camera = "live"
	case state.Starting:
		camera = "starting"
	}
	s.root.SetAttribute("data-camera", camera)
	s.root.SetAttribute("data-picture", strconv.FormatBool(st.Picture != nil))
}

// draw puts the outline at the card's corners, in pixels of the camera's frame. The drawing's viewBox is the frame, and it
// is fitted to the screen by the same rule as the video: no arithmetic, no lag.
func (s *stage) draw(q geometry.Quad, width, height int) {
	s.outline.SetAttribute("viewBox", "0 0 "+strconv.Itoa(width)+" "+strconv.Itoa(height))
	at := points(q)
	for _, l := range s.lines {
		l.SetAttribute("points", at)
	}
	s.outline.Class().Add("tracked")
}

func (s *stage) hideOutline() { s.outline.Class().Remove("tracked") }

// steady fills the ring around the shutter, 0 to 1.
func (s *stage) steady(share float64) {
	s.root.Style().SetProperty("--steady", decimal(share), "")
}

// freeze shows a still (an ImageBitmap, which is used up) over the video.
func (s *stage) freeze(still js.Value) {
	s.frozen.SetWidth(browser.Int(still, "width"))
	s.frozen.SetHeight(browser.Int(still, "height"))
	s.frozen.Call("getContext", "bitmaprenderer").Call("transferFromImageBitmap", still)
	s.frozen.Set("hidden", false)
}

// thaw shows the video again, and lets the frozen frame's pixels go.
func (s *stage) thaw() {
	s.frozen.Set("hidden", true)
	s.frozen.Call("getContext", "bitmaprenderer").Call("transferFromImageBitmap", nil)
}

// handed is where the side of the controls is kept, for a phone held across.
const handed = "scanner.hand"

// placeHand puts the controls on the side that was chosen at an earlier visit.
func (s *stage) placeHand() {
	if browser.Remembered(handed) == "start" {
		s.root.SetAttribute("data-hand", "start")
	}
}

// swapHand puts the controls on the other side, and remembers it.
func (s *stage) swapHand() {
	side := "start"
	if s.root.GetAttribute("data-hand") == "start" {
		side = "end"
	}
	s.root.SetAttribute("data-hand", side)
	browser.Remember(handed, side)
}
