//go:build js

package page

import (
	"syscall/js"

	"github.com/hexops/vecty"
	"github.com/hexops/vecty/elem"
	"github.com/hexops/vecty/event"
	"github.com/hexops/vecty/prop"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/locale"
	"ocrbankcard/wasm/page/state"
)

// App is the page's one component; its parts are functions of the state. It alone has listeners, one for each kind of
// event, and tells by the target's data-do what is meant: vecty leaks the callback of every listener whose element is
// removed, and here none ever is.
type App struct {
	vecty.Core
	page    *Page
	mounted bool
}

// Copy leaves vecty's own bookkeeping behind; a plain copy would keep every earlier rendering alive.
func (a *App) Copy() vecty.Component {
	c := *a
	c.Core = vecty.Core{}
	return &c
}

// ui is what the parts of the page are drawn from.
type ui struct {
	*state.State
	*locale.Table
	host string // where pictures are sent, for people
	away bool   // the keyboard is in the page around this one, and does not come with a new view
}

// Render draws the page.
func (a *App) Render() vecty.ComponentOrHTML {
	p := a.page
	p.rendered = p.state.View
	u := ui{p.state, p.texts, p.server(), p.away()}
	return elem.Div(
		vecty.Markup(
			prop.ID("app"), vecty.Attribute("tabindex", "-1"),
			event.Click(p.clicked),
			event.Input(p.edited),
			event.CompositionEnd(p.edited),
			event.Change(p.changed),
			event.KeyDown(p.keyed),
		),
		spoken(u.spoken()),
		spoken(u.offered()),
		u.bar(),
		u.hint(),
		u.controls(),
		u.sheet(),
		elem.Input(vecty.Markup(
			prop.ID("file"), prop.Type(prop.TypeFile), vecty.Property("hidden", true), vecty.Attribute("tabindex", "-1"),
			vecty.Attribute("accept", "image/*,.heic,.heif"), vecty.Attribute("aria-label", u.Text("do.photo")),
		)),
	)
}

// server names where pictures are sent, for people.
func (p *Page) server() string {
	if p.target.Base != "" {
		var host string
		if browser.Catch(func() { host = js.Global().Get("URL").New(p.target.Base).Get("host").String() }) == nil {
			return host
		}
	}
	return js.Global().Get("location").Get("host").String()
}

// Action is what a click can ask for, as written in data-do.
type action string

const (
	doShutter action = "shutter"
	doPhoto   action = "photo"
	doSnap    action = "snap" // the device's own camera app
	doType    action = "type"
	doBack    action = "back"
	doCancel  action = "cancel"
	doAgain   action = "again"
	doRepeat  action = "repeat"
	doCamera  action = "camera" // ask for the camera (again)
	doUse     action = "use"
	doCopy    action = "copy"
	doTorch   action = "torch"
	doLens    action = "lens"
	doHand    action = "hand"
	doClose   action = "close"
)
