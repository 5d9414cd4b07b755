//go:build js

package page

import (
	"github.com/hexops/vecty"
	"github.com/hexops/vecty/elem"
	"github.com/hexops/vecty/prop"

	"ocrbankcard/internal/guide"
	"ocrbankcard/wasm/page/state"
)

// The parts around the sheet: the bar on top, the hint, the controls at the bottom, and what is spoken.

// bar holds what is needed rarely.
func (u ui) bar() vecty.ComponentOrHTML {
	scan := u.View == state.Scan
	return elem.Header(
		vecty.Markup(vecty.Class("bar"), vecty.Property("hidden", u.View == state.Closed)),
		u.iconButton(doClose, "close", "do.close"),
		elem.Span(vecty.Markup(vecty.Class("name")), vecty.Text(u.Text("title"))),
		elem.Div(
			vecty.Markup(vecty.Class("tools")),
			vecty.If(scan && u.Torch != state.Absent, u.toggle(doTorch, "torch", "do.torch", u.Torch == state.SwitchedOn)),
			vecty.If(scan && u.MoreLenses, u.iconButton(doLens, "lens", "do.lens")), // while one changes, too: it has the focus
			vecty.If(scan, u.hand()),
		),
	)
}

// hand puts the controls on the other side of a phone that is held across; elsewhere it is not shown.
func (u ui) hand() *vecty.HTML { return u.iconButton(doHand, "hand", "do.hand") }

// hint is the one thing to do now, and while the camera is being asked for, that.
func (u ui) hint() vecty.ComponentOrHTML {
	text, more := u.hintText()
	return elem.Div(
		vecty.Markup(vecty.Class("hint"), vecty.Property("hidden", text == ""), vecty.Attribute("aria-hidden", "true"),
			vecty.MarkupIf(u.Hint == guide.Good, vecty.Class("good"))),
		elem.Strong(vecty.Text(text)),
		vecty.If(more != "", elem.Small(vecty.Text(more))),
	)
}

func (u ui) hintText() (text, more string) {
	switch {
	case u.View != state.Scan:
		return "", ""
	case u.Camera == state.Starting:
		return u.Text("hint.starting"), u.Text("hint.starting.more")
	case u.Needy && u.Hint != guide.Good:
		more = u.Text("hint.needy")
	}
	if u.Hint == guide.None {
		return u.Text("hint.search"), more
	}
	if u.Hint == guide.Centre && u.Toward != "" {
		return u.Text("hint.centre." + string(u.Toward)), more
	}
	return u.Text("hint." + string(u.Hint)), more
}

// spoken is told by a screen reader as it changes.
func spoken(text string) *vecty.HTML {
	return elem.Paragraph(vecty.Markup(vecty.Class("spoken"), vecty.Attribute("role", "status")), vecty.Text(text))
}

// spoken is what a screen reader is told as it changes. Views that move the focus to their heading need no more words,
// unless it is left where it is.
func (u ui) spoken() string {
	switch u.View {
	case state.Scan:
		text, more := u.hintText()
		if u.Camera == state.Starting {
			return text + ". " + more
		}
		return text
	case state.Result:
		if u.away {
			return u.Text("result.title") + " " + u.advice()
		}
		return u.advice()
	case state.Typing:
		return u.advice()
	case state.Reading:
		return u.phase()
	case state.Trouble:
		if u.away {
			return u.Text(u.troubled()+".title") + ". " + u.Text(u.troubled()+".text")
		}
	}
	if u.Copied {
		return u.Text("done.copied")
	}
	return ""
}

// offered is spoken by itself, once: with the hint, it would be told anew with every next one.
func (u ui) offered() string {
	if u.View == state.Scan && u.Camera == state.Live && u.Needy {
		return u.Text("hint.needy")
	}
	return ""
}

// controls is what a thumb needs.
func (u ui) controls() vecty.ComponentOrHTML {
	return elem.Navigation(
		vecty.Markup(vecty.Class("controls"), vecty.Attribute("aria-label", u.Text("controls")),
			vecty.Property("hidden", u.View != state.Scan),
			vecty.MarkupIf(u.Needy, vecty.Class("needy"))),
		u.labelled(doPhoto, "photo", "do.photo.short", "do.photo"),
		elem.Button(
			vecty.Markup(vecty.Class("shutter"), prop.Type(prop.TypeButton), vecty.Data("do", string(doShutter)),
				vecty.Attribute("aria-label", u.Text("do.shutter")), prop.Disabled(u.Camera != state.Live)),
			elem.Span(),
		),
		u.labelled(doType, "keyboard", "do.type.short", "do.type"),
	)
}

// iconButton is a round button with a drawn icon and a name for those who don't see it.
func (u ui) iconButton(do action, icon, name string) *vecty.HTML {
	return elem.Button(
		vecty.Markup(vecty.Class("icon", string(do)), prop.Type(prop.TypeButton), vecty.Data("do", string(do)),
			vecty.Attribute("aria-label", u.Text(name)), vecty.Attribute("title", u.Text(name))),
		draw(icon),
	)
}

// toggle is an iconButton that stays pressed.
func (u ui) toggle(do action, icon, name string, on bool) *vecty.HTML {
	b := u.iconButton(do, icon, name)
	pressed := "false"
	if on {
		pressed = "true"
	}
	vecty.Attribute("aria-pressed", pressed).Apply(b)
	return b
}

// labelled is an icon with a short word under it.
func (u ui) labelled(do action, icon, word, name string) *vecty.HTML {
	return elem.Button(
		vecty.Markup(vecty.Class("labelled"), prop.Type(prop.TypeButton), prop.Disabled(false), vecty.Data("do", string(do)),
			vecty.Attribute("title", u.Text(name))),
		draw(icon),
		elem.Span(vecty.Text(u.Text(word))),
	)
}

// button is a wide button; kind is primary, secondary or quiet. Every button says that it is enabled: vecty uses elements
// again from view to view, and a property that is not set any more keeps its value.
func (u ui) button(kind string, do action, text string) *vecty.HTML {
	return elem.Button(
		vecty.Markup(vecty.Class(kind), prop.Type(prop.TypeButton), vecty.Data("do", string(do)), prop.Disabled(false)),
		vecty.Text(u.Text(text)),
	)
}
