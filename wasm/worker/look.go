//go:build js

package worker

import (
	"math"
	"syscall/js"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
	"ocrbankcard/wasm/browser"
)

// lookSide is the longer side of the frame in which the card is located while the camera runs.
const lookSide = 640

// look finds the card in a frame, judges how it is held, and keeps the frame if it is the picture to take.
func (w *worker) look(m js.Value) (js.Value, []any, error) {
	s := newSource(m.Get("frame"))
	if browser.Bool(m, "fresh") {
		w.guide.Reset()
		w.drop()
	}
	if w.engine == nil {
		s.close()
		return browser.Object(map[string]any{"width": s.width, "height": s.height}), nil, nil
	}
	v, err := w.view(s)
	if err != nil {
		s.close()
		return js.Value{}, nil, err
	}
	v.At = time.Duration(browser.Float(m, "at") * float64(time.Millisecond))
	a := w.guide.Step(v)
	if a.Take {
		w.drop()
		card := v.Quad
		w.held, w.heldCard = s, &card
	} else {
		s.close()
	}
	return browser.Object(map[string]any{
		"width": s.width, "height": s.height, "hint": string(a.Hint), "steadiness": a.Steadiness, "take": a.Take,
		"needy": a.Needy, "tracked": a.Tracked, "quad": numbers(a.Quad), "focus": v.Focus, "luma": v.Luma, "glare": v.Glare,
	}), nil, nil
}

// view measures what the guide wants to know.
func (w *worker) view(s source) (guide.View, error) {
	v := guide.View{Width: s.width, Height: s.height}
	p, err := w.memory.read(s, lookSide)
	if err != nil {
		return v, err
	}
	small, scale, err := w.shrink(&p, lookSide)
	if err != nil {
		return v, err
	}
	all := geometry.Rect(0, 0, float64(small.Y.Width), float64(small.Y.Height))
	l, found := w.engine.Locate(small)
	if !found || l.Confidence < 0.5 {
		v.Luma, v.Glare = frame.Light(small.Y, all)
		return v, nil
	}
	v.Cards, v.Quad = 1, l.Quad.Scale(scale)
	v.Luma, v.Glare = frame.Light(small.Y, l.Quad)
	v.Focus, err = w.shrinker.Focus(&p.Raw, l.Quad.Scale(scale/p.scale))
	return v, err
}

// drop lets a held frame go.
func (w *worker) drop() {
	w.held.close()
	w.held, w.heldCard = source{}, nil
}

// numbers is a quad as the page takes it: eight numbers, to a hundredth of a pixel.
func numbers(q geometry.Quad) []any {
	out := make([]any, 0, 8)
	for _, p := range q {
		out = append(out, math.Round(p.X*100)/100, math.Round(p.Y*100)/100)
	}
	return out
}
