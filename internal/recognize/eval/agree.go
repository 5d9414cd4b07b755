package main

// Agree: the same pictures read natively and as WebAssembly in node, with the browser's SIMD kernels, must give the same
// digits at the same pixels.

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// answer is what was read from one picture, the number as a digest, for it may not be written down.
type answer struct {
	File       string
	Digest     string
	Confidence float64
	Corners    [4][2]float64
	Took       time.Duration // without decoding the picture file
}

// newAnswer sums up an outcome.
func newAnswer(o *outcome) answer {
	a := answer{File: o.File, Took: o.took - o.decode}
	if o.card == nil {
		return a
	}
	sum := sha256.Sum256([]byte(o.answer()))
	a.Digest, a.Confidence = fmt.Sprintf("%x", sum[:8]), o.confidence()
	for i, c := range o.card.Quad {
		a.Corners[i] = [2]float64{c.X, c.Y}
	}
	return a
}

// writeAnswers writes one answer a line.
func writeAnswers(w io.Writer, outcomes []outcome) error {
	lines := json.NewEncoder(w)
	for i := range outcomes {
		if err := lines.Encode(newAnswer(&outcomes[i])); err != nil {
			return err
		}
	}
	return nil
}

// agree reads the folders again as WebAssembly and prints where the two worlds differ, and their times side by side. It
// runs at the module's root and needs node.
func agree(w io.Writer, o options, outcomes []outcome) error {
	dir, err := os.MkdirTemp("", "eval")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "eval.wasm")
	build := exec.Command("go", "build", "-o", program, "./internal/recognize/eval")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building for WebAssembly: %w\n%s", err, out)
	}
	args := []string{"internal/simd/run_node.js", program, "-answers", "-dir", strings.Join(o.dirs, ","), "-only", o.only}
	if o.weights != "" {
		args = append(args, "-weights", o.weights)
	}
	run := exec.Command("node", args...)
	var complaints bytes.Buffer
	run.Stderr = &complaints
	out, err := run.Output()
	if err != nil {
		return fmt.Errorf("running in node: %w\n%s", err, complaints.Bytes())
	}
	return compare(w, outcomes, out)
}

// compare prints how far the answers in lines are from the outcomes.
func compare(w io.Writer, outcomes []outcome, lines []byte) error {
	scan := bufio.NewScanner(bytes.NewReader(lines))
	scan.Buffer(nil, 1<<20)
	var there, here []float64
	digits, pixels, farthest := 0, 0, 0.0
	for i := range outcomes {
		if !scan.Scan() {
			return fmt.Errorf("%d answers from WebAssembly for %d pictures", i, len(outcomes))
		}
		var b answer
		if err := json.Unmarshal(scan.Bytes(), &b); err != nil {
			return err
		}
		a := newAnswer(&outcomes[i])
		off := 0.0
		for k := range a.Corners {
			off = math.Max(off, math.Hypot(a.Corners[k][0]-b.Corners[k][0], a.Corners[k][1]-b.Corners[k][1]))
		}
		if a.File != b.File || a.Digest != b.Digest {
			fmt.Fprintf(w, "%s: other digits (confidence %.3f natively, %.3f as WebAssembly)\n", a.File, a.Confidence, b.Confidence)
			digits++
		} else if off >= 1 {
			fmt.Fprintf(w, "%s: a corner %.1f pixels off\n", a.File, off)
			pixels++
		}
		farthest = math.Max(farthest, off)
		here, there = append(here, milliseconds(a.Took)), append(there, milliseconds(b.Took))
	}
	fmt.Fprintf(w, "\nnatively and as WebAssembly: %d pictures, other digits in %d, corners a pixel or more off in %d (farthest %.3f)\n",
		len(outcomes), digits, pixels, farthest)
	fmt.Fprintf(w, "reading, median: %.1f ms natively, %.1f ms as WebAssembly in node\n", median(here), median(there))
	return scan.Err()
}
