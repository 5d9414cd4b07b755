//go:build js

// Package page is the scanner as a person meets it: vecty draws the state, one listener for each kind of event drives
// it, and goroutines do the waiting. All of them share the page's only thread and change places only where they wait, so
// the state needs no lock.
package page

import (
	"syscall/js"

	"github.com/hexops/vecty"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/camera"
	"ocrbankcard/wasm/host"
	"ocrbankcard/wasm/locale"
	"ocrbankcard/wasm/page/state"
	"ocrbankcard/wasm/upload"
)

// Page holds everything that lives as long as the page is open.
type Page struct {
	state  *state.State
	texts  *locale.Table
	target upload.Target
	app    *App
	host   *host.Host
	stage  *stage
	eye    *eye
	camera *camera.Camera
	call   *upload.Call // the picture on its way, or nil
	url    string       // object URL of the picture at hand, to be revoked
	blob   js.Value     // the picture at hand, for another try

	rendered state.View // the view that is in the document
	focused  state.View // the view that has had the focus moved to it
	settled  js.Func    // called once a new view is in the document
	came     float64    // when that was, as browser.Now tells
	other    float64    // when the server's number took the place of the one read here
	asked    bool       // the view to come is the answer to a click, which not every browser gives the focus to
	missed   bool       // the focus was elsewhere in the page around this one, and was left there
	watching bool
	fresh    bool // the next look is the first of a scan, and one that is not answered yet is of the scan before
	opening  bool
	wanted   bool // the camera was asked for, and neither given back nor refused since
}

// Run draws the page and serves it for as long as it is open.
func Run() {
	p := newPage()
	p.draw()
	p.listen()
	p.wake()
	go p.openCamera(js.Global().Get("scanner").Get("camera"))
	js.Global().Get("scanner").Call("started")
	p.greet()
	select {}
}

// newPage takes over what the page's script has prepared: texts, configuration, worker.
func newPage() *Page {
	boot := js.Global().Get("scanner")
	config := boot.Get("config")
	p := &Page{
		state:   &state.State{Policy: state.ParsePolicy(browser.String(config, "read"))},
		texts:   newTable(boot.Get("texts"), browser.String(boot, "language")),
		target:  upload.Target{Base: browser.String(config, "api"), Token: browser.String(config, "session")},
		stage:   newStage(),
		host:    host.New(),
		focused: -1,
	}
	p.app = &App{page: p}
	p.settled, _ = browser.Func(func([]js.Value) { p.focus() })
	return p
}

// newTable copies the texts out of JavaScript; plural forms are the browser's own (Intl.PluralRules).
func newTable(texts js.Value, language string) *locale.Table {
	entries := js.Global().Get("Object").Call("entries", texts)
	table := make(map[string]string, entries.Length())
	for i := range entries.Length() {
		e := entries.Index(i)
		table[e.Index(0).String()] = e.Index(1).String()
	}
	rules := js.Global().Get("Intl").Get("PluralRules").New(language)
	return locale.New(table, func(n int) string { return rules.Call("select", n).String() })
}

// draw shows the state: the first time by building the page's elements, later by changing what differs.
func (p *Page) draw() {
	p.stage.show(p.state)
	p.fresh = p.fresh || p.state.View != state.Scan
	if p.app.mounted {
		vecty.Rerender(p.app)
		if p.focused != p.state.View {
			js.Global().Call("requestAnimationFrame", p.settled) // behind vecty's own
		}
		return
	}
	p.app.mounted = true
	if err := vecty.RenderInto("#app", p.app); err != nil {
		panic(err) // the page's own HTML lacks #app: nothing can be shown at all
	}
	p.focus()
}

// focus moves the keyboard to the heading of a view that has just come, so that a screen reader tells it and the next
// Tab reaches its first control. It is taken from nobody who fills in the page around this one: spoken tells it then.
func (p *Page) focus() {
	if p.focused == p.rendered {
		return
	}
	first := p.focused < 0
	p.focused, p.came = p.rendered, browser.Now()
	if first && p.rendered == state.Scan {
		return
	}
	if p.missed = p.away() && !p.asked; !p.missed {
		p.moveFocus()
	}
	p.asked = false
}

// away reports whether the keyboard is in the page around this one.
func (p *Page) away() bool {
	return p.host.Embedded() && !p.stage.document.Call("hasFocus").Bool()
}

// returned makes up for a focus that was missed, unless something has it by now.
func (p *Page) returned() {
	if p.missed && p.stage.document.Get("activeElement").Equal(p.stage.document.Get("body")) {
		p.moveFocus()
	}
	p.missed = false
}

// moveFocus moves the keyboard to where the view begins. Elements are used again from view to view: taking the focus away
// first makes it heard.
func (p *Page) moveFocus() {
	target := "heading"
	switch p.rendered {
	case state.Scan:
		target = "app"
	case state.Typing:
		target = "pan"
	}
	if e := p.stage.element(target); e != nil {
		e.Blur()
		e.Call("focus", map[string]any{"preventScroll": true})
	}
}
