package synth

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/geometry"
)

func sceneSeed(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 99)) }

func TestSceneIsTheSameForTheSameSeed(t *testing.T) {
	for _, o := range []SceneOptions{{}, {Kind: Photo}, {Kind: Held}, {Kind: FlatScan, Width: 320, Height: 200}, {Kind: Mockup, Cards: 2}, {Negative: true}} {
		for seed := range uint64(2) {
			a, b := DrawScene(sceneSeed(seed), o), DrawScene(sceneSeed(seed), o)
			if !bytes.Equal(a.Picture.Pix, b.Picture.Pix) {
				t.Errorf("%+v, seed %d: two different pictures", o, seed)
			}
			if len(a.Cards) != len(b.Cards) || len(a.Cards) > 0 && a.Cards[0].Quad != b.Cards[0].Quad {
				t.Errorf("%+v, seed %d: two different truths", o, seed)
			}
			if c := DrawScene(sceneSeed(seed+100), o); bytes.Equal(a.Picture.Pix, c.Picture.Pix) {
				t.Errorf("%+v: seeds %d and %d draw one picture", o, seed, seed+100)
			}
		}
	}
}

// The corners of a blazing card on a black ground, found again in the picture, must be those that the truth names.
func TestQuadIsWhereTheCardIs(t *testing.T) {
	for seed := range uint64(40) {
		r := sceneSeed(seed)
		v := photoView(r)
		v.fill = min(v.fill, 0.9)
		w, h := CardWidth, CardHeight
		if seed%3 == 0 {
			w, h = h, w
		}
		p := newPose(v, w, h, 640, 480)
		c := newCanvas(640, 480)
		clear(c.pix)
		b := slab{w: w, h: h, skin: flat(tint{1, 1, 1})}
		b.paint(c, p.plane(0))
		want := p.quad(w, h)
		if got := quadOf(c, want); got == nil {
			t.Fatalf("seed %d: no card in the picture", seed)
		} else {
			for i := range want {
				if d := got[i].Dist(want[i]); d > 0.45 {
					t.Errorf("seed %d: corner %d is %.2f pixels from the truth", seed, i, d)
				}
			}
		}
		c.release()
	}
}

// quadOf fits a line to the half-covered places along each side, looking across the sides of a rough quad, and
// intersects neighbours.
func quadOf(c *canvas, rough geometry.Quad) *geometry.Quad {
	type line struct{ p, d geometry.Point }
	var lines [4]line
	for i := range rough {
		a, b := rough[i], rough[(i+1)%4]
		side := b.Sub(a).Mul(1 / b.Dist(a))
		out := geometry.Point{X: side.Y, Y: -side.X}
		var ends [2]geometry.Point
		for k, t := range []float64{0.2, 0.8} {
			var sum, inside float64
			const step = 0.02
			for o := -4.0; o < 4; o += step { // the covered length across the edge gives its place
				q := a.Lerp(b, t).Add(out.Mul(o))
				x, y := int(math.Floor(q.X)), int(math.Floor(q.Y))
				if x < 0 || y < 0 || x >= c.w || y >= c.h {
					return nil
				}
				sum += step
				inside += step * float64(c.pix[3*(y*c.w+x)])
			}
			ends[k] = a.Lerp(b, t).Add(out.Mul(inside - sum/2))
		}
		lines[i] = line{ends[0], ends[1].Sub(ends[0])}
	}
	var q geometry.Quad
	for i := range q {
		m, n := lines[(i+3)%4], lines[i]
		p, ok := geometry.Intersect(m.p, m.d, n.p, n.d)
		if !ok {
			return nil
		}
		q[i] = p
	}
	return &q
}

// A mark on the card must appear in the frame where Map says, whatever the kind of scene.
func TestMapLeadsToTheDigits(t *testing.T) {
	for _, kind := range []Kind{Photo, Held, FlatScan, Mockup} {
		for seed := range uint64(3) {
			s := DrawScene(sceneSeed(seed), SceneOptions{Kind: kind, Cards: 1, Easy: true})
			p := s.Cards[0]
			w, h := float64(p.Card.Picture.Width), float64(p.Card.Picture.Height)
			q := p.Map.ApplyQuad(geometry.Rect(0, 0, w, h))
			for i := range q {
				if q[i].Dist(p.Quad[i]) > 1e-6 {
					t.Fatalf("kind %d, seed %d: Map takes corner %d to %v, Quad says %v", kind, seed, i, q[i], p.Quad[i])
				}
			}
			if !p.Quad.Convex() || p.Quad.SignedArea() < 0 {
				t.Errorf("kind %d, seed %d: the corners do not run clockwise: a card is never mirrored", kind, seed)
			}
			if rho := likeness(s.Picture, &p); rho < 0.75 {
				t.Errorf("kind %d, seed %d: the frame under Map looks like the card to %.2f only", kind, seed, rho)
			}
		}
	}
}

// likeness correlates the luma of the card's picture with that of the frame at the same places.
func likeness(frame *RGB, p *Placed) float64 {
	var n, sx, sy, xx, yy, xy float64
	for y := 40.0; y < float64(p.Card.Picture.Height)-40; y += 3 {
		for x := 40.0; x < float64(p.Card.Picture.Width)-40; x += 3 {
			at := p.Map.Apply(geometry.Point{X: x, Y: y})
			a, b := float64(lumaAt(p.Card.Picture, x, y)), float64(lumaAt(frame, at.X, at.Y))
			n, sx, sy, xx, yy, xy = n+1, sx+a, sy+b, xx+a*a, yy+b*b, xy+a*b
		}
	}
	return (xy - sx*sy/n) / math.Sqrt((xx-sx*sx/n)*(yy-sy*sy/n))
}

func TestRollTurnsTheCard(t *testing.T) {
	for _, want := range []float64{0, 30, 90, 180, 270} {
		s := DrawScene(sceneSeed(3), SceneOptions{Kind: Mockup, Cards: 1, Easy: true, Roll: &want})
		side := s.Cards[0].Quad[1].Sub(s.Cards[0].Quad[0])
		got := math.Atan2(side.Y, side.X) * 180 / math.Pi
		if d := math.Abs(math.Mod(got-want+540, 360) - 180); d > 25 {
			t.Errorf("roll %v°: the top edge points to %.0f°", want, got)
		}
	}
}

func TestNegativesHaveNoCard(t *testing.T) {
	decoys := 0
	for seed := range uint64(12) {
		s := DrawScene(sceneSeed(seed), SceneOptions{Width: 320, Height: 240, Negative: true})
		if len(s.Cards) != 0 {
			t.Fatalf("seed %d: a negative with %d cards", seed, len(s.Cards))
		}
		decoys += len(s.Decoys)
	}
	if decoys == 0 {
		t.Error("not one of the negatives shows anything like a card")
	}
}

func TestBlankCardsHaveAQuadAndNoNumber(t *testing.T) {
	for seed := range uint64(5) {
		s := DrawScene(sceneSeed(seed), SceneOptions{Cards: 1, Easy: true, Card: CardOptions{NoNumber: true}})
		if p := s.Cards[0]; !p.Card.Number.IsZero() || p.Quad.Area() < 1000 || p.Legible() {
			t.Errorf("seed %d: number %v, area %.0f, legible %v", seed, p.Card.Number, p.Quad.Area(), p.Legible())
		}
	}
}

func TestEveryKindAndSizeDraws(t *testing.T) {
	for _, size := range [][2]int{{64, 64}, {640, 480}, {333, 700}} {
		for _, kind := range []Kind{Photo, Held, FlatScan, Mockup} {
			s := DrawScene(sceneSeed(uint64(size[0])), SceneOptions{Width: size[0], Height: size[1], Kind: kind, Cards: 2})
			if s.Picture.Width != size[0] || s.Picture.Height != size[1] || len(s.Picture.Pix) != 3*size[0]*size[1] {
				t.Errorf("%v, kind %d: a picture of %d×%d", size, kind, s.Picture.Width, s.Picture.Height)
			}
			for _, p := range s.Cards {
				if p.Visible < 0 || p.Visible > 1 || !p.Quad.Convex() {
					t.Errorf("%v, kind %d: visible %v, quad %v", size, kind, p.Visible, p.Quad)
				}
			}
		}
	}
}

// BenchmarkScene draws frames as training does; lines of the profile show what costs most.
func BenchmarkScene(b *testing.B) {
	for _, c := range []struct {
		name string
		o    SceneOptions
	}{{"640x480", SceneOptions{Width: 640, Height: 480}}, {"1280x960", SceneOptions{Width: 1280, Height: 960}},
		{"negative", SceneOptions{Width: 640, Height: 480, Negative: true}}} {
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				DrawScene(sceneSeed(uint64(i%64)), c.o)
			}
		})
	}
}
