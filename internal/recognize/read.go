package recognize

// Read: a net gives, for each column of a strip, the evidence for each digit against "no digit".

import (
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

// evidence is what one strip says. Positions on a line are columns of the line's first strip; column = scale·position + shift.
type evidence struct {
	// gain[t][d] is ln P(digit d at column t) − ln P(none there), limited to ±limit.
	gain         [columns][10]float32
	scale, shift float64
	// best[t] is the sum of the positive gains of each column's best digit before column t.
	best [columns + 1]float32
}

const limit = 7

// mostLines is how many lines of a direction are read.
const mostLines = 5

// readCard appends what can be read within the outline q, in each direction until a reading is certain. Where none is, or
// the outline itself is poor, the card is located anew.
func (r *run) readCard(q geometry.Quad, located float64, found []reading) []reading {
	v, ok := r.outlook(q)
	if !ok {
		return found
	}
	doubtful := v.seen < clearlySeen && located > 0
	if doubtful && v.seen < poorlySeen {
		v, ok = r.secondOpinion(v.quad, v.seen)
		doubtful = false
	}
	if !ok {
		return found
	}
	found = r.readOutline(v, located, found)
	if !doubtful || certain(found) && !r.odd(v.quad) {
		return found
	}
	first, size := v.quad, math.Sqrt(v.quad.Area())
	if v, ok = r.secondOpinion(v.quad, v.seen); ok && meanDistance(v.quad, first) > closeEnough*size {
		found = r.readOutline(v, located, found)
	}
	return found
}

// otherLooks are how a card is looked at when nothing legible was read at first, until something is: turned by a quarter,
// with more around it, and with less. The net's errors on one view are not those on another.
var otherLooks = []struct {
	turn int
	grow float64
}{{1, 1}, {0, 1.1}, {0, 0.92}}

// readOutline appends what can be read on the card whose outline is the view's quad.
func (r *run) readOutline(v view, located float64, found []reading) []reading {
	before := len(found)
	r.inMirror = false
	found = r.readLooks(v, located, found)
	for i := range found[before:] {
		found[before+i].mirrored = r.inMirror
	}
	return found
}

// readLooks appends what can be read on the card, looking at it as often as it takes.
func (r *run) readLooks(v view, located float64, found []reading) []reading {
	quad, refined := v.quad, r.refine(v.quad)
	found = r.readView(v, refined, located, found)
	if !r.patient || located == 0 {
		return found
	}
	for _, o := range otherLooks {
		if r.done(found) {
			return found
		}
		if other, ok := r.look(quad.Roll(o.turn).Grow(o.grow)); ok {
			other.seen = v.seen
			found = r.readView(other, refined.Roll(o.turn), located, found)
		}
	}
	if r.done(found) {
		return found
	}
	return r.sweep(v, refined, located, found)
}

// done reports whether nothing more is to be tried on an outline.
func (r *run) done(found []reading) bool { return someLegible(found) || r.spent() || r.inMirror }

func someLegible(found []reading) bool {
	return slices.ContainsFunc(found, func(r reading) bool { return r.legible() })
}

// readView appends what can be read of a card that is seen so, and whose outline is refined.
func (r *run) readView(v view, refined geometry.Quad, located float64, found []reading) []reading {
	v, ok := r.bothWays(v)
	if !ok {
		return found
	}
	before := len(found)
	var known []textLine
	ways := r.directions(&v, digitLevel)
	for _, faint := range r.directions(&v, faintLevel) {
		faint.stacked = false // its block has been seen
		ways = append(ways, faint)
	}
	for _, d := range ways {
		one := reading{quad: refined.Roll(d.turn), located: located, seen: v.seen, strength: d.strength, opposite: d.opposite}
		for _, t := range r.readDirection(&v, d, known) {
			one.text = t
			found = append(found, one)
			r.trace.tried(&one)
		}
		if certain(found) || r.spent() {
			return found
		}
		known = append(known, d.lines...)
	}
	if len(found) == before {
		found = append(found, reading{quad: refined, located: located, seen: v.seen})
	}
	return found
}

const (
	clearlySeen = 0.92 // of a card's sides, above which its outline is not doubted
	poorlySeen  = 0.87 // below which nothing is read before it is mended
	anotherCard = 0.3  // a second outline that overlaps the first less is of something else,
	mostly      = 0.7  // unless it holds so much of it
	sameOutline = 0.85 // quads that overlap more need not both be looked at
	clearlyMore = 0.02 // seen, for a second outline to be the better one
)

// secondOpinion locates the card anew in windows around a doubtful outline, and in the whole frame, and returns the view whose
// sides are seen best. Of an odd outline each side in turn is tried where a card would have it, too.
func (r *run) secondOpinion(q geometry.Quad, seen float64) (view, bool) {
	best := q
	try := func(p geometry.Quad) {
		if v, ok := r.outlook(p); ok && v.seen > seen+clearlyMore {
			best, seen = v.quad, v.seen
		}
	}
	for _, part := range r.windows(q) {
		for _, l := range r.closely(part, sameOutline) {
			if o := l.Quad.IoU(q); o >= anotherCard || o*l.Quad.Area() >= mostly*q.Area() {
				try(l.Quad)
			}
		}
	}
	if r.odd(q) {
		for _, p := range r.camera().completions(q) {
			try(p)
		}
	}
	return r.outlook(best)
}

// windows are parts of the frame in which the card with the outline q may be located anew, the whole frame the last.
func (r *run) windows(q geometry.Quad) []box {
	whole := r.wholeBox()
	return []box{boxAround(q, 0.15).within(whole), boxAround(q, 0.3).within(whole), boxAround(q, 0.6).within(whole), whole}
}

// readDirection returns the numbers that may be read in one direction.
func (r *run) readDirection(v *view, d direction, known []textLine) []text {
	numbers := r.readLines(v, d.lines, known)
	if d.stacked {
		if t, ok := r.readBlock(v, d.block, d.turn); ok {
			numbers = append(numbers, t)
		}
	}
	for i := range numbers {
		numbers[i].heedCheck()
	}
	return numbers
}

// readLines returns the numbers that lines of one direction may hold, each line for itself and all together, but for what
// was read before.
func (r *run) readLines(v *view, lines, known []textLine) []text {
	lines = slices.DeleteFunc(lines, func(l textLine) bool { return l.length() < cellSize })
	lines = lines[:min(len(lines), mostLines)]
	var numbers []text
	news := false
	for _, l := range lines {
		if slices.ContainsFunc(known, l.same) {
			continue
		}
		news = true
		if !l.short() {
			numbers = append(numbers, r.readLine(v, l))
		}
	}
	if len(lines) > 1 && news {
		if t, ok := r.readStack(v, lines); ok {
			numbers = append(numbers, t)
		}
	}
	if r.patient && news && !slices.ContainsFunc(numbers, func(t text) bool { return t.meanOdds() > clearly }) {
		if t, ok := r.readPairs(v, lines); ok {
			numbers = append(numbers, t)
		}
	}
	return numbers
}

// readLine returns the number that a line shows, from as many cuts as it takes.
func (r *run) readLine(v *view, l textLine) text {
	strips := r.evidenceOf(v, l)
	l, strips, t := r.readOn(v, l, strips, r.decodeLine(strips))
	first := t
	if t.worthAnother() {
		t = r.decodeLine(r.cutAgain(v, l, strips))
	}
	r.inMirror = r.inMirror || r.mirrored(v, l, &first)
	return t
}

func (r *run) decodeLine(strips []evidence) text {
	defer r.trace.enter("decode")()
	return decode(strips)
}

// evidenceOf reads the strips of a line, the wide one first.
func (r *run) evidenceOf(v *view, l textLine) []evidence {
	tight, wide := l.spans()
	return r.readStrips(v, []cutting{{l, wide, wide, luma}, {l, tight, wide, luma}})
}

// readStrips reads strips of a view, on as many cores as are idle.
func (r *run) readStrips(v *view, cuttings []cutting) []evidence {
	all := make([]evidence, len(cuttings))
	r.each(len(cuttings), func(a *neural.Arena, i int) error {
		return r.readStrip(a, v, &cuttings[i], &all[i])
	})
	return all
}

// readStrip makes e what the reader says of one strip.
func (r *run) readStrip(a *neural.Arena, v *view, c *cutting, e *evidence) error {
	done := r.trace.enter("strip")
	strip, outline := r.cut(a, v, c)
	done()
	defer r.trace.enter("read")()
	out, err := r.engine.reader.Run(a, strip)
	if err != nil {
		return err
	}
	var none [columns]float64
	for t, p := range out[0].Plane(0)[:columns] {
		none[t] = math.Log(math.Max(float64(p), 1e-6))
	}
	for d := range 10 {
		for t, p := range out[0].Plane(d + 1)[:columns] {
			odds := math.Log(math.Max(float64(p), 1e-6)) - none[t]
			e.gain[t][d] = float32(math.Min(math.Max(odds, -limit), limit))
		}
	}
	r.trace.saw(strip, e, outline)
	s, base := c.span, c.base
	e.scale = (base.to - base.from) / (s.to - s.from)
	e.shift = (base.from - s.from) / (s.to - s.from) * columns
	return nil
}
