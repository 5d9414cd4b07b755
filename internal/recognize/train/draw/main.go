// Command draw writes training shards: what internal/synth draws, in the records that shards.py reads. It has no other
// source of pictures.
//
//	draw -kind lines  -out DIR -seed 1 -count 40 -per 4096    DIR/lines:  strips with a line drawn by itself
//	draw -kind scenes -out DIR -seed 1 -count 40 -per 256     DIR/frames, DIR/views, DIR/cuts: letterboxed frames,
//	                                                          rectified cards and strips, all from the same scenes
//	draw -kind small  -out DIR -seed 1 -count 40 -per 1024    DIR/small, DIR/smallviews: letterboxed frames and rectified
//	                                                          cards of scenes half as wide and high, drawn in a
//	                                                          quarter of the time
//	draw -kind strips -out DIR -seed 1 -count 40 -per 256     DIR/strips: strips only, more of each scene, all of which
//	                                                          have a card with a number
//
// Shard n of a seed is the same whatever was drawn before, on processors of one kind (see package synth). Shards that
// exist are kept, so that an interrupted run goes on where it was; they appear whole or not at all.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"ocrbankcard/internal/synth"
)

type options struct {
	kind         string
	out          string
	seed         uint64
	first, count int
	per          int
	workers      int
	fonts        string
}

// folders are what shards of each kind are written to.
var folders = map[string][]string{"lines": {"lines"}, "scenes": {"frames", "views", "cuts"}, "small": {"small", "smallviews"},
	"strips": {"strips"}}

// shard holds the records of each folder.
type shard map[string][]byte

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.StringVar(&o.kind, "kind", "lines", "lines, scenes, small or strips")
	flag.StringVar(&o.out, "out", "", "folder to write to")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of all shards")
	flag.IntVar(&o.first, "first", 0, "number of the first shard")
	flag.IntVar(&o.count, "count", 1, "how many shards")
	flag.IntVar(&o.per, "per", 1024, "lines or scenes a shard")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "shards drawn at a time")
	flag.StringVar(&o.fonts, "fonts", "/usr/share/fonts/truetype", "folder of fonts for flat print")
	flag.Parse()
	if err := run(o); err != nil {
		log.Fatal(err)
	}
}

// run draws the shards that are missing, workers of them at a time.
func run(o options) error {
	if flag.NArg() > 0 { // the flags after it would count for nothing
		return fmt.Errorf("draw: want flags alone, not %q", flag.Arg(0))
	}
	if o.out == "" || o.per < 1 || o.workers < 1 || o.first < 0 || o.count < 1 || folders[o.kind] == nil {
		return fmt.Errorf("draw: -out, -kind lines|scenes|small|strips, -first of at least 0, -count, -per and -workers of at least 1 are needed")
	}
	faces, err := synth.LoadFaces(o.fonts)
	if err != nil {
		return err
	}
	numbers := make(chan int)
	failures := make(chan error, o.workers)
	var group sync.WaitGroup
	for range o.workers {
		group.Go(func() {
			for n := range numbers {
				if err := drawShard(o, faces, n); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	err = feed(numbers, failures, o.first, o.count)
	close(numbers)
	group.Wait()
	if err == nil && len(failures) > 0 {
		err = <-failures
	}
	return err
}

// feed hands out the numbers until they are done or a worker fails.
func feed(numbers chan<- int, failures <-chan error, first, count int) error {
	for n := first; n < first+count; n++ {
		select {
		case numbers <- n:
		case err := <-failures:
			return err
		}
	}
	return nil
}

// drawShard draws shard n and writes it, unless it exists.
func drawShard(o options, faces *synth.Faces, n int) error {
	name := fmt.Sprintf("%05d.bin", n)
	missing := false
	for _, f := range folders[o.kind] {
		if err := os.MkdirAll(filepath.Join(o.out, f), 0o755); err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(o.out, f, name)); err != nil {
			missing = true
		}
	}
	if !missing {
		return nil
	}
	r := rand.New(rand.NewPCG(o.seed, uint64(n)))
	var s shard
	switch o.kind {
	case "lines":
		s = drawLines(r, faces, o.per)
	case "scenes":
		s = drawScenes(r, faces, o.per)
	case "small":
		s = drawSmall(r, faces, o.per)
	case "strips":
		s = drawStrips(r, faces, o.per)
	}
	for _, f := range folders[o.kind] {
		if err := write(filepath.Join(o.out, f, name), s[f]); err != nil {
			return err
		}
	}
	log.Printf("%s shard %d", o.kind, n)
	return nil
}

// write makes the file appear with all its bytes.
func write(path string, data []byte) error {
	if err := os.WriteFile(path+".part", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
