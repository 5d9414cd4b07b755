// Videos for browsers' fake cameras: a card in a hand before a room that stands still, frame by frame with its truth.

package synth

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"ocrbankcard/internal/geometry"
)

// VideoRate is the frames a second at which Chromium plays a file of JPEG pictures (kMJpegFrameRate in its
// file_video_capture_device.cc); it starts again at the end.
const VideoRate = 30

// videoHold is how many frames in a row show the same picture, as cameras in poor light do.
const videoHold = 2

// videoTries is how many cards are drawn at most to find one whose number is plain to see.
const videoTries = 8

// Video is a sequence of scenes that tell a script.
type Video struct {
	Width, Height int
	keys          []key
	seed          uint64
	backdrop      *canvas
	cards         []stagedCard
	hands         [][2][]finger // behind and on each card
	room          *room
	side          tint
	light         *illumination
	sensor        sensor
}

// NewVideo prepares the script of that name (see VideoScripts), width × height pixels. The cards carry published test
// numbers. The same arguments give the same frames.
func NewVideo(seed uint64, name string, width, height int) (*Video, error) {
	keys, err := script(name)
	if err != nil {
		return nil, err
	}
	if width < 64 || height < 64 || width > 4096 || height > 4096 {
		return nil, fmt.Errorf("synth: a video of %d×%d pixels", width, height)
	}
	r := rand.New(rand.NewPCG(seed, 0x71de0))
	v := &Video{Width: width, Height: height, keys: keys, seed: seed, side: tint{0.6, 0.6, 0.62}}
	s := newStage(r, SceneOptions{Width: width, Height: height, Kind: Held, Easy: true})
	s.pose = newPose(view{lens: 1, fill: 0.8}, CardWidth, CardHeight, width, height)
	v.light, v.sensor = s.light, *s.sensor
	v.sensor.quality, v.sensor.resolution, v.sensor.noise = 0, 0, 1.5
	s.paintFarRoom(r)
	v.backdrop = s.canvas
	for _, digits := range []string{"4111111111111111", "5555555555554444"} {
		v.addCard(r, s, digits)
	}
	v.room = v.lampOverDigits(r)
	return v, nil
}

// addCard draws a card that is easy to read and the hand that holds it.
func (v *Video) addCard(r *rand.Rand, s *stage, digits string) {
	o := CardOptions{Digits: digits, Layout: "4-4-4-4", Style: printed(Flat), Upright: portrait(false), Scale: math.Min(0.9*float64(v.Width)/CardWidth, 12)}
	k := stagedCard{place: geometry.Identity}
	for best, tries := 0.0, 0; k.card == nil || best < 3 && tries < videoTries; tries++ {
		card := DrawCard(r, o)
		p := Placed{Card: card, Map: geometry.Identity}
		judgeClarity(&p, card.Picture)
		if least := slices.Min(p.Clarity[0]); k.card == nil || least > best {
			best, k.card = least, card
		}
	}
	k.slab.w, k.slab.h = k.card.Width, k.card.Height
	s.dress(r, &k, uint8(len(v.cards)+1))
	v.cards = append(v.cards, k)
	h := &hand{r: r, skin: hsvTint(between(r, 0.03, 0.075), between(r, 0.25, 0.6), between(r, 0.3, 0.9)), lightX: 0.3, lightY: -0.5}
	h.grip(2, k.slab.w, k.slab.h, 0.8)
	v.hands = append(v.hands, [2][]finger{h.behind, h.front})
}

// lampOverDigits returns a room whose lamp the first card mirrors at its number while it is held as in the first key
// that shows it.
func (v *Video) lampOverDigits(r *rand.Rand) *room {
	m := &room{base: tint{0.3, 0.3, 0.32}, wave: 0.004, shift: float32(between(r, 0, tileSize)), mirror: 0.04}
	for _, k := range v.keys {
		if k.card == noCard || k.glare == 0 {
			continue
		}
		p := v.poseOf(k)
		line := v.cards[k.card].card.Lines[0]
		at := line.Glyphs[len(line.Glyphs)/2].Center.Mul(1 / v.cards[k.card].card.Scale)
		d := p.mirrored(at.X-CardWidth/2, at.Y-CardHeight/2, vec{})
		m.lamps = []lamp{{x: d.x, y: d.y, w: 0.17, h: 0.06, cos: 1, soft: 0.05, radiance: tint{90, 88, 84}}}
		break
	}
	return m
}

// Frames returns how many frames the video has.
func (v *Video) Frames() int { return int(v.keys[len(v.keys)-1].at * VideoRate) }

// Frame draws frame i, 0 to Frames()-1.
func (v *Video) Frame(i int) *Scene {
	i -= i % videoHold
	k := stateAt(v.keys, float64(i)/VideoRate)
	before := stateAt(v.keys, math.Max(float64(i-1)/VideoRate, 0))
	s := &stage{kind: Held, canvas: newCanvas(v.Width, v.Height)}
	copy(s.canvas.pix, v.backdrop.pix)
	s.canvas.owner = make([]uint8, v.Width*v.Height)
	light, sensor := *v.light, v.sensor
	light.level = light.level.times(float32(k.light))
	sensor.seed = v.seed + uint64(i)
	if k.light < 0.5 {
		sensor.noise = 4
	}
	sensor.defocus += k.defoc * float64(v.Width) / 640
	s.light, s.sensor = &light, &sensor
	if k.card != noCard {
		s.pose = v.poseOf(k)
		v.paintHeld(s, k)
		if before.card == k.card {
			dx, dy := (k.x-before.x)*float64(v.Width), (k.y-before.y)*float64(v.Height)
			sensor.motion, sensor.direction = 0.5*math.Hypot(dx, dy), math.Atan2(dy, dx) // the shutter is open half the time
		}
	}
	s.light.apply(s.canvas)
	return s.shoot()
}

// poseOf returns the card's pose at a state.
func (v *Video) poseOf(k key) *pose {
	p := newPose(view{lens: 1, fill: k.fill, roll: k.roll * math.Pi / 180, tilt: k.tilt * math.Pi / 180, azimuth: 0.4},
		CardWidth, CardHeight, v.Width, v.Height)
	p.origin.x += k.x * float64(v.Width) * p.origin.z / p.focal
	p.origin.y += k.y * float64(v.Height) * p.origin.z / p.focal
	return p
}

func (v *Video) paintHeld(s *stage, k key) {
	card, plane := v.cards[k.card], s.pose.plane(0)
	s.cards = []stagedCard{card}
	hands := v.hands[k.card]
	for i := range hands[0] {
		hands[0][i].paint(s.canvas, plane)
	}
	card.slab.extrude(s.canvas, s.pose, cardThickMM, v.side)
	card.slab.paint(s.canvas, plane)
	v.room.glare(s.canvas, &card.slab, s.pose)
	for i := range hands[1] {
		hands[1][i].paint(s.canvas, plane)
	}
}

// WriteMJPEG writes all frames as JPEG pictures one after the other, the form that Chromium's
// --use-file-for-fake-video-capture takes from a file named .mjpeg, and calls see with each frame's scene.
func (v *Video) WriteMJPEG(w io.Writer, quality int, see func(i int, s *Scene) error) error {
	var b bytes.Buffer
	var scene *Scene
	for i := range v.Frames() {
		if i%videoHold == 0 {
			scene = v.Frame(i)
			b.Reset()
			if err := jpeg.Encode(&b, scene.Picture.Image(), &jpeg.Options{Quality: quality}); err != nil {
				return err
			}
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
		if err := see(i, scene); err != nil {
			return err
		}
	}
	return nil
}
