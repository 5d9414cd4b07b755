// Command build makes the static site: it compiles the browser module, gives every asset a name that changes with its
// content, precompresses, and writes the headers that a CDN shall send. The folder works as it is, under any path.
//
//	go run ./web/build [-out web/dist] [-api https://api.example] [-keep] [-quick] [-whole]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"github.com/andybalholm/brotli"

	"ocrbankcard/internal/recognize"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("build: ")
	out := flag.String("out", "web/dist", "folder to write")
	root := flag.String("root", ".", "folder of go.mod")
	keep := flag.Bool("keep", false, "leave the hashed files of earlier builds, so that pages opened before a roll-out still find theirs")
	api := flag.String("api", "", "origin of the API, where it is not the site's own; config.json and the headers name it")
	quick := flag.Bool("quick", false, "compress fast and not well, to try something out")
	flag.BoolVar(&whole, "whole", false, "keep in the module what a crash needs to name files, lines and arguments; a fifth larger")
	flag.Parse()
	if *quick {
		effort = brotli.BestSpeed
	}
	if err := build(*root, *out, *api, *keep); err != nil {
		log.Fatal(err)
	}
}

// build is the whole of it; the site appears in out only when every step succeeded.
func build(root, out, api string, keep bool) error {
	if err := checkOrigin(api); err != nil {
		return err
	}
	site, err := load(filepath.Join(root, "web"))
	if err != nil {
		return err
	}
	if err := addCompiled(site, root); err != nil {
		return err
	}
	if err := site.addConfig(api); err != nil {
		return err
	}
	files, err := site.resolve()
	if err != nil {
		return err
	}
	if files, err = listed(files); err != nil {
		return err
	}
	headers, err := headersFile(files, api)
	if err != nil {
		return err
	}
	files = append(files, headers...)
	if err := write(files, out, keep); err != nil {
		return err
	}
	return report(os.Stdout, files, out)
}

// addCompiled adds what comes from outside web/: the module, the runtime that belongs to its compiler, the weights.
func addCompiled(s *site, root string) error {
	module, err := compile(root, "./wasm")
	if err != nil {
		return err
	}
	runtime, err := wasmExec()
	if err != nil {
		return err
	}
	s.add("scanner.wasm", module)
	s.add("wasm_exec.js", runtime)
	for name, path := range map[string]string{
		"simd.wasm": "internal/simd/simd.wasm",
		"simd.js":   "internal/simd/simd.js",
	} {
		data, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return fmt.Errorf("a part of the page is missing: %w", err)
		}
		s.add(name, data)
	}
	return addWeights(s, root)
}

// addWeights adds the engine's weights in two files: the one that guidance needs, and what else reading here needs.
func addWeights(s *site, root string) error {
	weights, err := os.ReadFile(filepath.Join(root, "internal/recognize/weights/weights.bin"))
	if err != nil {
		return fmt.Errorf("a part of the page is missing: %w", err)
	}
	locator, rest, err := recognize.Split(weights)
	if err != nil {
		return err
	}
	s.add("locator.bin", locator)
	s.add("weights.bin", rest)
	return nil
}

// addConfig adds the configuration that the page reads at start; an operator may change it in place.
func (s *site) addConfig(api string) error {
	data, err := json.Marshal(map[string]string{"api": api})
	s.add("config.json", append(data, '\n'))
	return err
}

// written is a host as policies may name it: in ASCII, a name of other letters as xn--….
var written = regexp.MustCompile(`(?i)^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]+)?$`)

// checkOrigin accepts "" and what a browser would send as Origin.
func checkOrigin(api string) error {
	u, err := url.Parse(api)
	if api == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && written.MatchString(u.Host) && u.Scheme+"://"+u.Host == api {
		return nil
	}
	return fmt.Errorf("-api %q is no origin like https://api.example", api)
}
