package guide

import (
	"math"
	"time"

	"ocrbankcard/internal/geometry"
)

// What a picture must be like. A card's longer side is 85.6 mm and holds up to 19 digits on about 80 % of it: 520 px
// give at least 22 px a digit.
const (
	enoughPixels = 520.0
	enoughShare  = 0.62 // of the largest upright card that the frame holds: small cameras never reach the pixels
	tooLarge     = 0.97 // of the same
	tooFar       = 0.22 // of the frame's longer side, from centre to centre
	aslant       = 0.72 // a side against its opposite one
	longAspect   = 2.05 // ID-1 is 1.586; what looks longer or shorter is tilted away
	shortAspect  = 1.22
	darkLuma     = 32.0 // a dark blue card in good light has 38
	burnt        = 0.045
	fast         = 0.22 // card lengths a second
	sharp        = 0.45
	ofBest       = 0.75 // of the best focus seen: the camera may still be hunting
	onBorder     = 2.0  // px
)

// order is that of judging: each complaint makes sense only when those before it are met.
// Without focus the outline itself is a guess, and so motion and blur come before its place and size.
var order = []Hint{Search, Dark, TwoCards, HoldStill, Blurred, Farther, CutOff, Closer, Straighten, Centre, Glare, Good}

func rank(h Hint) int {
	for i, o := range order {
		if o == h {
			return i
		}
	}
	return -1
}

// judge returns what this frame alone asks for.
func (g *Guide) judge(v View) Hint {
	if v.Cards == 0 {
		switch {
		case v.Luma < darkLuma:
			return Dark
		case g.tracked && g.candidate != Good:
			return g.candidate // lost for a moment
		case v.At-g.started < 700*time.Millisecond:
			return None // nobody has had the time to hold a card
		}
		return Search
	}
	q, w, h := g.last, float64(v.Width), float64(v.Height)
	long := longSide(q)
	largest := math.Min(w, h*geometry.AspectID1)
	if upright(q) {
		largest = math.Min(h, w*geometry.AspectID1)
	}
	cut := borders(q, w, h)
	away := q.Center().Sub(geometry.Point{X: w / 2, Y: h / 2})
	switch {
	case v.Luma < darkLuma:
		return Dark
	case v.Cards > 1:
		return TwoCards
	case v.Focus < sharp && g.speed > fast:
		return HoldStill
	case v.Focus < sharp:
		return Blurred
	case cut.opposite() || cut.any() && long > tooLarge*largest:
		return Farther
	case cut.any():
		return CutOff
	case long < math.Min(enoughPixels, enoughShare*largest):
		return Closer
	case tilted(q):
		return Straighten
	case math.Max(math.Abs(away.X), math.Abs(away.Y)) > tooFar*math.Max(w, h):
		return Centre
	case v.Glare > burnt:
		return Glare
	case g.speed > fast:
		return HoldStill
	case v.Focus < ofBest*g.bestEver:
		return Blurred
	}
	return Good
}

// longSide returns the mean of the two longer opposite sides.
func longSide(q geometry.Quad) float64 {
	s := q.Sides()
	return math.Max(s[0]+s[2], s[1]+s[3]) / 2
}

// upright reports whether the card's longer side runs rather up and down in the frame.
func upright(q geometry.Quad) bool {
	lo, hi := q.Bounds()
	return hi.Y-lo.Y > hi.X-lo.X
}

// tilted reports whether the card is seen from so far aside that its digits are squeezed.
func tilted(q geometry.Quad) bool {
	s := q.Sides()
	a, b := s[0]+s[2], s[1]+s[3]
	aspect := math.Max(a, b) / math.Min(a, b)
	near := math.Min(math.Min(s[0], s[2])/math.Max(s[0], s[2]), math.Min(s[1], s[3])/math.Max(s[1], s[3]))
	return near < aslant || aspect > longAspect || aspect < shortAspect
}

// cutBy tells which borders of the frame cut the card.
type cutBy struct{ left, right, top, bottom bool }

func (c cutBy) any() bool      { return c.left || c.right || c.top || c.bottom }
func (c cutBy) opposite() bool { return c.left && c.right || c.top && c.bottom }

// borders tells by the corners: a border that cuts the card has at least two of them on it. One corner alone costs no
// digit, and often is a finger's that holds the card there.
func borders(q geometry.Quad, w, h float64) cutBy {
	var on [4]int
	outside := 0
	for _, p := range q {
		left, right, top, bottom := p.X < onBorder, p.X > w-onBorder, p.Y < onBorder, p.Y > h-onBorder
		for i, cut := range []bool{left, right, top, bottom} {
			if cut {
				on[i]++
			}
		}
		if left || right || top || bottom {
			outside++
		}
	}
	if outside < 2 {
		return cutBy{}
	}
	return cutBy{on[0] > 0, on[1] > 0, on[2] > 0, on[3] > 0}
}

// align returns q with its corners numbered as in last: which way up a card is can't be known from its outline.
func align(last, q geometry.Quad) geometry.Quad {
	best, least := q, math.Inf(1)
	for k := range 4 {
		if r := q.Roll(k); farthest(last, r) < least {
			best, least = r, farthest(last, r)
		}
	}
	return best
}

// motion returns how far the card moved: the second largest distance between corners of the same number. A card that
// moves takes at least two of them along; one alone jumps when an edge behind the card is mistaken for the card's.
func motion(p, q geometry.Quad) float64 {
	var first, second float64
	for i := range p {
		switch d := p[i].Dist(q[i]); {
		case d > first:
			first, second = d, first
		case d > second:
			second = d
		}
	}
	return second
}

// farthest returns the largest distance between corners of the same number.
func farthest(p, q geometry.Quad) float64 {
	var d float64
	for i := range p {
		d = math.Max(d, p[i].Dist(q[i]))
	}
	return d
}
