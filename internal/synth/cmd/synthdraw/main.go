// Command synthdraw writes pictures of synthetic cards with their truth: labelled folders for the eval, the specimens
// of testdata/, videos for browsers' fake cameras.
//
//	synthdraw -set acceptance -n 1000 -seed 7 -out DIR   scenes that a person could read, one card each
//	synthdraw -set any        -n 100  -seed 7 -out DIR   scenes as training sees them
//	synthdraw -set negatives  -n 1000 -seed 7 -out DIR   frames without a bank card
//	synthdraw -set blanks     -n 100  -seed 7 -out DIR   cards without a number
//	synthdraw -set rotations  -n 50   -seed 7 -out DIR   n scenes, readable at every angle in steps of 15°
//	synthdraw -set specimens  -out testdata              the project's specimens and their README
//	synthdraw -video settle   -seed 7 -out FILE.mjpeg    a video; FILE.mjpeg.jsonl holds the truth of each frame
//
// A folder holds the pictures and labels.jsonl, one line for each picture. The same flags give the same files, on
// processors of one kind: see package synth.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"ocrbankcard/internal/synth"
)

type options struct {
	set, video    string
	n             int
	seed          uint64
	out           string
	width, height int
	fonts         string
	faces         *synth.Faces
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("synthdraw: ")
	var o options
	flag.StringVar(&o.set, "set", "", "labelled folder to draw: acceptance, any, negatives, blanks, rotations or specimens")
	flag.StringVar(&o.video, "video", "", "script of a video to draw: see internal/synth/video.go")
	flag.IntVar(&o.n, "n", 100, "number of scenes")
	flag.Uint64Var(&o.seed, "seed", 1, "seed")
	flag.StringVar(&o.out, "out", "", "folder or file to write")
	flag.Func("size", "WIDTHxHEIGHT in pixels; left out, chance decides (videos: 1280x720)", o.setSize)
	flag.StringVar(&o.fonts, "fonts", "", "folder of fonts for printed numbers, besides the Go fonts")
	flag.Parse()
	if err := run(&o); err != nil {
		log.Fatal(err)
	}
}

// setSize takes WIDTHxHEIGHT.
func (o *options) setSize(text string) (err error) {
	width, height, _ := strings.Cut(text, "x")
	if o.width, err = strconv.Atoi(width); err == nil {
		o.height, err = strconv.Atoi(height)
	}
	if err != nil || o.width < 64 || o.height < 64 {
		return errors.New("WIDTHxHEIGHT, each 64 or more, are needed")
	}
	return nil
}

func run(o *options) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("want flags alone, not %q", flag.Arg(0))
	}
	if o.out == "" || (o.set == "") == (o.video == "") || o.n < 1 {
		return errors.New("-out, a positive -n and one of -set and -video are needed")
	}
	o.faces = synth.BuiltinFaces()
	if o.fonts != "" {
		faces, err := synth.LoadFaces(o.fonts)
		if err != nil {
			return err
		}
		o.faces = faces
	}
	if o.video != "" {
		return writeVideo(o)
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	if o.set == "specimens" {
		return writeSpecimens(o.out)
	}
	return writeSet(o)
}
