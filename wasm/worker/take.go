//go:build js

package worker

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/capture/fit"
	"ocrbankcard/wasm/sight"
)

const (
	// findSide is that of the frame in which a photo's card is located, to be cut out.
	findSide = 960
	// readSide is that of the frame in which a card is read here.
	readSide = 1920
	// certain is the confidence from which the picture is cut to the card. A wrong cut would lose the number; a whole
	// picture only costs bytes.
	certain = 0.8
	// believed is the confidence from which a number read here is shown; below, the card counts as unreadable. No
	// server looks at it a second time, and half of such readings are wrong in a digit.
	believed = 0.5
)

// errNoEngine says that nothing can be read here, for the weights could not be fetched.
var errNoEngine = errors.New("worker: no engine")

// take makes the picture of the held frame, of a frame sent along, or of a file. With "keep" its pixels are kept to be
// read here.
func (w *worker) take(m js.Value) (js.Value, []any, error) {
	s, card, err := w.source(m)
	if err != nil {
		return js.Value{}, nil, err
	}
	defer s.close()
	keep := browser.Bool(m, "keep")
	w.still, w.told = nil, js.Undefined() // of the picture before
	if keep {
		w.learn() // while the picture is made; read waits for it
		await(w.engine.located)
	}
	if card == nil || keep {
		if card, err = w.find(s, card, keep); err != nil {
			return js.Value{}, nil, err
		}
	}
	var region *geometry.Quad
	small := s
	if card != nil {
		region = &card.region
	} else {
		small = w.memory.reduced(s, fit.FrameSide)
		defer small.close()
	}
	picture, err := capture.Encode(small.image, s.width, s.height, region)
	if err != nil {
		return js.Value{}, nil, err
	}
	w.crop = picture.Crop
	answer := browser.Object(map[string]any{
		"blob": picture.Blob, "crop": cropNumbers(picture.Crop.Of(s.scale)),
		"width": float64(s.width) * s.scale, "height": float64(s.height) * s.scale,
	})
	if card != nil {
		answer.Set("bound", numbers(picture.Crop.FromFrame(card.card)))
	}
	still := picture.Still
	if !still.Truthy() {
		small = w.memory.reduced(s, capture.StillSide)
		defer small.close()
		if still, err = capture.Still(small.image, small.width, small.height); err != nil {
			return answer, nil, nil // the picture is made; only the frozen view is missing
		}
	}
	answer.Set("still", still)
	return answer, []any{still}, nil
}

// cropNumbers is a crop as the page takes it.
func cropNumbers(c fit.Crop) []any { return []any{c.X, c.Y, c.W, c.H, c.OutW, c.OutH} }

// source returns what the message wants taken, and the card in it where that is known already.
func (w *worker) source(m js.Value) (source, *found, error) {
	switch {
	case browser.Bool(m, "held") && w.held.image.Truthy():
		s, card := w.held, w.heldCard
		w.held, w.heldCard = source{}, nil
		return s, card, nil
	case browser.Has(m, "frame"):
		if browser.Bool(m, "fresh") {
			w.forget()
		}
		return newSource(m.Get("frame")), nil, nil
	case browser.Has(m, "file"):
		p, err := capture.Open(m.Get("file"))
		w.forget() // a photo has nothing to do with what the camera saw
		return source{p.Image, p.Width, p.Height, p.Scale}, nil, err
	}
	return source{}, nil, capture.ErrNoPicture
}

// find locates the card that is not known yet, and keeps the pixels that are to be read here, be it once the locator has
// been had at another try. Where this side can't read pixels, it finds no card.
func (w *worker) find(s source, card *found, keep bool) (*found, error) {
	eye, side := w.eye, findSide
	if eye == nil {
		eye = sight.New(nil) // keeps, and finds nothing
	}
	if keep {
		side = readSide
	}
	p, err := w.memory.read(s, side)
	if err != nil {
		return card, nil
	}
	if keep {
		if w.still, w.stillX, err = eye.Keep(&p, readSide); err != nil {
			return nil, err
		}
	}
	if card != nil || eye != w.eye { // or one has come meanwhile
		return card, nil
	}
	l, ok, err := eye.Find(&p, findSide)
	if err != nil || !ok || l.Confidence < certain {
		return nil, err
	}
	return &found{card: l.Quad, region: l.Quad}, nil
}

// read reads the picture taken last, here, together with the frames before it that showed the same card. Another try has the
// same answer: read again, a picture would count as one more frame that says so, and a doubtful number would become sure.
func (w *worker) read() (js.Value, error) {
	if w.told.Truthy() {
		return w.told, nil
	}
	if w.session == nil && w.still != nil {
		w.learned()
	}
	if w.session == nil || w.still == nil {
		return js.Value{}, errNoEngine
	}
	c, found, err := w.session.Read(w.still, true)
	if err != nil {
		return js.Value{}, err
	}
	answer := browser.Object(map[string]any{"found": found})
	w.told = answer
	if !found {
		return answer, nil
	}
	digits := make([]any, len(c.Digits))
	for i, d := range c.Digits {
		digits[i] = d
	}
	answer.Set("bound", numbers(w.crop.FromFrame(c.Quad.Scale(w.stillX))))
	if c.Confidence >= believed {
		answer.Set("number", c.Number.Reveal())
		answer.Set("digits", digits)
	}
	answer.Set("confidence", c.Confidence)
	return answer, nil
}
