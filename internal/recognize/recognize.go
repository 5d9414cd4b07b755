// Package recognize finds a bank card in a picture and reads its number: a frame goes in, cards come out.
//
// The stages, a file each: locate, mirror and closer (where may a card be?), assemble (which quad agrees best with that?),
// look and ways (where do the card's sides run, and where are digits on it?), refine (lay the sides on the picture's edges), line,
// block, stack and pair (in what lines do the digits stand, and which way do they run?), rectify and strip (cut the line out
// of the picture), read (a score for each digit at each column), decode and slot (which number, in which layout, explains the
// scores?), prolong (does the number go on beyond the line?), again (do other cuts of a doubtful line agree?), mirrored (does it
// read better in a mirror?), sweep (is there print that nothing marks?), check (what does the check digit say of a doubtful
// one?), decide (how sure is that, and which reading wins?), mend (can a camera have made such an outline of a card?).
// Session does so over the frames of a live picture. Each shares what a stage has to do with idle cores.
//
// Positions are pixels of the frame, y down, a pixel's centre at (i+½, j+½); see package geometry.
package recognize

import (
	"slices"
	"sync"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

// Card is a card found in a frame.
type Card struct {
	// Quad is the card's outline; its first corner is the left-top one of the card as its number is read.
	Quad geometry.Quad
	// Number is what was read, and zero when the card can be seen but its number can't be read.
	Number cardnumber.Number
	// Confidence is the probability that Number is right in every digit, 0 to 1.
	Confidence float64
	// Digits holds the probability of each digit of Number being right.
	Digits []float64
}

// Location is where a card seems to be, before anything on it was read.
type Location struct {
	Quad geometry.Quad
	// Confidence is how card-like the quad's inside is, 0 to 1.
	Confidence float64
}

// Engine holds the nets. It is read-only after New, and safe for concurrent use.
type Engine struct {
	locator, cardnet, reader *neural.Net

	runs sync.Pool // of *run: the scratch memory of earlier calls
}

// New returns an engine with the given weight file (see package weights and package neural).
func New(weights []byte) (*Engine, error) {
	e := newEngine()
	if err := e.take(weights, "locator", "cardnet", "reader"); err != nil {
		return nil, err
	}
	if err := e.suits(); err != nil {
		return nil, err
	}
	return e, nil
}

func newEngine() *Engine {
	e := &Engine{}
	e.runs.New = func() any { return &run{engine: e} }
	return e
}

// take takes the nets of those names from a weight file.
func (e *Engine) take(weights []byte, names ...string) error {
	model, err := neural.Parse(weights)
	if err != nil {
		return err
	}
	for _, n := range []struct {
		net               **neural.Net
		name              string
		channels, outputs int
	}{
		{&e.locator, "locator", 3, 2}, {&e.cardnet, "cardnet", 3, 2}, {&e.reader, "reader", 1, 1},
	} {
		if !slices.Contains(names, n.name) {
			continue
		}
		if *n.net, err = model.Net(n.name, n.channels, n.outputs); err != nil {
			return err
		}
	}
	return nil
}

// Locate returns where a card most likely is, and false when there seems to be none. It costs a fraction of Read,
// for the outline that is drawn while the camera runs.
func (e *Engine) Locate(f *frame.Frame) (Location, bool) {
	r, err := e.begin(f)
	if err != nil {
		return Location{}, false
	}
	defer e.end(r)
	if found := r.locate(); len(found) > 0 {
		return found[0], true
	}
	return Location{}, false
}

// LocateAll returns where separate cards seem to be, the likeliest first, at most three.
func (e *Engine) LocateAll(f *frame.Frame) []Location {
	r, err := e.begin(f)
	if err != nil {
		return nil
	}
	defer e.end(r)
	return slices.Clone(r.locate())
}

// Read returns the cards of a frame, the most confident first; none is no error. A card whose number can't be read
// comes with a zero Number. The error says that the frame's planes don't fit together.
func (e *Engine) Read(f *frame.Frame) ([]Card, error) {
	r, err := e.begin(f)
	if err != nil {
		return nil, err
	}
	defer e.end(r)
	r.patient = true
	return r.cards(r.readings()), r.err
}

// readings is the whole way from the frame to what may be on it.
func (r *run) readings() []reading {
	located := r.search()
	if r.trace != nil {
		r.trace.Located = located
	}
	return r.readPlaces(located)
}

// readPlaces reads where cards seem to be, and where the frame's own outline may be one's. Where nothing can be told so far,
// parts of the frame are looked at closer: the whole may have shown something else first. So is the inside of what was seen
// where no number can be told.
func (r *run) readPlaces(located []Location) []reading {
	var found []reading
	for _, o := range located {
		found = r.readCard(o.Quad, o.Confidence, found)
	}
	if whole, ok := r.wholeFrame(); ok && !certain(found) {
		found = r.readCard(whole, 0, found)
	}
	if r.patient && !someLegible(found) {
		var parts []box
		if len(decide(found)) == 0 {
			parts = r.closerParts(len(located) > 0)
		}
		found = r.readCloser(append(parts, r.insides(located)...), found)
	}
	return found
}

// wholeFrame returns the frame's own outline when it has about a card's shape: scans show a card without surroundings.
func (r *run) wholeFrame() (geometry.Quad, bool) {
	w, h := r.frame.Size()
	long, short := float64(max(w, h)), float64(min(w, h))
	return geometry.Rect(0, 0, float64(w), float64(h)), long > 1.3*short && long < 1.95*short
}

// run is one call's state and scratch memory.
type run struct {
	engine    *Engine
	frame     *frame.Frame
	pyramid   pyramid
	arena     neural.Arena
	helpers   helpers
	resampler frame.Resampler
	mark      []bool
	cells     []int32
	parts     []part
	shapes    outliner
	quads     assembler
	found     [2][]Location   // where cards are in the frame, and in a part of it
	glimpses  [images]glimpse // what the locator says of the mirror images
	ways      [2]aspect       // what the card net says of a view upright, and turned by half
	patient   bool            // more is tried where nothing legible was read
	inMirror  bool            // the outline at hand shows its number as a mirror does
	pieces    int             // of work, as each counts them
	err       error
	trace     *Trace // nil but in Inspect
}

// smallest is the shorter side that the levels of the pyramid are kept above, for the smallest view of a whole frame.
const smallest = locatorSize

func (e *Engine) begin(f *frame.Frame) (*run, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	r := e.runs.Get().(*run)
	r.helpers.start()
	r.frame, r.err, r.patient, r.pieces = f, nil, false, 0
	r.pyramid.build(f, smallest)
	return r, nil
}

func (e *Engine) end(r *run) {
	r.frame, r.trace = nil, nil
	r.pyramid.letGo()
	r.helpers.stop()
	e.runs.Put(r)
}

// fail keeps the first error of the run; nil is none.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// connected is the function of that name with the run's scratch memory.
func (r *run) connected(g grid, threshold float32, least int) []part {
	if len(r.mark) < len(g.v) {
		r.mark, r.cells = make([]bool, len(g.v)), make([]int32, len(g.v))
	}
	r.parts = connected(r.parts[:0], g, threshold, least, r.mark, r.cells)
	return r.parts
}
