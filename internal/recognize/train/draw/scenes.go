package main

import (
	"math/rand/v2"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/synth"
)

// Shares of scenes: without any card; drawn a second time without its number, which shows which digits can be seen,
// and gives the card net cards that have none.
const (
	negativeShare = 0.15
	twinShare     = 0.45
)

// shot is a scene as a frame, and the same scene without its number, if it was drawn.
type shot struct {
	scene *synth.Scene
	frame *frame.Frame
	plain *frame.Frame
}

// drawScenes returns a shard of frames, views and cuts from count scenes.
func drawScenes(r *rand.Rand, faces *synth.Faces, count int) shard {
	out := shard{}
	for range count {
		s := drawShot(r, faces)
		out["frames"] = s.located().append(out["frames"])
		for _, v := range s.views(r) {
			out["views"] = v.append(out["views"])
		}
		for _, c := range s.cuts(r) {
			out["cuts"] = c.append(out["cuts"])
		}
	}
	return out
}

func drawShot(r *rand.Rand, faces *synth.Faces) shot {
	o := synth.SceneOptions{Negative: r.Float64() < negativeShare, Card: synth.CardOptions{Faces: faces}}
	a, b := r.Uint64(), r.Uint64()
	twin := r.Float64() < twinShare
	s := shot{scene: synth.DrawScene(rand.New(rand.NewPCG(a, b)), o)}
	s.frame = toFrame(s.scene.Picture)
	if twin && len(s.scene.Cards) == 1 {
		o.Card.NoNumber = true
		s.plain = toFrame(synth.DrawScene(rand.New(rand.NewPCG(a, b)), o).Picture)
	}
	return s
}

// toFrame converts a drawing as FromImage would, one row of R, G, B, 255 at a time.
func toFrame(p *synth.RGB) *frame.Frame {
	m := p.Image()
	return frame.FromRGBA(m.Pix, p.Width, p.Height, m.Stride, true)
}

// located letterboxes the frame for the locator, with all cards of which something shows.
func (s *shot) located() *locateRecord {
	w, h := s.frame.Size()
	k := float64(locateSide) / float64(max(w, h))
	ow, oh := max(1, int(float64(w)*k+.5)), max(1, int(float64(h)*k+.5))
	x0, y0 := (locateSide-ow)/2, (locateSide-oh)/2
	rec := &locateRecord{
		planes:  make([]byte, 3*locateSide*locateSide),
		content: [4]uint16{uint16(x0), uint16(y0), uint16(x0 + ow), uint16(y0 + oh)},
	}
	for i, p := range []frame.Plane{s.frame.Y, s.frame.Cb, s.frame.Cr} {
		plane := rec.planes[i*locateSide*locateSide:][:locateSide*locateSide]
		if i > 0 {
			for j := range plane {
				plane[j] = 128
			}
		}
		shrink(plane[y0*locateSide+x0:], locateSide, ow, oh, p)
	}
	sx, sy := float64(ow)/float64(w), float64(oh)/float64(h)
	for _, c := range s.scene.Cards {
		if c.Visible < .1 {
			continue
		}
		q := c.Quad
		for i, p := range q {
			q[i].X, q[i].Y = p.X*sx+float64(x0), p.Y*sy+float64(y0)
		}
		rec.quads = append(rec.quads, q)
	}
	return rec
}
