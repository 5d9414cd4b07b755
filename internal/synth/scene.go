// Scenes: camera frames with cards in them, and the truth about each.

package synth

import (
	"image"
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// Kind is how a picture came to be.
type Kind int

// The kinds of scene. A Photo shows a card lying on something, Held one in a hand before the room, a FlatScan the card
// alone filling the picture, a Mockup a rendering on a plain backdrop.
const (
	AnyKind Kind = iota
	Photo
	Held
	FlatScan
	Mockup
)

// SceneOptions narrows what DrawScene draws; the zero value leaves all to chance.
type SceneOptions struct {
	Width, Height int      // pixels; 0 draws a usual size
	Scale         float64  // of a usual size; 0 leaves it as it is
	Kind          Kind     // AnyKind draws one
	Cards         int      // how many bank cards; 0 draws one, seldom two
	Negative      bool     // no bank card at all; Cards is ignored, and Kind where no decoy is shown
	Roll          *float64 // degrees the card is turned clockwise in the picture; nil draws it
	Easy          bool     // a clear picture: the whole card in view and sharp, no occlusion, no strong glare
	Card          CardOptions
}

// Placed is a card in a scene.
type Placed struct {
	Card    *Card
	Quad    geometry.Quad       // corners of the upright card in the frame, had it no rounding; they may lie outside
	Map     geometry.Homography // pixels of Card.Picture to pixels of the frame
	Visible float64             // share of the card's face that the frame shows, 0 to 1
	Clarity [][]float64         // for each of Card.Lines, each glyph: 1 or more where a person can read it; see Readable
}

// Scene is a frame with its truth.
type Scene struct {
	Picture *RGB
	Kind    Kind
	Cards   []Placed        // bank cards, the foremost first, without such as are all but hidden; empty for a negative
	Decoys  []geometry.Quad // things of a card's size and shape that are no bank cards
}

// Owners of pixels: cards are 1, 2, …
const (
	handID  = 250
	thingID = 251
)

// DrawScene draws a frame. The same generator state and options give the same scene.
func DrawScene(r *rand.Rand, o SceneOptions) *Scene {
	if o.Negative {
		return drawNegative(r, o)
	}
	s := newStage(r, o)
	s.castCards(r, o)
	s.paintBackdrop(r)
	s.paintCards(r)
	s.light.apply(s.canvas)
	return s.shoot()
}

// stage is a scene while it is drawn.
type stage struct {
	kind   Kind
	easy   bool
	canvas *canvas
	pose   *pose
	cards  []stagedCard // in the order of painting: the foremost last
	light  *illumination
	sensor *sensor
	fallX  float64 // where shadows fall: millimetres for each millimetre of height, in the foremost card's axes
	fallY  float64
	shade  float64 // share of light that shadows take
}

// stagedCard is a card, or a decoy, with its place on the plane of the foremost one.
type stagedCard struct {
	card   *Card
	decoy  *decoy
	border tint // mean colour along the face's border
	slab   slab
	place  geometry.Homography // its millimetres to the foremost card's
	behind float64             // how far its face lies behind the foremost card's, millimetres
}

func newStage(r *rand.Rand, o SceneOptions) *stage {
	s := &stage{kind: o.Kind, easy: o.Easy}
	if s.kind == AnyKind {
		s.kind = []Kind{Photo, Held, FlatScan, Mockup}[pickWeighted(r, 46, 16, 19, 19)]
	}
	size := image.Pt(o.Width, o.Height)
	if size.X <= 0 || size.Y <= 0 {
		size = usualSize(r, s.kind)
		if o.Scale > 0 {
			size = image.Pt(int(float64(size.X)*o.Scale), int(float64(size.Y)*o.Scale))
		}
	}
	s.canvas = newCanvas(size.X, size.Y)
	s.canvas.owner = make([]uint8, size.X*size.Y)
	rendered := s.kind == FlatScan || s.kind == Mockup
	s.light = drawIllumination(r, size.X, size.Y, !rendered)
	s.sensor = drawSensor(r, rendered)
	if o.Easy {
		s.sensor.ease()
		s.light.ease()
	}
	s.fallX, s.fallY = r.NormFloat64()*0.8, between(r, -0.3, 1.2)
	s.shade = between(r, 0.15, 0.7)
	return s
}

// usualSize draws a frame size that cameras, scans and mock-ups have.
func usualSize(r *rand.Rand, k Kind) image.Point {
	if k == FlatScan && likely(r, 0.8) {
		w := []int{280, 400, 500, 640, 800}[pickWeighted(r, 1, 2, 4, 6, 2)]
		return image.Pt(w, int(float64(w)/CardWidth*CardHeight*between(r, 0.97, 1.06)))
	}
	sizes := []image.Point{{640, 480}, {480, 640}, {600, 600}, {640, 360}, {360, 640}, {800, 600}, {400, 300}, {640, 400}, {300, 220}, {240, 260}}
	return sizes[pickWeighted(r, 38, 22, 8, 10, 8, 6, 3, 5, 2, 1)]
}

// shoot takes the picture and writes the truth down.
func (s *stage) shoot() *Scene {
	owner := s.canvas.owner
	scene := &Scene{Kind: s.kind}
	for i := len(s.cards) - 1; i >= 0; i-- {
		if s.cards[i].card == nil {
			scene.Decoys = append(scene.Decoys, s.outline(&s.cards[i]))
			continue
		}
		if p := s.truth(&s.cards[i], owner); p.Visible > 0.02 {
			scene.Cards = append(scene.Cards, p)
		}
	}
	scene.Picture = s.sensor.take(s.canvas)
	s.canvas = nil
	for i := range scene.Cards {
		judgeClarity(&scene.Cards[i], scene.Picture)
	}
	return scene
}

// face returns the map from a card's millimetres to the frame.
func (s *stage) face(k *stagedCard) geometry.Homography {
	return s.pose.plane(k.behind).Compose(k.place)
}

// outline returns a card's corners in the frame.
func (s *stage) outline(k *stagedCard) geometry.Quad {
	return s.face(k).ApplyQuad(geometry.Rect(-k.slab.w/2, -k.slab.h/2, k.slab.w/2, k.slab.h/2))
}

func (s *stage) truth(k *stagedCard, owner []uint8) Placed {
	p := Placed{Card: k.card, Quad: s.outline(k)}
	sx, sy := k.slab.w/float64(k.card.Picture.Width), k.slab.h/float64(k.card.Picture.Height)
	p.Map = s.face(k).Compose(geometry.Homography{sx, 0, -k.slab.w / 2, 0, sy, -k.slab.h / 2, 0, 0, 1})
	var seen float64
	for _, id := range owner {
		if id == k.slab.id {
			seen++
		}
	}
	corners := (4 - math.Pi) * CornerRadius * CornerRadius / (k.slab.w * k.slab.h)
	p.Visible = math.Min(seen/(p.Quad.Area()*(1-corners)), 1)
	return p
}
