package recognize

// Closer: where nothing can be told of what is seen in the whole frame, the locator looks at parts of it. A card takes more of
// its square there, and less of what lies about the card is in it.

import (
	"slices"

	"ocrbankcard/internal/geometry"
)

// readCloser appends what can be read of cards that are seen in a part of the frame, until some is legible: the outline
// alone of what the whole frame doesn't show is not told.
func (r *run) readCloser(parts []box, found []reading) []reading {
	var tried []geometry.Quad
	for _, f := range found {
		tried = append(tried, f.quad)
	}
	for _, part := range parts {
		for _, o := range r.locatedIn(part) {
			if r.spent() {
				return found
			}
			if slices.ContainsFunc(tried, func(q geometry.Quad) bool { return q.IoU(o.Quad) > sameOutline }) {
				continue
			}
			tried = append(tried, o.Quad)
			if read := r.readCard(o.Quad, o.Confidence, nil); someLegible(read) {
				return append(found, read...)
			}
		}
	}
	return found
}

// locatedIn returns where cards seem to be in a part of the frame.
func (r *run) locatedIn(part box) []Location {
	defer r.trace.enter("locate")()
	return slices.DeleteFunc(slices.Clone(r.closely(part, samePlace)), func(l Location) bool { return l.Confidence <= leastPresent })
}

// insides are the parts of the frame within upright outlines: what was taken for a card may be a picture that shows one, on a
// screen or a sheet.
func (r *run) insides(located []Location) (parts []box) {
	for _, l := range located {
		low, high := l.Quad.Bounds()
		if bounds := geometry.Rect(low.X, low.Y, high.X, high.Y); bounds.IoU(l.Quad) > uprightPicture {
			parts = append(parts, boxAround(l.Quad, -inset).within(r.wholeBox()))
		}
	}
	return parts
}

const (
	uprightPicture = 0.85 // overlap of an outline and its bounds,
	inset          = 0.03 // and what of its longer side is left out at each edge
)

// middles are the shares of the frame's sides that its middle is looked at in.
var middles = []float64{0.8, 0.65, 0.5}

// closerParts are parts of the frame in which a card takes more of the locator's square, and less of what lies about it is
// there: the halves of a frame that fills little of the square, unless search has seen them, and the middle, where most
// hold their card.
func (r *run) closerParts(located bool) (parts []box) {
	w, h := r.frame.Size()
	if located && float64(max(w, h)) > elongation*float64(min(w, h)) {
		halves := r.wholeBox().halves()
		parts = append(parts, halves[:]...)
	}
	for _, share := range middles {
		parts = append(parts, r.wholeBox().middle(share))
	}
	return parts
}

// elongation is the ratio of a frame's sides from which on its halves show much more.
const elongation = 1.6

// leastPresent is how sure the locator must be of a card in a part of a frame: of the mean over mirror images where they are
// looked at, of the one look elsewhere.
const leastPresent = 0.3
