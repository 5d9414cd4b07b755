package recognize

// Mirrored: selfies and what a laptop's camera app keeps may be stored as a mirror shows them. The reader takes a mirrored 5
// for a 2 and a mirrored 2 for a 5, and may be sure of it. What it says of the same line in a mirror tells.

import (
	"slices"

	"ocrbankcard/internal/geometry"
)

// plain is by how much, in nats, the second-best value of each digit is behind on a line that is not looked at in a mirror.
// Nor is one whose number is hardly ever told.
const plain = 4.0

// unmistakable is how sure a number must be to be told though something on the card reads better in a mirror: a wrong one that a
// mirror shows is seldom more than .95.
const unmistakable = 0.99

// mirrored reports whether a line shows its number as a mirror does: the mirror image of the line, one way up or the other,
// reads better than t, is a number that a brand issues, and has no fewer signs of being one than t.
func (r *run) mirrored(v *view, l textLine, t *text) bool {
	if len(t.digits) == 0 || slices.Min(t.odds) >= plain || t.meanOdds() < clearly {
		return false
	}
	image, line := v.inMirror(), l.inMirror()
	for range 2 {
		m := r.decodeLine(r.evidenceOf(&image, line))
		if m.score > t.score && issued(m.digits) && (passes(m.digits) || !issued(t.digits) || !passes(t.digits)) {
			return true
		}
		line.start, line.end = line.end, line.start
	}
	return false
}

// inMirror is the view mirrored left to right; of what the net answered, it keeps nothing.
func (v *view) inMirror() view {
	flip := geometry.Homography{-1, 0, viewWidth, 0, 1, 0, 0, 0, 1}
	return view{quad: v.quad, toFrame: v.toFrame.Compose(flip)}
}

// inMirror is the line in the mirrored view; its glyphs stand as before, and its first is its last.
func (l textLine) inMirror() textLine {
	l.start, l.end = geometry.Point{X: viewWidth - l.end.X, Y: l.end.Y}, geometry.Point{X: viewWidth - l.start.X, Y: l.start.Y}
	return l
}
