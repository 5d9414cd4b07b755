//go:build js

package page

import (
	"github.com/hexops/vecty"
	"github.com/hexops/vecty/elem"
	"github.com/hexops/vecty/prop"

	"ocrbankcard/wasm/page/state"
)

// sheet is the paper on which everything but the camera is said: over the camera on a phone, beside it on a desktop.
func (u ui) sheet() vecty.ComponentOrHTML {
	var content vecty.List
	switch u.View {
	case state.Scan:
		content = u.intro()
	case state.Reading:
		content = u.reading()
	case state.Result:
		content = u.result()
	case state.Typing:
		content = u.typing()
	case state.Trouble:
		content = u.trouble()
	case state.Done:
		content = u.done()
	case state.Closed:
		content = u.closed()
	}
	return elem.Main(vecty.Markup(vecty.Class("sheet")), elem.Div(vecty.Markup(vecty.Class("page")), content))
}

// heading takes the focus when its view comes.
func (u ui) heading(text string) *vecty.HTML {
	return elem.Heading1(vecty.Markup(prop.ID("heading"), vecty.Attribute("tabindex", "-1")), vecty.Text(text))
}

// actions are the ways on, the likeliest first.
func actions(buttons ...vecty.MarkupOrChild) *vecty.HTML {
	return elem.Div(append([]vecty.MarkupOrChild{vecty.Markup(vecty.Class("actions"))}, buttons...)...)
}

// intro stands beside the camera where there is room for it.
func (u ui) intro() vecty.List {
	return vecty.List{
		u.heading(u.Text("intro.title")),
		elem.Paragraph(vecty.Text(u.Text("intro.text"))),
		actions(
			u.shutterWord(),
			u.button("secondary", doPhoto, "do.photo"),
			u.button("quiet", doType, "do.type"),
		),
		elem.Paragraph(vecty.Markup(vecty.Class("drop")), vecty.Text(u.Text("intro.drop"))),
		u.promise(u.policyPromise()),
	}
}

func (u ui) shutterWord() *vecty.HTML {
	b := u.button("primary", doShutter, "do.shutter")
	prop.Disabled(u.Camera != state.Live).Apply(b)
	return b
}

// reading shows how far the picture has come, and the way back.
func (u ui) reading() vecty.List {
	return vecty.List{
		u.heading(u.Text("reading.title")),
		u.picture(),
		u.progress(),
		elem.Paragraph(vecty.Text(u.phase())),
		actions(u.button("secondary", doCancel, "do.cancel")),
	}
}

// progress fills while the picture is sent, and only moves while there is nothing to measure.
func (u ui) progress() *vecty.HTML {
	if u.Phase == state.Sending {
		return elem.Progress(vecty.Markup(vecty.Attribute("max", "1"), vecty.Attribute("aria-label", u.phase()),
			vecty.Property("value", u.Progress)))
	}
	return elem.Div(vecty.Markup(vecty.Class("waiting"), vecty.Attribute("role", "progressbar"), vecty.Attribute("aria-label", u.phase())))
}

func (u ui) phase() string {
	switch u.Phase {
	case state.Sending:
		return u.Text("reading.sending")
	case state.Waiting:
		return u.Text("reading.waiting")
	case state.OnDevice:
		return u.Text("reading.device")
	}
	return u.Text("reading.preparing")
}

// typing takes the number by hand.
func (u ui) typing() vecty.List {
	return vecty.List{
		u.heading(u.Text("typing.title")),
		elem.Label(vecty.Markup(prop.For("pan")), vecty.Text(u.Text("typing.label"))),
		elem.Input(vecty.Markup(
			prop.ID("pan"), vecty.Class("pan"), prop.Type(prop.TypeText), prop.Value(state.Spaced(u.Entry.Digits())),
			vecty.Attribute("inputmode", "numeric"), vecty.Attribute("autocomplete", "cc-number"),
			vecty.Attribute("dir", "ltr"), vecty.Attribute("aria-describedby", "advice"),
			vecty.Attribute("enterkeyhint", "done"), vecty.Attribute("spellcheck", "false"),
		)),
		u.adviceRow(),
		u.promise(u.Text("promise.typed")),
		actions(u.button("primary", doUse, "do.use"), u.button("secondary", doBack, "do.back")),
	}
}

// done confirms that the number was handed over.
func (u ui) done() vecty.List {
	n, _ := u.Entry.Number()
	copyText := "do.copy"
	if u.Copied {
		copyText = "done.copied"
	}
	return vecty.List{
		elem.Div(vecty.Markup(vecty.Class("emblem", "good")), draw("check")),
		u.heading(u.Text("done.title")),
		elem.Paragraph(vecty.Markup(vecty.Class("masked"), vecty.Attribute("dir", "ltr")), vecty.Text(state.Grouped(n.Masked(), n.Groups()))),
		elem.Paragraph(vecty.Text(u.Text("done.text"))),
		actions(u.button("primary", doCopy, copyText), u.button("secondary", doAgain, "do.another")),
	}
}

// closed is the page with everything switched off.
func (u ui) closed() vecty.List {
	return vecty.List{
		elem.Div(vecty.Markup(vecty.Class("emblem")), draw("card")),
		u.heading(u.Text("closed.title")),
		elem.Paragraph(vecty.Text(u.Text("closed.text"))),
		u.promise(u.policyPromise()),
		actions(
			u.button("primary", doCamera, "do.open"),
			u.button("secondary", doPhoto, "do.photo"),
			u.button("quiet", doType, "do.type"),
		),
	}
}

// promise says plainly where the picture goes.
func (u ui) promise(text string) *vecty.HTML {
	return elem.Paragraph(vecty.Markup(vecty.Class("promise")), draw("lock"), elem.Span(vecty.Text(text)))
}

func (u ui) policyPromise() string {
	switch u.Policy {
	case state.PolicyDevice:
		return u.Text("promise.device")
	case state.PolicyBoth:
		return u.Text("promise.both", "host", u.host)
	}
	return u.Text("promise.server", "host", u.host)
}
