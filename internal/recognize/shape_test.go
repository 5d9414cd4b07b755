package recognize

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

var phone = camera{geometry.Point{X: 640, Y: 480}, 1280}

// pictured returns where a pinhole of the given focal length, in pixels, sees a card that leans by an angle, towards any
// side of it, is turned in its own plane, and whose middle is seen at a point.
func pictured(c camera, focal, lean, towards, turned, distance float64, at geometry.Point) (q geometry.Quad) {
	ray := at.Sub(c.middle).Mul(1 / focal)
	for i, corner := range geometry.Rect(-geometry.AspectID1, -1, geometry.AspectID1, 1) {
		rotate := func(p geometry.Point, angle float64) geometry.Point {
			s, c := math.Sincos(angle)
			return geometry.Point{X: c*p.X - s*p.Y, Y: s*p.X + c*p.Y}
		}
		p := rotate(corner, turned-towards)
		p, depth := geometry.Point{X: p.X * math.Cos(lean), Y: p.Y}, distance+p.X*math.Sin(lean)
		p = rotate(p, towards).Add(ray.Mul(distance))
		q[i] = c.middle.Add(p.Mul(focal / depth))
	}
	return q
}

// anyCard returns a card in some pose that leans by no more than most, its focal length one of those that are tried, and the
// sine of the angle at which it leans from who looks at its middle.
func anyCard(r *rand.Rand, most float64) (q geometry.Quad, sine float64) {
	lean, towards := r.Float64()*most, 6.3*r.Float64()
	at := phone.middle.Add(geometry.Point{X: 400 * (r.Float64() - 0.5), Y: 300 * (r.Float64() - 0.5)})
	focal := phone.side * focals[r.IntN(len(focals))]
	ray := at.Sub(phone.middle).Mul(1 / focal)
	facing := math.Cos(lean) - math.Sin(lean)*(math.Cos(towards)*ray.X+math.Sin(towards)*ray.Y)
	cosine := facing / math.Sqrt(1+ray.Dot(ray))
	return pictured(phone, focal, lean, towards, 6.3*r.Float64(), focal/1280*(3+6*r.Float64()), at), math.Sqrt(1 - cosine*cosine)
}

// A card is no odder than it leans, wherever it is seen; another reading of its corners and another unit change nothing.
func TestOddityOfCards(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		q, sine := anyCard(r, math.Pi/4)
		odd := phone.oddity(q, 0)
		if most := math.Pow(sine/leanTolerance, 2); odd > most+1e-6 { // less where another focal length explains it better
			t.Fatalf("a card that leans by a sine of %.2f has oddity %.3f, more than %.3f: %v", sine, odd, most, q)
		}
		small := camera{phone.middle.Mul(0.1), phone.side * 0.1}
		for k := range 4 {
			if other := small.oddity(q.Scale(0.1).Roll(k), 0); math.Abs(other-odd) > 1e-6 {
				t.Fatalf("oddity %.4f, rolled by %d and smaller %.4f", odd, k, other)
			}
		}
	}
}

// In a picture cut out of a larger one, the camera's axis is not in the middle, but maybe where the card is.
func TestOddityInACutOut(t *testing.T) {
	cut := camera{phone.middle.Add(geometry.Point{X: 350, Y: -250}), phone.side}
	for _, lean := range []float64{0.2, 0.4, 0.6} {
		for towards := 0.0; towards < 6.3; towards += 0.5 {
			q := pictured(phone, phone.side, lean, towards, 0.3, 4, phone.middle)
			if odd, most := cut.oddity(q, 0), math.Pow(math.Sin(lean)/leanTolerance, 2); odd > most+1e-6 {
				t.Errorf("a card that leans by %.1f towards %.1f has oddity %.2f, more than %.2f", lean, towards, odd, most)
			}
		}
	}
}

func TestOddityOfOtherThings(t *testing.T) {
	for name, q := range map[string]geometry.Quad{
		"a card without its stripe":   geometry.Rect(300, 300, 900, 300+600/geometry.AspectID1*0.7),
		"half a card":                 geometry.Rect(300, 300, 600, 300+600/geometry.AspectID1),
		"a sheet":                     geometry.Rect(300, 200, 300+400*1.414, 600),
		"a card and a strip below":    geometry.Rect(300, 300, 900, 300+600/geometry.AspectID1*1.2),
		"one side cut off at a slant": {{X: 300, Y: 300}, {X: 900, Y: 300}, {X: 900, Y: 560}, {X: 300, Y: 678}},
		"a bow tie":                   {{X: 300, Y: 300}, {X: 900, Y: 300}, {X: 300, Y: 678}, {X: 900, Y: 678}},
		"no area":                     {{X: 300, Y: 300}, {X: 900, Y: 300}, {X: 1200, Y: 300}, {X: 600, Y: 300}},
	} {
		t.Run(name, func(t *testing.T) {
			if odd := phone.oddity(q, 0); odd < hardlyOdd {
				t.Errorf("oddity %.2f, as of a card", odd)
			}
		})
	}
	upright := geometry.Rect(300, 300, 900, 300+600/geometry.AspectID1)
	if odd := phone.oddity(upright, 0); odd > 0.02 {
		t.Errorf("a card seen from nearly straight above: oddity %.3f", odd)
	}
	sheet := geometry.Rect(300, 300, 900, 300+600/1.414)
	if sharp, blurred := phone.oddity(sheet, 0), phone.oddity(sheet, 40); blurred >= sharp {
		t.Errorf("oddity %.2f with corners that may be wrong by 40 pixels, %.2f without", blurred, sharp)
	}
}

// Whichever side was laid wrongly, one of the completions is the card.
func TestCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for side := range 4 {
		for _, length := range []float64{0.7, 1.3} {
			t.Run(fmt.Sprint(side, length), func(t *testing.T) {
				for range 50 {
					q, _ := anyCard(r, 0.15)
					wrong := q.Roll(side)
					wrong[2], wrong[3] = wrong[1].Lerp(wrong[2], length), wrong[0].Lerp(wrong[3], length)
					near := func(p geometry.Quad) bool { return p.IoU(q) > 0.85 }
					if near(wrong) || !slices.ContainsFunc(phone.completions(wrong), near) {
						t.Fatalf("none of %v is %v", phone.completions(wrong), q)
					}
				}
			})
		}
	}
}

// What is seen of an outline's sides counts less where it is hardly a card's.
func TestLikely(t *testing.T) {
	r, err := newEngine().begin(&frame.Frame{Y: frame.NewPlane(1280, 960)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.engine.end(r)
	card, half := geometry.Rect(300, 300, 900, 300+600/geometry.AspectID1), geometry.Rect(300, 300, 600, 300+600/geometry.AspectID1)
	if r.likely(card) != 1 || r.odd(card) {
		t.Errorf("a card is likely by %.2f, odd: %v", r.likely(card), r.odd(card))
	}
	if r.likely(half) > 0.95 || !r.odd(half) {
		t.Errorf("half a card is likely by %.2f, odd: %v", r.likely(half), r.odd(half))
	}
}

// The camera of the frame stands in the maps where the letterbox has put the frame: a card is as odd there as in the frame.
func TestCameraInTheMaps(t *testing.T) {
	r, err := newEngine().begin(&frame.Frame{Y: frame.NewPlane(1280, 960)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.engine.end(r)
	for _, part := range []box{r.wholeBox(), {x0: 640, y0: 200, x1: 1280, y1: 700}} {
		_, to := r.letterboxed(part)
		inFrame := pictured(r.camera(), 1280, 0.5, 1, 0.3, 6, geometry.Point{X: 900, Y: 400})
		inCells := inFrame
		for i, p := range inFrame {
			inCells[i] = geometry.Point{X: p.X*to.scaleX + to.offsetX, Y: p.Y*to.scaleY + to.offsetY}.Mul(1.0 / cellSize)
		}
		got, want := to.camera(r.camera()).oddity(inCells, 0), r.camera().oddity(inFrame, 0)
		if want < 0.1 || math.Abs(got-want) > 0.02 {
			t.Errorf("part %v: oddity %.3f in cells, %.3f in the frame", part, got, want)
		}
	}
}
