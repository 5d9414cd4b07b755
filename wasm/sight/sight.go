// Package sight is what the worker sees: raw pixels in, what the guide wants to know out. It knows no browser, so that
// recorded videos run through it natively.
package sight

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/guide"
	"ocrbankcard/internal/recognize"
)

const (
	// PreviewSide is the longer side of the frame in which the card is located while the camera runs.
	PreviewSide = 640
	// likely is the confidence from which a location counts as a card for the guide: 99 in 100 drawn cards have it, and 6 in
	// 100 drawn pictures without one.
	likely = 0.85
	// A second card is told from a stray corner of the room by its size, in shares of the first one's, and its shape.
	secondArea                  = 0.45
	leastAspect, greatestAspect = 1.25, 2.0
)

// Pixels are a picture's pixels in memory. Scale is how many of the picture's own pixels one of them is: 1, unless they
// were drawn smaller (more), or the picture is stored larger than it is drawn (less).
type Pixels struct {
	frame.Raw
	Scale float64
}

// Eye locates cards and judges pictures. It keeps its memory; one goroutine at a time.
type Eye struct {
	locator  *recognize.Locator
	shrinker frame.Shrinker
	small    frame.Frame
}

// New returns an eye that locates with l.
func New(l *recognize.Locator) *Eye { return &Eye{locator: l} }

// View measures a frame for the guide; its time is left to the caller. Lengths are in the picture's own pixels.
func (e *Eye) View(p *Pixels) (guide.View, error) {
	v := guide.View{Width: int(float64(p.Width) * p.Scale), Height: int(float64(p.Height) * p.Scale)}
	small, scale, err := e.shrink(p, PreviewSide)
	if err != nil {
		return v, err
	}
	located := e.locator.LocateAll(small)
	if len(located) == 0 || located[0].Confidence < likely {
		v.Luma, v.Glare = frame.Light(small.Y, geometry.Rect(0, 0, float64(small.Y.Width), float64(small.Y.Height)))
		return v, nil
	}
	l := located[0]
	v.Cards, v.Quad = count(located), l.Quad.Scale(scale)
	v.Luma, v.Glare = frame.Light(small.Y, l.Quad)
	v.Focus, err = e.shrinker.Focus(&p.Raw, l.Quad.Scale(scale/p.Scale))
	return v, err
}

// count returns 1, or 2 where a second card of the first one's size is held beside it.
func count(located []recognize.Location) int {
	for _, l := range located[1:] {
		s := l.Quad.Sides()
		a, b := s[0]+s[2], s[1]+s[3]
		aspect := max(a, b) / min(a, b)
		small, large := l.Quad.Area(), located[0].Quad.Area()
		if small > large {
			small, large = large, small
		}
		if l.Confidence >= likely && small >= secondArea*large && aspect > leastAspect && aspect < greatestAspect {
			return 2
		}
	}
	return 1
}

// Find locates the card in a picture that is about to be taken, seen with its longer side about side pixels long.
func (e *Eye) Find(p *Pixels, side int) (recognize.Location, bool, error) {
	small, scale, err := e.shrink(p, side)
	if err != nil {
		return recognize.Location{}, false, err
	}
	l, ok := e.locator.Locate(small)
	l.Quad = l.Quad.Scale(scale)
	return l, ok, nil
}

// Keep returns a frame of its own with the pixels' longer side at most side, to be read later, and how many of the
// picture's pixels one of its pixels is.
func (e *Eye) Keep(p *Pixels, side int) (*frame.Frame, float64, error) {
	factor := max(1, (max(p.Width, p.Height)+side-1)/side)
	f := new(frame.Frame)
	if err := e.shrinker.Shrink(f, &p.Raw, factor); err != nil {
		return nil, 0, err
	}
	return f, p.Scale * float64(factor), nil
}

// shrink makes a frame whose longer side is about side, in memory that the next call uses again.
func (e *Eye) shrink(p *Pixels, side int) (*frame.Frame, float64, error) {
	factor := max(1, int(math.Round(float64(max(p.Width, p.Height))/float64(side))))
	if err := e.shrinker.Shrink(&e.small, &p.Raw, factor); err != nil {
		return nil, 0, err
	}
	return &e.small, p.Scale * float64(factor), nil
}
