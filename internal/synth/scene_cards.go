// Casting: which cards stand in a scene, where they lie, and how their faces meet the light.

package synth

import (
	"math"
	"math/rand/v2"

	"ocrbankcard/internal/geometry"
)

// castCards draws the cards and the pose of the foremost.
func (s *stage) castCards(r *rand.Rand, o SceneOptions) {
	n := o.Cards
	if n == 0 {
		n = 1
		if likely(r, []float64{Photo: 0.07, Held: 0.06, FlatScan: 0, Mockup: 0.15}[s.kind]) && !o.Easy {
			n = 2
		}
	}
	v := s.drawView(r)
	if o.Roll != nil {
		v.roll = *o.Roll * math.Pi / 180
	}
	if o.Card.Scale == 0 {
		o.Card.Scale = s.texelsPerMM(v)
	}
	front := DrawCard(r, o.Card)
	wmm, hmm := front.Width, front.Height
	s.pose = newPose(v, wmm, hmm, s.canvas.w, s.canvas.h)
	if s.kind == FlatScan {
		s.fillFrame(r, wmm, hmm, o.Roll)
	}
	for i := n - 1; i > 0; i-- {
		card := DrawCard(r, CardOptions{Faces: o.Card.Faces, Scale: o.Card.Scale})
		k := s.beside(r, stagedCard{card: card, behind: cardThickMM * float64(i)}, wmm, hmm)
		s.cards = append(s.cards, k)
	}
	s.cards = append(s.cards, stagedCard{card: front, place: geometry.Identity})
	for i := range s.cards {
		k := &s.cards[i]
		k.slab.w, k.slab.h = k.card.Width, k.card.Height
		s.dress(r, k, uint8(i+1))
	}
}

// texelsPerMM is how finely cards, upright or not, must be drawn for the frame, with a little to spare.
func (s *stage) texelsPerMM(v view) float64 {
	if s.kind == FlatScan {
		v = view{lens: 40, fill: 1}
	}
	upright := newPose(v, CardHeight, CardWidth, s.canvas.w, s.canvas.h).quad(CardHeight, CardWidth).Area()
	lying := newPose(v, CardWidth, CardHeight, s.canvas.w, s.canvas.h).quad(CardWidth, CardHeight).Area()
	scale := 1.15 * math.Sqrt(math.Max(upright, lying)/(CardWidth*CardHeight))
	return math.Min(math.Max(scale, 3.5), 12)
}

// drawView draws how the foremost card lies in the frame.
func (s *stage) drawView(r *rand.Rand) view {
	v := photoView(r)
	if s.kind == Mockup {
		v.fill = between(r, 0.4, 0.97)
		v.dx, v.dy = v.dx*0.4, v.dy*0.4
		if likely(r, 0.45) {
			v.tilt, v.roll = 0, 0
		}
	}
	if s.easy {
		v.tilt = math.Min(v.tilt, 25*math.Pi/180)
		v.fill = between(r, 0.6, 0.94)
	}
	return v
}

// fillFrame lays the card flat and parallel to the frame, which it fills up to a thin margin, or overfills by a hair.
func (s *stage) fillFrame(r *rand.Rand, wmm, hmm float64, roll *float64) {
	v := view{lens: 40}
	if roll != nil {
		v.roll = *roll * math.Pi / 180
	} else if likely(r, 0.1) {
		v.roll = float64(1+r.IntN(3)) * math.Pi / 2
	}
	if likely(r, 0.2) {
		v.roll += r.NormFloat64() * 0.01
	}
	v.fill = 1
	switch x := r.Float64(); {
	case x < 0.45:
		v.fill = between(r, 0.93, 1)
	case x < 0.6:
		v.fill = between(r, 1, 1.02)
	}
	v.dx, v.dy = r.NormFloat64()*0.3, r.NormFloat64()*0.3
	s.pose = newPose(v, wmm, hmm, s.canvas.w, s.canvas.h)
}

// beside places a further card beside the foremost, of wmm × hmm, or partly under it.
func (s *stage) beside(r *rand.Rand, k stagedCard, wmm, hmm float64) stagedCard {
	angle := r.NormFloat64() * 0.25
	if s.kind == Photo && likely(r, 0.4) {
		angle = between(r, 0, 2*math.Pi)
	}
	s1, c := math.Sincos(between(r, 0, 2*math.Pi))
	reach := between(r, 0.25, 1.1)
	k.place = onTable(c*reach*wmm, s1*reach*hmm, angle)
	k.behind = max(k.behind, cardThickMM)
	return k
}

// dress gives the slab its face, rounded corners and rim.
func (s *stage) dress(r *rand.Rand, k *stagedCard, id uint8) {
	k.slab.id, k.slab.r = id, CornerRadius
	if s.kind == FlatScan && likely(r, 0.2) { // cut along straight lines
		k.slab.r = between(r, 0, 2)
	}
	if s.kind == Mockup || s.kind == FlatScan {
		k.slab.r = CornerRadius * between(r, 0.8, 1.5)
	}
	k.slab.rim = float32(r.NormFloat64() * 0.15)
	if likely(r, 0.3) {
		k.slab.rim = float32(between(r, 0.2, 1.5))
	}
	if k.card != nil { // decoys are flat
		k.slab.tilt = k.card.tilt
	}
	skin := s.skin(k)
	k.border = skin.border()
	k.slab.skin = &picture{raster: skin, x0: float32(-k.slab.w / 2), y0: float32(-k.slab.h / 2),
		scale: float32(float64(skin.w) / k.slab.w), gain: tint{1, 1, 1}}
}

// skin returns the face at about the resolution at which the frame shows it.
func (s *stage) skin(k *stagedCard) *raster {
	if k.decoy != nil {
		return k.decoy.skin
	}
	texels := float64(k.card.Picture.Width * k.card.Picture.Height)
	return newRaster(k.card.Picture, math.Sqrt(texels/math.Max(s.outline(k).Area(), 100))/1.15)
}

// paintCards paints the cards from the hindmost on, with their shadows, edges, glare and the hands that hold them.
func (s *stage) paintCards(r *rand.Rand) {
	var behind, front []finger
	if !s.easy && (s.kind == Held && likely(r, 0.85) || s.kind == Photo && likely(r, 0.12)) {
		top := s.cards[len(s.cards)-1].slab
		behind, front = drawHand(r, top.w, top.h)
	}
	plane := s.pose.plane(0)
	for i := range behind {
		behind[i].paint(s.canvas, plane)
	}
	if s.kind == Mockup && likely(r, 0.08) {
		s.paintReflection(&s.cards[len(s.cards)-1], float32(between(r, 0.1, 0.5)))
	}
	glare := !s.easy && likely(r, 0.3)
	side := anyTint(r).mix(tint{0.7, 0.7, 0.7}, 0.5)
	for i := range s.cards {
		s.paintCard(r, &s.cards[i], side, glare)
	}
	for i := range front {
		front[i].paint(s.canvas, plane)
	}
	if s.kind == Photo && !s.easy && likely(r, 0.05) {
		s.coverPart(r)
	}
}

// coverPart lays something over an edge of the foremost card.
func (s *stage) coverPart(r *rand.Rand) {
	top := s.cards[len(s.cards)-1].slab
	t := drawThing(r)
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	reach := (math.Hypot(t.w*cos, t.h*sin) + math.Hypot(top.w*cos, top.h*sin)) / 2 * between(r, 0.75, 1)
	t.id, t.place = thingID, onTable(cos*reach, sin*reach, between(r, 0, 2*math.Pi))
	t.paint(s.canvas, s.pose.plane(-0.1), s.fallX, s.fallY, s.shade)
}

func (s *stage) paintCard(r *rand.Rand, k *stagedCard, side tint, glare bool) {
	p := s.pose.moved(k.place, k.behind)
	if s.kind != FlatScan {
		s.paintShadow(r, k, p)
	}
	if s.kind == Photo || s.kind == Held {
		k.slab.extrude(s.canvas, p, cardThickMM, side)
	}
	k.slab.paint(s.canvas, p.plane(0))
	if s.kind == Photo || s.kind == Held || likely(r, 0.2) {
		drawRoom(r, p, k.slab.w, k.slab.h, glare).glare(s.canvas, &k.slab, p)
	}
}

// paintShadow draws the shadow on what lies under the card: tight on a table, wide and soft under a floating mock-up.
func (s *stage) paintShadow(r *rand.Rand, k *stagedCard, p *pose) {
	height, soft := cardThickMM, between(r, 0.3, 3)
	switch s.kind {
	case Held:
		return // what lies behind is far away
	case Mockup:
		if likely(r, 0.2) {
			return
		}
		height, soft = between(r, 0.5, 12), between(r, 1, 14)
	default:
		if likely(r, 0.25) { // a bent or lifted card
			height = between(r, 1, 5)
		}
	}
	k.slab.shadow(s.canvas, p.plane(cardThickMM), s.fallX*height, s.fallY*height, soft, s.shade)
}

// moved returns the pose of a card placed on the plane z behind this one.
func (p *pose) moved(place geometry.Homography, z float64) *pose {
	q := *p
	q.origin = p.space(place[2], place[5], z)
	q.right = p.right.mul(place[0]).add(p.down.mul(place[3]))
	q.down = p.right.mul(place[1]).add(p.down.mul(place[4]))
	return &q
}
