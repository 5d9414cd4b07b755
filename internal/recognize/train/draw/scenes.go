package main

import (
	"math/rand/v2"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/synth"
)

// Shares of scenes: without any card; with cards that have no number, so that other print is not taken for one.
const (
	negativeShare  = 0.15
	noNumberShare  = 0.12
	leastReadable  = 0.8 // clarity from which the reader is asked for a digit; 1 is sure
	cardShows      = 0.1 // share of a card from which the locator is told of it
	cardShowsInner = 0.35
	cutsEach       = 2   // of a line, close and wide, where nothing else is wanted of a scene
	stackShare     = 0.2 // of cards whose number takes several rows, which are harder than they are common
)

// shot is a scene and its picture as a frame.
type shot struct {
	scene *synth.Scene
	frame *frame.Frame
}

// drawScenes returns a shard of frames, views and cuts from count scenes.
func drawScenes(r *rand.Rand, faces *synth.Faces, count int) shard {
	out := shard{}
	for range count {
		s := drawShot(r, faces, anyScene(r, 1))
		out["frames"] = s.located().append(out["frames"])
		for _, v := range s.views(r) {
			out["views"] = v.append(out["views"])
		}
		for _, c := range s.cuts(r, 1) {
			out["cuts"] = c.append(out["cuts"])
		}
	}
	return out
}

// drawSmall returns a shard of frames and views from count scenes that are half as wide and high as usual: the locator
// sees frames at 160 pixels, the card net cards at 154, and more scenes teach them more than finer ones.
func drawSmall(r *rand.Rand, faces *synth.Faces, count int) shard {
	out := shard{}
	for range count {
		s := drawShot(r, faces, anyScene(r, 0.5))
		out["small"] = s.located().append(out["small"])
		for _, v := range s.views(r) {
			out["smallviews"] = v.append(out["smallviews"])
		}
	}
	return out
}

// drawStrips returns a shard of cuts alone, from count scenes: the reader learns by heart what it sees too little of.
func drawStrips(r *rand.Rand, faces *synth.Faces, count int) shard {
	out := shard{}
	for range count {
		s := drawShot(r, faces, synth.SceneOptions{Scale: 1})
		for _, c := range s.cuts(r, cutsEach) {
			out["strips"] = c.append(out["strips"])
		}
	}
	return out
}

// anyScene returns the options of a scene of the given scale that may lack a card, or its card a number.
func anyScene(r *rand.Rand, scale float64) synth.SceneOptions {
	o := synth.SceneOptions{Scale: scale, Negative: r.Float64() < negativeShare}
	o.Card.NoNumber = r.Float64() < noNumberShare
	return o
}

func drawShot(r *rand.Rand, faces *synth.Faces, o synth.SceneOptions) shot {
	o.Card.Faces = faces
	if r.Float64() < stackShare {
		stacks := []string{"4/4/4/4", "4/4/4/4", "4-4/4-4", "8/8", "4/6/5"}
		o.Card.Layout = stacks[r.IntN(len(stacks))]
	}
	scene := synth.DrawScene(r, o)
	return shot{scene, toFrame(scene.Picture)}
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
		if c.Visible < cardShows {
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
