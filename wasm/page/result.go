//go:build js

package page

import (
	"strconv"

	"github.com/hexops/vecty"
	"github.com/hexops/vecty/elem"
	"github.com/hexops/vecty/prop"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/page/state"
)

// result is the number beside the picture it came from, for the person to compare.
func (u ui) result() vecty.List {
	return vecty.List{
		u.heading(u.Text("result.title")),
		u.picture(),
		u.groups(),
		u.adviceRow(),
		u.promise(u.sourcePromise()),
		actions(u.button("primary", doUse, "do.use"), u.button("secondary", doAgain, "do.again")),
	}
}

// picture is what was sent or read, cut out around the card once its corners are known, with its outline on it.
func (u ui) picture() *vecty.HTML {
	if u.Picture == nil {
		return nil
	}
	p := u.Picture
	in := vecty.Namespace(svgNamespace)
	lo, hi := p.Shown()
	box := decimal(lo.X) + " " + decimal(lo.Y) + " " + decimal(hi.X-lo.X) + " " + decimal(hi.Y-lo.Y)
	parts := []vecty.MarkupOrChild{
		vecty.Markup(in, vecty.Attribute("viewBox", box), vecty.Attribute("role", "img"), vecty.Attribute("aria-label", u.Text("picture.alt"))),
		vecty.Tag("image", vecty.Markup(in, vecty.Attribute("href", p.URL),
			vecty.Attribute("width", strconv.Itoa(p.Crop.OutW)), vecty.Attribute("height", strconv.Itoa(p.Crop.OutH)))),
	}
	if p.Bounded() {
		corners := points(p.Bound)
		parts = append(parts,
			vecty.Tag("polygon", vecty.Markup(in, vecty.Class("casing"), vecty.Attribute("points", corners))),
			vecty.Tag("polygon", vecty.Markup(in, vecty.Class("line"), vecty.Attribute("id", "bound"), vecty.Attribute("points", corners))))
	}
	return elem.Div(
		vecty.Markup(vecty.Class("picture"), vecty.Data("bound", frameBound(p)), vecty.Style("--ratio", decimal((hi.X-lo.X)/(hi.Y-lo.Y)))),
		vecty.Tag("svg", parts...),
	)
}

// frameBound is the card's outline in the frame that the picture was cut from, for whoever looks at the page from outside.
func frameBound(p *state.Picture) string {
	if !p.Bounded() {
		return ""
	}
	return points(p.Crop.ToFrame(p.Bound))
}

// points writes corners as SVG does.
func points(q geometry.Quad) string {
	s := ""
	for i, p := range q {
		if i > 0 {
			s += " "
		}
		s += decimal(p.X) + "," + decimal(p.Y)
	}
	return s
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// groups are the digits as printed, each group a field of its own.
func (u ui) groups() *vecty.HTML {
	fields := []vecty.MarkupOrChild{vecty.Markup(
		vecty.Class("groups"), vecty.Attribute("role", "group"), vecty.Attribute("dir", "ltr"),
		vecty.Attribute("aria-label", u.Text("result.number")),
		vecty.MarkupIf(len(u.Entry.Groups) > 4, vecty.Class("many")),
	)}
	total, at := len(u.Entry.Digits()), 0
	for i, g := range u.Entry.Groups {
		doubt := i < len(u.Entry.Doubt) && u.Entry.Doubt[i]
		label := u.Text("result.group", "from", strconv.Itoa(at+1), "to", strconv.Itoa(at+max(len(g), 1)), "of", strconv.Itoa(total))
		if doubt {
			label += ", " + u.Text("result.doubt")
		}
		at += len(g)
		fields = append(fields, elem.Input(vecty.Markup(
			vecty.Class("group"), vecty.MarkupIf(doubt, vecty.Class("doubt")), prop.Type(prop.TypeText), prop.Value(g),
			vecty.Data("group", strconv.Itoa(i)), vecty.Style("--count", strconv.Itoa(max(len(g), 3))),
			vecty.Attribute("inputmode", "numeric"), vecty.Attribute("autocomplete", "off"), vecty.Attribute("spellcheck", "false"),
			vecty.Attribute("aria-label", label), vecty.Attribute("aria-describedby", "advice"),
		)))
	}
	return elem.Div(fields...)
}

// adviceRow is the calm word about the number, and the brand's tag.
func (u ui) adviceRow() *vecty.HTML {
	advice := u.Entry.Advice()
	brand := u.Entry.Brand()
	return elem.Div(
		vecty.Markup(vecty.Class("advice"), vecty.MarkupIf(advice != state.AdviceNone, vecty.Class(string(advice)))),
		elem.Span(vecty.Markup(prop.ID("advice")), vecty.Text(u.advice())),
		vecty.If(brand != "", elem.Span(vecty.Markup(vecty.Class("tag")), vecty.Text(string(brand)))),
	)
}

func (u ui) advice() string {
	switch a := u.Entry.Advice(); {
	case u.Checking && !u.Entry.Edited: // what is typed is the person's own, whatever the server says
		return u.Text("advice.checking")
	case a == state.AdviceNone:
		return ""
	case a == state.AdviceCompare:
		return u.Count("advice.compare", u.Entry.Doubts())
	default:
		return u.Text("advice." + string(a))
	}
}

// sourcePromise says where the number was read.
func (u ui) sourcePromise() string {
	switch u.Source {
	case state.ByDevice:
		switch {
		case u.Policy != state.PolicyBoth:
			return u.Text("promise.device.done")
		case u.Checking:
			return u.Text("promise.both", "host", u.host)
		}
		return u.Text("promise.both.alone", "host", u.host)
	case state.ByBoth:
		return u.Text("promise.both.done", "host", u.host)
	}
	return u.Text("promise.server.done", "host", u.host)
}
