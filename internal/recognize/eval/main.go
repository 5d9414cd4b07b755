// Command eval measures the engine on a folder of labelled pictures: how many numbers are read exactly, how well the
// outlines lie, what its confidence is worth, what it invents, and where the time goes.
//
//	go run ./internal/recognize/eval -dir FOLDER[,FOLDER…] [-html PAGE] [-weights FILE] [-fit] [-wasm] [-tesseract]
//
// -fit prints the weights of confidence.go as these pictures would have them, -wasm reads them once more as WebAssembly
// in node and compares, -tesseract gives them to tesseract, too. A folder holds pictures and labels.jsonl (see label). The page shows each failure with its picture, outline, strips
// and column scores; it holds the pictures themselves, so keep it away from any repository they may not enter.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

type options struct {
	dirs          []string
	weights, page string
	only          string
	all, fit      bool
	wasm, rival   bool
	answers       bool
}

func main() {
	var o options
	dirs := flag.String("dir", "", "folders with labels.jsonl and the pictures it names, separated by commas")
	flag.StringVar(&o.page, "html", "", "file to write a page of the failures to")
	flag.BoolVar(&o.all, "all", false, "let the page show the successes too")
	flag.StringVar(&o.weights, "weights", "", "weight file to measure in place of the built-in one")
	flag.StringVar(&o.only, "only", "", "measure only pictures whose name contains this")
	flag.BoolVar(&o.fit, "fit", false, "fit the confidence to these pictures")
	flag.BoolVar(&o.wasm, "wasm", false, "read the pictures in node as WebAssembly, too, and compare")
	flag.BoolVar(&o.rival, "tesseract", false, "give the pictures to tesseract, too")
	flag.BoolVar(&o.answers, "answers", false, "print an answer a line instead of tables; -wasm calls it so")
	flag.Parse()
	o.dirs = strings.Split(*dirs, ",")
	if *dirs == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "eval: -dir: want folders that hold labels.jsonl, separated by commas, and flags alone beside it")
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	data := weights.Data
	if o.weights != "" {
		var err error
		if data, err = os.ReadFile(o.weights); err != nil {
			return err
		}
	}
	engine, err := recognize.New(data)
	if err != nil {
		return err
	}
	var outcomes []outcome
	for _, dir := range o.dirs {
		labels, err := readLabels(dir)
		if err != nil {
			return err
		}
		for _, l := range labels {
			if !strings.Contains(l.File, o.only) {
				continue
			}
			measured, err := measure(engine, dir, l)
			if err != nil {
				return err
			}
			outcomes = append(outcomes, measured)
		}
	}
	if len(outcomes) == 0 {
		return errors.New("no picture to read: labels.jsonl has no line, or none that -only names")
	}
	if o.answers {
		return writeAnswers(os.Stdout, outcomes)
	}
	return report(o, outcomes)
}

// report prints the tables and what else was asked for.
func report(o options, outcomes []outcome) error {
	printTables(os.Stdout, outcomes)
	if o.fit {
		if err := fit(os.Stdout, outcomes); err != nil {
			return err
		}
	}
	if o.wasm {
		if err := agree(os.Stdout, o, outcomes); err != nil {
			return err
		}
	}
	if o.rival {
		if err := rival(os.Stdout, outcomes); err != nil {
			return err
		}
	}
	if o.page == "" {
		return nil
	}
	return writePage(o.page, outcomes, o.all)
}
