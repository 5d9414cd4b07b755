//go:build js

package page

import "github.com/hexops/vecty"

const svgNamespace = "http://www.w3.org/2000/svg"

// icons are drawn on 24 × 24 units with a round pen of 1.8; the words of buttons are read out instead of them.
var icons = map[string]string{
	"close":    "M6 6l12 12M18 6L6 18",
	"torch":    "M13 2.8L5.6 13.4h5.2L10 21.2l8-11h-5.4z",
	"lens":     "M8.6 6l1.2-2h4.4l1.2 2h3.1a2 2 0 0 1 2 2v9.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM15.4 11.3a3.7 3.7 0 0 0-6.7.4M8.6 14.1a3.7 3.7 0 0 0 6.7-.4M15.6 9.4v2.1h-2.1M8.4 16v-2.1h2.1",
	"hand":     "M8 7L4 11l4 4M4 11h10M16 9l4 4-4 4",
	"photo":    "M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM3.8 16.5l4.7-4.7 4.2 4.2 2.6-2.6 5 5M15.7 9.2a.6.6 0 1 1-.01 0",
	"keyboard": "M4.5 6h15a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM6.5 10h.01M10.2 10h.01M13.8 10h.01M17.5 10h.01M8 14h8",
	"lock":     "M7 10.5V7.8a5 5 0 0 1 10 0v2.7M6.5 10.5h11a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5z",
	"check":    "M5 12.8l4.6 4.6L19.4 7.2",
	"copy":     "M9.5 8.5h9a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 8 19v-9a1.5 1.5 0 0 1 1.5-1.5zM16 5.5V5a1.5 1.5 0 0 0-1.5-1.5h-9A1.5 1.5 0 0 0 4 5v9a1.5 1.5 0 0 0 1.5 1.5",
	"card":     "M4.5 5.5h15a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM2.5 9.5h19M6 14.5h4",
	"camera":   "M8.6 6l1.2-2h4.4l1.2 2h3.1a2 2 0 0 1 2 2v9.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM12 16a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2z",
	"nocamera": "M3 3l18 18M8.2 6.2L9.8 4h4.4l1.2 2h3.1a2 2 0 0 1 2 2v9.3M18 19.5H5.5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2M14.6 14.8a3.6 3.6 0 0 1-5-5",
	"offline":  "M3 3l18 18M5 12.6a10 10 0 0 1 4.5-2.5M2 9a14.5 14.5 0 0 1 4.6-2.9M11 5a14.5 14.5 0 0 1 11 4M8.5 16a5 5 0 0 1 6.5-.3M14.5 10.3A10 10 0 0 1 19 12.6M12 19.7h.01",
	"clock":    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2",
	"search":   "M10.8 17.5a6.7 6.7 0 1 0 0-13.4 6.7 6.7 0 0 0 0 13.4zM15.7 15.7L20.5 20.5",
	"alert":    "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2h.01",
}

// draw returns the icon of that name.
func draw(name string) *vecty.HTML {
	in := vecty.Namespace(svgNamespace)
	return vecty.Tag("svg",
		vecty.Markup(in, vecty.Attribute("viewBox", "0 0 24 24"), vecty.Attribute("aria-hidden", "true")),
		vecty.Tag("path", vecty.Markup(in, vecty.Attribute("d", icons[name]))),
	)
}
