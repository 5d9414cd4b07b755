//go:build js

package page

import (
	"github.com/hexops/vecty"
	"github.com/hexops/vecty/elem"

	"ocrbankcard/wasm/page/state"
)

// trouble says in one sentence what happened and in another what to do, keeps the picture, and offers the ways on.
func (u ui) trouble() vecty.List {
	list := vecty.List{}
	if u.Picture == nil {
		list = append(list, elem.Div(vecty.Markup(vecty.Class("emblem")), draw(emblem(u.Fault))))
	}
	list = append(list,
		u.heading(u.Text(u.troubled()+".title")),
		u.picture(),
		elem.Paragraph(vecty.Markup(vecty.Class("what")), vecty.Text(u.Text(u.troubled()+".text"))),
	)
	return append(list, u.waysOn())
}

// troubled begins the keys of a fault's texts.
func (u ui) troubled() string { return "trouble." + string(u.Fault) }

func (u ui) waysOn() *vecty.HTML {
	photo, typed := u.button("secondary", doPhoto, "do.photo"), u.button("quiet", doType, "do.type")
	switch {
	case u.Fault == state.FaultNoCamera || u.Fault == state.FaultInsecure: // asking again would change nothing
		return actions(u.button("primary", doPhoto, "do.photo"), u.button("secondary", doSnap, "do.snap"), u.button("quiet", doType, "do.type"))
	case u.Fault == state.FaultDenied: // another picture would be refused as well
		return actions(u.button("primary", doType, "do.type"), u.button("secondary", doClose, "do.close"))
	case u.Fault.OfCamera():
		return actions(u.button("primary", doCamera, "do.retry"), photo, typed)
	case u.Fault.Repeatable() && u.Picture != nil:
		return actions(u.button("primary", doRepeat, "do.retry"), u.button("secondary", doAgain, "do.again"), typed)
	case u.Camera == state.Off:
		return actions(u.button("primary", doPhoto, "do.photo.another"), u.button("secondary", doType, "do.type"))
	}
	return actions(u.button("primary", doAgain, "do.again"), photo, typed)
}

// emblem is the icon of a fault without a picture.
func emblem(f state.Fault) string {
	switch f {
	case state.FaultNoCamera, state.FaultRefused, state.FaultBusy, state.FaultLost, state.FaultCamera:
		return "nocamera"
	case state.FaultInsecure, state.FaultDenied:
		return "lock"
	case state.FaultOffline, state.FaultUnreachable:
		return "offline"
	case state.FaultTimeout, state.FaultCrowded:
		return "clock"
	case state.FaultHEIC, state.FaultUnsupported, state.FaultTooSmall, state.FaultTooLarge:
		return "photo"
	case state.FaultNoCard, state.FaultUnreadable:
		return "search"
	}
	return "alert"
}
