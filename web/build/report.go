package main

import (
	"fmt"
	"io"
)

// What a page may make a browser load, in bytes, brotli's where it helps: until the first frame in which it guides the
// hand, and for reading on the device besides.
const (
	guidedBudget  = 850_000
	readingBudget = 1_200_000
)

// report prints what a browser loads of files that were written: each file, and all that a page in English loads together.
func report(w io.Writer, files []*file, out string) error {
	guided, reading := 0, 0
	for _, f := range files {
		size, how := len(f.data), ""
		if f.br != nil {
			size, how = len(f.br), fmt.Sprintf(", brotli %7.1f KB", float64(len(f.br))/1000)
		}
		if len(f.data) >= 4096 {
			fmt.Fprintf(w, "%-36s %8.1f KB%s\n", f.name, float64(len(f.data))/1000, how)
		}
		switch {
		case f.source == "weights.bin":
			reading += size
		case loaded(f):
			guided, reading = guided+size, reading+size
		}
	}
	fmt.Fprintf(w, "%d bytes to the first guided frame, %d with reading on the device (budgets: %d, %d)\n", guided, reading, guidedBudget, readingBudget)
	_, err := fmt.Fprintf(w, "%d files in %s\n", len(files), out)
	return err
}

// loaded reports whether a page in English loads a file before it guides. web/e2e compares the sum with what Chromium loads.
func loaded(f *file) bool {
	switch f.source {
	case "index.html", "app.css", "host.js", "boot.js", "config.json", "locales/en.json", "wasm_exec.js", "simd.js", "worker.js", "simd.wasm", "scanner.wasm", "locator.bin":
		return true
	}
	return false
}
