//go:build js

package page

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/hexops/vecty"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/camera"
	"ocrbankcard/wasm/page/state"
)

// listen takes in what happens outside vecty's part of the page, for as long as the page is open: drop, paste, keys.
func (p *Page) listen() {
	document := js.Global().Get("document")
	browser.Listen(document, "dragover", func(e js.Value) { e.Call("preventDefault") })
	browser.Listen(document, "drop", func(e js.Value) {
		e.Call("preventDefault")
		p.fileIn(e.Get("dataTransfer"))
	})
	browser.Listen(document, "visibilitychange", func(js.Value) {
		if p.wanted && browser.String(document, "visibilityState") == "visible" {
			camera.Resume(p.stage.video.Value) // phones stop the video of a page that was left, also while it starts
		}
	})
	browser.Listen(js.Global(), "focus", func(js.Value) {
		time.AfterFunc(time.Millisecond, p.returned) // when the browser has put it where Tab or a finger wants it
	})
	// A browser may keep a page that was left, to show it again as it was: not the number.
	browser.Listen(js.Global(), "pagehide", func(js.Value) { p.shut() })
	browser.Listen(document, "paste", p.pasted)
	browser.Listen(document, "keydown", func(e js.Value) {
		if browser.String(e, "key") == "Escape" && !composing(e) {
			p.escape()
		}
	})
}

// meant in milliseconds is how long a view must have been there for a finger to mean its buttons. Before, it meant what lay there
// in the view that has gone: the second tap of two, or the one that the page's own picture or the answer has just overtaken.
const meant = 400

// clicked finds what the click asks for, on the element or around it. Keys, which step through what is there, count at once.
func (p *Page) clicked(e *vecty.Event) {
	button := e.Target.Call("closest", "[data-do]")
	do, late := action(datum(button, "do")), p.focused != p.state.View || browser.Now() < p.came+meant
	if button.IsNull() || button.Get("disabled").Truthy() || late && do != doClose && browser.Int(e.Value, "detail") > 0 {
		return
	}
	switch do {
	case doShutter:
		go p.shutter()
	case doPhoto, doSnap:
		p.pick(do == doSnap)
	case doType:
		p.cancelCall()
		p.state.Type()
		if p.state.Torch == state.SwitchedOn {
			go p.torch() // off, for its switch is gone
		}
		p.draw()
	case doBack:
		p.back()
	case doCancel, doAgain:
		p.again()
	case doRepeat:
		go p.repeat()
	case doCamera:
		p.open()
	case doUse:
		p.use()
	case doCopy:
		go p.copy()
	case doTorch:
		go p.torch()
	case doLens:
		go p.lens()
	case doHand:
		p.stage.swapHand()
	case doClose:
		p.close()
	}
	p.asked = p.state.View != p.rendered
}

// escape steps back from wherever one is. Where there is no camera to step back to, it would only be asked for anew, and
// the same be told again: a dialog ends there, as it does at the camera.
func (p *Page) escape() {
	switch view := p.state.View; {
	case view == state.Scan, view == state.Trouble && p.state.Fault.OfCamera():
		p.host.Escape()
	case view == state.Typing:
		p.back()
	case view == state.Reading, view == state.Result, view == state.Trouble:
		p.again()
	}
}

// pick opens the file picker, or the camera app: the way to a picture in apps' web views, which have no camera for pages.
func (p *Page) pick(snap bool) {
	file := p.stage.element("file")
	file.RemoveAttribute("capture")
	if snap {
		file.SetAttribute("capture", "environment")
	}
	file.Click()
}

// changed takes a chosen file.
func (p *Page) changed(e *vecty.Event) {
	if browser.String(e.Target, "id") != "file" {
		return
	}
	p.choose(e.Target.Get("files"))
	e.Target.Set("value", "") // so that the same file may be chosen again
}

// pasted takes a picture, or a whole number into whichever of its fields it was pasted.
func (p *Page) pasted(e js.Value) {
	data := e.Get("clipboardData")
	if group, ok := groupOf(e.Get("target")); ok || isPan(e.Get("target")) {
		text := data.Call("getData", "text").String()
		if p.state.Entry.Replace(text) {
			e.Call("preventDefault")
			if last := len(p.state.Entry.Groups) - 1; group > last {
				p.stepTo(e, last, cardnumber.MaxDigits) // its field goes
			}
			p.draw()
		}
		if text != "" {
			return // what comes with it is a picture of a spreadsheet's cell
		}
	}
	p.fileIn(data)
}

// fileIn takes a dropped or pasted picture.
func (p *Page) fileIn(data js.Value) {
	if data.Truthy() && p.state.View != state.Typing {
		p.choose(data.Get("files"))
	}
}

// choose takes the first of the files. It goes before a picture that is being read, which the camera may have taken behind
// the file picker.
func (p *Page) choose(files js.Value) {
	if files.Length() > 0 {
		p.cancelCall()
		p.state.Cancel()
		go p.take(map[string]any{"file": files.Index(0)})
	}
}

// edited takes in what stands in a field now. While an input method composes, as full-width digits are typed, the field is
// its own: what is written there meanwhile it would write once more.
func (p *Page) edited(e *vecty.Event) {
	if composing(e.Value) {
		return
	}
	if group, ok := groupOf(e.Target); ok {
		p.editGroup(e.Target, group)
	} else if isPan(e.Target) {
		p.editPan(e.Target, browser.String(e.Value, "inputType") == "deleteContentForward")
	}
}

func (p *Page) editGroup(field js.Value, group int) {
	text, caret := browser.String(field, "value"), browser.Int(field, "selectionStart")
	put(field, p.state.Entry.Set(group, text), text, state.DigitsBefore(text, caret))
	p.draw()
}

// put has a field show what is kept of the text in it, with the caret behind as many digits as before.
func put(field js.Value, kept, text string, at int) {
	if kept != text {
		field.Set("value", kept)
		at = state.CaretAfter(kept, at)
		field.Call("setSelectionRange", at, at)
	}
}

// editPan groups the number while it is typed, and keeps the caret behind the digit it stood behind. The Delete key, which
// takes what is behind the caret, may have taken a space only: then the digit behind that was meant.
func (p *Page) editPan(field js.Value, forward bool) {
	text, caret := browser.String(field, "value"), browser.Int(field, "selectionStart")
	before, at := p.state.Entry.Digits(), state.DigitsBefore(text, caret)
	digits := p.state.Entry.Set(0, text)
	if forward && digits == before && at < len(digits) {
		digits = p.state.Entry.Set(0, digits[:at]+digits[at+1:])
	}
	put(field, state.Spaced(digits), text, at)
	p.draw()
}

// composing reports whether an event is an input method's own. Safari says so of the key that ends the composing by its code
// alone, for it comes after the end there (WebKit bug 165004).
func composing(e js.Value) bool {
	return browser.Bool(e, "isComposing") || browser.Int(e, "keyCode") == 229
}

// keyed hands the number over at Enter, and lets the arrow keys step from group to group.
func (p *Page) keyed(e *vecty.Event) {
	if composing(e.Value) {
		return // Enter ends it, and nothing else
	}
	key := browser.String(e.Value, "key")
	group, ok := groupOf(e.Target)
	inField := ok || isPan(e.Target)
	switch {
	case key == "Enter" && inField:
		p.use()
	case key == "ArrowRight" && ok && browser.Int(e.Target, "selectionStart") == len(browser.String(e.Target, "value")):
		p.stepTo(e.Value, group+1, 0)
	case key == "ArrowLeft" && ok && browser.Int(e.Target, "selectionEnd") == 0:
		p.stepTo(e.Value, group-1, cardnumber.MaxDigits)
	}
}

func (p *Page) stepTo(e js.Value, group, caret int) {
	next := js.Global().Get("document").Call("querySelector", `[data-group="`+strconv.Itoa(group)+`"]`)
	if next.IsNull() {
		return
	}
	e.Call("preventDefault")
	next.Call("focus")
	next.Call("setSelectionRange", caret, caret)
}

// isPan reports whether that is the field of a number that is typed.
func isPan(field js.Value) bool { return browser.String(field, "id") == "pan" }

// groupOf returns which of the number's groups a field holds, and false when it is no such field.
func groupOf(field js.Value) (int, bool) {
	group := datum(field, "group")
	if len(group) != 1 || group < "0" || group > "9" {
		return 0, false // a number has six groups at most
	}
	return int(group[0] - '0'), true
}

// datum returns an element's data attribute, or "".
func datum(element js.Value, name string) string {
	if !browser.Has(element, "dataset") {
		return ""
	}
	return browser.String(element.Get("dataset"), name)
}

// numberOf parses digits; what is no number is none.
func numberOf(digits string) cardnumber.Number {
	n, err := cardnumber.Parse(digits)
	if err != nil {
		return cardnumber.Number{}
	}
	return n
}
