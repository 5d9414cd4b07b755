//go:build js

package worker

import (
	"math"
	"syscall/js"
	"time"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/sight"
)

// look finds the card in a frame, judges how it is held, and keeps the frame if it is the picture to take.
func (w *worker) look(m js.Value) (js.Value, []any, error) {
	s := newSource(m.Get("frame"))
	if browser.Bool(m, "fresh") {
		w.guide.Reset()
		w.forget()
		w.drop()
	}
	reading := browser.Bool(m, "read")
	if reading {
		w.learn()
	}
	if w.eye == nil {
		s.close()
		return browser.Object(nil), nil, nil
	}
	p, err := w.memory.read(s, sight.PreviewSide)
	if err != nil {
		s.close()
		return js.Value{}, nil, err
	}
	v, err := w.eye.View(&p)
	if err != nil {
		s.close()
		return js.Value{}, nil, err
	}
	v.At = time.Duration(browser.Float(m, "at") * float64(time.Millisecond))
	a := w.guide.Step(v)
	if a.Fresh {
		w.forget() // never the number of the card before (card.io-iOS-SDK#236)
	}
	if reading && w.session != nil && v.Cards > 0 && a.Steadiness > 0 && !a.Take {
		w.fuse(&p)
	}
	if a.Take {
		w.drop()
		w.held, w.heldCard = s, &found{card: v.Quad, region: a.Region}
	} else {
		s.close()
	}
	return browser.Object(map[string]any{
		"width": s.width, "height": s.height, "hint": string(a.Hint), "steadiness": a.Steadiness, "take": a.Take,
		"needy": a.Needy, "tracked": a.Tracked, "quad": numbers(a.Quad),
	}), nil, nil
}

// fuse adds a good frame to what the session knows of the card, so that the picture's own reading is not alone. A frame
// that can't be read adds nothing.
func (w *worker) fuse(p *sight.Pixels) {
	if f, _, err := w.eye.Keep(p, readSide); err == nil {
		_, _, _ = w.session.Read(f, false)
	}
}

// forget makes the session forget the card.
func (w *worker) forget() {
	if w.session != nil {
		w.session.Reset()
	}
}

// found is a card in a picture: its corners, and the part of the picture that is to be sent.
type found struct{ card, region geometry.Quad }

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
