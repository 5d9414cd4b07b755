package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"ocrbankcard/internal/synth"
)

// frameLabel is a line of a video's truth.
type frameLabel struct {
	Frame int `json:"frame"`
	label
	Visible float64 `json:"visible"` // share of the card's face
	Legible bool    `json:"legible"` // whether a person could read the number
}

// writeVideo draws the script to o.out and each frame's truth to o.out + ".jsonl".
func writeVideo(o *options) error {
	if o.width == 0 {
		o.width, o.height = 1280, 720
	}
	v, err := synth.NewVideo(o.seed, o.video, o.width, o.height)
	if err != nil {
		return err
	}
	film, err := os.Create(o.out)
	if err != nil {
		return err
	}
	defer film.Close()
	truth, err := os.Create(o.out + ".jsonl")
	if err != nil {
		return err
	}
	defer truth.Close()
	pictures, lines := bufio.NewWriter(film), bufio.NewWriter(truth)
	enc := json.NewEncoder(lines)
	err = v.WriteMJPEG(pictures, 85, func(i int, s *synth.Scene) error {
		l := frameLabel{Frame: i, label: newLabel("", s, o.video)}
		if len(s.Cards) > 0 {
			l.Visible, l.Legible = s.Cards[0].Visible, s.Cards[0].Legible()
		}
		return enc.Encode(l)
	})
	if err != nil {
		return err
	}
	for _, w := range []*bufio.Writer{pictures, lines} {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if err := film.Close(); err != nil {
		return err
	}
	log.Printf("%d frames in %s", v.Frames(), o.out)
	return truth.Close()
}
