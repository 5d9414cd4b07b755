package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"log"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"ocrbankcard/internal/synth"
)

// label is a line of labels.jsonl.
type label struct {
	File     string       `json:"file"`
	Number   *string      `json:"number"`
	Corners  [][2]float64 `json:"corners"` // left-top, right-top, right-bottom, left-bottom of the upright card
	Kind     string       `json:"kind"`
	Embossed bool         `json:"embossed"`
	Layout   string       `json:"layout"`
	Size     [2]int       `json:"size"`
	LuhnOK   *bool        `json:"luhn_ok"`
	Clarity  *float64     `json:"clarity,omitempty"` // of the least clear digit: see internal/synth
	Notes    string       `json:"notes"`
}

var kindNames = map[synth.Kind]string{
	synth.Photo: "photo_background", synth.Held: "photo_background",
	synth.FlatScan: "flat_render", synth.Mockup: "mockup_background",
}

// newLabel says what is true of the scene's foremost card.
func newLabel(file string, s *synth.Scene, notes string) label {
	l := label{File: file, Kind: "negative", Layout: "1row", Size: [2]int{s.Picture.Width, s.Picture.Height}, Notes: notes}
	if len(s.Cards) == 0 {
		return l
	}
	p := s.Cards[0]
	for _, c := range p.Quad {
		l.Corners = append(l.Corners, [2]float64{math.Round(c.X*10) / 10, math.Round(c.Y*10) / 10})
	}
	l.Kind = "card_no_number"
	if p.Card.Number.IsZero() {
		return l
	}
	number, luhn := p.Card.Number.Reveal(), p.Card.Number.LuhnValid() // of a card that never was
	clarity := math.Round(p.Clearness()*100) / 100
	l.Number, l.LuhnOK, l.Clarity = &number, &luhn, &clarity
	l.Kind, l.Embossed = kindNames[s.Kind], p.Card.Style == synth.Embossed
	switch rows := strings.Count(p.Card.Layout, "/") + 1; {
	case p.Card.Layout == "4/4/4/4":
		l.Layout = "vertical_4x4"
	case rows > 1:
		l.Layout = fmt.Sprintf("%drows", rows)
	}
	return l
}

// picture is one file of a set.
type picture struct {
	label label
	data  []byte
}

// drawing draws scene i of a set, one or more pictures.
type drawing func(o *options, i int) ([]picture, error)

var sets = map[string]drawing{
	"any":        drawAny,
	"acceptance": drawReadable,
	"negatives": func(o *options, i int) ([]picture, error) {
		return one(o, i, synth.DrawScene(o.random(i, 0), synth.SceneOptions{Width: o.width, Height: o.height, Negative: true}))
	},
	"blanks": func(o *options, i int) ([]picture, error) {
		c := synth.CardOptions{Faces: o.faces, NoNumber: true}
		return one(o, i, synth.DrawScene(o.random(i, 0), synth.SceneOptions{Width: o.width, Height: o.height, Cards: 1, Card: c}))
	},
	"rotations": drawRotations,
}

func (o *options) random(i, attempt int) *rand.Rand {
	return rand.New(rand.NewPCG(o.seed, uint64(attempt)<<32|uint64(i)))
}

func (o *options) scene() synth.SceneOptions {
	return synth.SceneOptions{Width: o.width, Height: o.height, Cards: 1, Card: synth.CardOptions{Faces: o.faces}}
}

func one(o *options, i int, s *synth.Scene) ([]picture, error) {
	data, err := encode(s.Picture, ".jpg", 92)
	file := fmt.Sprintf("%s_%05d.jpg", o.set, i)
	return []picture{{newLabel(file, s, ""), data}}, err
}

func drawAny(o *options, i int) ([]picture, error) {
	so := o.scene()
	so.Cards = 0
	return one(o, i, synth.DrawScene(o.random(i, 0), so))
}

// mostAttempts is how many scenes are drawn to find one that can be read. Of scenes of a usual size two in three can, and
// about every other of those at every angle; of the smallest, none.
const mostAttempts = 200

var errUnreadable = errors.New("no scene of that size can be read")

// drawReadable draws until a scene comes that a person could read.
func drawReadable(o *options, i int) ([]picture, error) {
	for attempt := range mostAttempts {
		if s := synth.DrawScene(o.random(i, attempt), o.scene()); canBeRead(s) {
			return one(o, i, s)
		}
	}
	return nil, errUnreadable
}

// canBeRead reports whether a person could read the whole number, on a card of which next to nothing is hidden or cut
// off. A scene has no card at all where all but nothing of its only one shows.
func canBeRead(s *synth.Scene) bool {
	return len(s.Cards) > 0 && s.Cards[0].Legible() && s.Cards[0].Visible > 0.9
}

// drawRotations draws a scene again and again, turned by 15° more each time, until one comes that can be read at every
// angle: light and blur have a direction, and a card that lies across its frame is drawn smaller.
func drawRotations(o *options, i int) ([]picture, error) {
	for attempt := range mostAttempts {
		if all := turns(o, i, attempt); all != nil {
			return encodeTurns(i, all)
		}
	}
	return nil, errUnreadable
}

// turns returns the scene at every angle, or nil when it can't be read at one of them.
func turns(o *options, i, attempt int) (all []*synth.Scene) {
	if !canBeRead(synth.DrawScene(o.random(i, attempt), o.scene())) {
		return nil
	}
	for turn := 0; turn < 360; turn += 15 {
		so := o.scene()
		roll := float64(turn)
		so.Roll = &roll
		s := synth.DrawScene(o.random(i, attempt), so)
		if !canBeRead(s) {
			return nil
		}
		all = append(all, s)
	}
	return all
}

// encodeTurns makes the pictures of scene i at its angles.
func encodeTurns(i int, scenes []*synth.Scene) (all []picture, err error) {
	for k, s := range scenes {
		turn := 15 * k
		data, err := encode(s.Picture, ".jpg", 92)
		if err != nil {
			return nil, err
		}
		file := fmt.Sprintf("rotation_%05d_%03d.jpg", i, turn)
		all = append(all, picture{newLabel(file, s, fmt.Sprintf("turned by %d°", turn)), data})
	}
	return all, nil
}

// encode writes the picture in the format of the suffix; quality is for JPEG.
func encode(p *synth.RGB, suffix string, quality int) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if suffix == ".png" {
		err = png.Encode(&b, p.Image())
	} else {
		err = jpeg.Encode(&b, p.Image(), &jpeg.Options{Quality: quality})
	}
	return b.Bytes(), err
}

// writeSet draws the set's scenes on all cores and writes them in order.
func writeSet(o *options) error {
	draw, ok := sets[o.set]
	if !ok {
		return fmt.Errorf("no set is called %q; there are %v and specimens", o.set, slices.Sorted(maps.Keys(sets)))
	}
	labels, err := os.Create(filepath.Join(o.out, "labels.jsonl"))
	if err != nil {
		return err
	}
	defer labels.Close()
	w := bufio.NewWriter(labels)
	lines := json.NewEncoder(w)
	batch := runtime.GOMAXPROCS(0) * 4
	for first := 0; first < o.n; first += batch {
		if err := writeBatch(o, draw, first, min(batch, o.n-first), lines); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	log.Printf("%d scenes in %s", o.n, o.out)
	return labels.Close()
}

func writeBatch(o *options, draw drawing, first, n int, lines *json.Encoder) error {
	drawn, errs := make([][]picture, n), make([]error, n)
	var group sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() {
			turns <- struct{}{}
			drawn[i], errs[i] = draw(o, first+i)
			<-turns
		})
	}
	group.Wait()
	for i, pictures := range drawn {
		if errs[i] != nil {
			return errs[i]
		}
		for _, p := range pictures {
			if err := os.WriteFile(filepath.Join(o.out, p.label.File), p.data, 0o644); err != nil {
				return err
			}
			if err := lines.Encode(p.label); err != nil {
				return err
			}
		}
	}
	return nil
}
