// Command eval measures the engine on a folder of labelled pictures: how many numbers are read exactly, how well the
// outlines lie, what its confidence is worth, what it invents, and where the time goes.
//
//	go run ./internal/recognize/eval -dir FOLDER [-html PAGE] [-weights FILE]
//
// The folder holds pictures and labels.jsonl (see label). The page shows each failure with its picture, outline, strips
// and column scores; it holds the pictures themselves, so keep it away from any repository they may not enter.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

func main() {
	dir := flag.String("dir", "", "folder with labels.jsonl and the pictures it names")
	page := flag.String("html", "", "file to write a page of the failures to")
	all := flag.Bool("all", false, "let the page show the successes too")
	file := flag.String("weights", "", "weight file to measure in place of the built-in one")
	only := flag.String("only", "", "measure only pictures whose name contains this")
	flag.Parse()
	if err := run(*dir, *file, *page, *only, *all); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(dir, file, page, only string, all bool) error {
	data := weights.Data
	if file != "" {
		var err error
		if data, err = os.ReadFile(file); err != nil {
			return err
		}
	}
	engine, err := recognize.New(data)
	if err != nil {
		return err
	}
	labels, err := readLabels(dir)
	if err != nil {
		return err
	}
	var outcomes []outcome
	for _, l := range labels {
		if !strings.Contains(l.File, only) {
			continue
		}
		o, err := measure(engine, dir, l)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, o)
	}
	printTables(os.Stdout, outcomes)
	if page == "" {
		return nil
	}
	return writePage(page, dir, outcomes, all)
}
