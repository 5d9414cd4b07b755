package recognize

// Again: a line with a doubtful digit is cut anew, shifted, slanted and scaled a little, with even light, and in other
// colours than luma: what is drawn across a digit may hide it in one and be hardly there in another. The reader's errors on
// one cut are not those on another, so what all of them say together is right more often.

import "slices"

const (
	inDoubt  = 3.0 // nats by which the second-best value of a digit is behind, below which the line is cut again,
	hopeless = 1.0 // unless the mean over its digits is less than this
)

// cuts are the further ones: the centre line at the start and the end, moved down by so many heights of a glyph; the
// strip's height and what is added at each end, as shares of the tight strip's.
var cuts = []struct{ start, end, height, pad float64 }{
	{0.06, 0.06, 1.1, 0.03},
	{-0.06, -0.06, 0.92, 0.02},
	{0.03, -0.03, 1.05, 0.05},
	{-0.03, 0.03, 1, 0},
}

// worthAnother reports whether some digit is in doubt on a line that otherwise reads like a number.
func (t *text) worthAnother() bool {
	return len(t.digits) > 0 && slices.Min(t.odds) < inDoubt && t.meanOdds() > hopeless
}

// cutAgain adds the further strips of a line to those known.
func (r *run) cutAgain(v *view, l textLine, strips []evidence) []evidence {
	tight, wide := l.spans()
	_, down := l.axes()
	var further []cutting
	for _, c := range cuts {
		moved := l
		moved.start, moved.end = l.start.Add(down.Mul(c.start*l.height)), l.end.Add(down.Mul(c.end*l.height))
		pad := c.pad * (tight.to - tight.from)
		further = append(further, cutting{moved, span{tight.from - pad, tight.to + pad, tight.height * c.height}, wide, luma})
	}
	tints := []tint{even}
	if !r.frame.Gray() {
		tints = append(tints, red, blue)
	}
	for _, t := range tints {
		further = append(further, cutting{l, tight, wide, t})
	}
	return append(strips, r.readStrips(v, further)...)
}
