// Package fit brings a picture within the contract's limits: which part of a frame is sent, how large, and at what
// quality, so that the card's digits stay sharp. It is plain arithmetic; the browser's codec does the encoding.
package fit

import (
	"errors"
	"math"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
)

// ErrTooSmall says that the picture can't be sent: after scaling its longer side into the limit, its shorter side is
// under 100 px.
var ErrTooSmall = errors.New("fit: the picture is too small")

const (
	// cardSide is the longer side in pixels of a crop around a known card. A 19-digit line then has about 50 px a
	// digit, twice what the recognizers need.
	cardSide = 1600
	// FrameSide is the longer side of a whole frame, where the card may fill as little as a third.
	FrameSide = 2560
	// margin is what is kept around a card on each side, as a share of the card's box: recognizers find edges better
	// with some background, and the hand shakes between the preview and the picture.
	margin = 0.12
	// MaxArea is the largest canvas that iOS paints, in pixels.
	MaxArea = 16_777_216
)

// Crop is a part of a frame, X, Y, W, H in frame pixels, and the size at which it is sent.
type Crop struct{ X, Y, W, H, OutW, OutH int }

// All reports whether the crop leaves nothing of a frame of that size out.
func (c Crop) All(width, height int) bool { return c.W == width && c.H == height }

// Whole returns the crop that sends all of a frame.
func Whole(width, height int) (Crop, error) {
	return scaled(Crop{X: 0, Y: 0, W: width, H: height}, FrameSide)
}

// Around returns the crop that sends a card and its margin. Where the card is cut by the frame's border, so is the crop.
func Around(card geometry.Quad, width, height int) (Crop, error) {
	lo, hi := card.Bounds()
	mx, my := (hi.X-lo.X)*margin, (hi.Y-lo.Y)*margin
	x0, x1 := span(lo.X-mx, hi.X+mx, width)
	y0, y1 := span(lo.Y-my, hi.Y+my, height)
	return scaled(Crop{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}, cardSide)
}

// span rounds outwards, keeps at least the contract's 100 px where the frame has them, and stays inside the frame.
func span(lo, hi float64, size int) (from, to int) {
	from, to = int(math.Floor(lo)), int(math.Ceil(hi))
	if short := cardpp.MinSide - (to - from); short > 0 {
		from -= (short + 1) / 2
		to = from + cardpp.MinSide
	}
	if from < 0 {
		from, to = 0, max(to, min(cardpp.MinSide, size))
	}
	if to > size {
		from, to = min(from, max(0, size-cardpp.MinSide)), size
	}
	return from, to
}

// scaled sets the output size: never enlarged, the longer side at most side, the shorter at least the contract's 100 px.
func scaled(c Crop, side int) (Crop, error) {
	if c.W < 1 || c.H < 1 {
		return Crop{}, ErrTooSmall
	}
	k := math.Min(1, float64(side)/float64(max(c.W, c.H)))
	if short := float64(min(c.W, c.H)); short*k < cardpp.MinSide {
		k = math.Min(1, cardpp.MinSide/short) // a narrow strip keeps its width as far as the limit on the length lets it
	}
	return c.times(k)
}

// times sets the output size to k times the crop's own, or reports ErrTooSmall where that breaks a limit.
func (c Crop) times(k float64) (Crop, error) {
	c.OutW, c.OutH = int(math.Round(float64(c.W)*k)), int(math.Round(float64(c.H)*k))
	if min(c.OutW, c.OutH) < cardpp.MinSide || max(c.OutW, c.OutH) > cardpp.MaxSide {
		return Crop{}, ErrTooSmall
	}
	return c, nil
}

// Of returns the crop as a part of a frame that is k times as large; what is sent stays.
func (c Crop) Of(k float64) Crop {
	times := func(n int) int { return int(math.Round(float64(n) * k)) }
	return Crop{times(c.X), times(c.Y), times(c.W), times(c.H), c.OutW, c.OutH}
}

// ToFrame maps corners from the sent picture back to the frame.
func (c Crop) ToFrame(q geometry.Quad) geometry.Quad {
	kx, ky := float64(c.W)/float64(c.OutW), float64(c.H)/float64(c.OutH)
	for i, p := range q {
		q[i] = geometry.Point{X: float64(c.X) + p.X*kx, Y: float64(c.Y) + p.Y*ky}
	}
	return q
}

// FromFrame maps corners from the frame to the sent picture.
func (c Crop) FromFrame(q geometry.Quad) geometry.Quad {
	kx, ky := float64(c.OutW)/float64(c.W), float64(c.OutH)/float64(c.H)
	for i, p := range q {
		q[i] = geometry.Point{X: (p.X - float64(c.X)) * kx, Y: (p.Y - float64(c.Y)) * ky}
	}
	return q
}
