package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"ocrbankcard/internal/synth"
)

const specimensHead = `# Test pictures

Every picture here was drawn by this project's own renderer; none shows a card that ever was. The numbers are those that
payment companies publish for tests. specimens.jsonl holds the truth of each, in the format of the eval's labels.jsonl:
corners are left-top, right-top, right-bottom, left-bottom of the upright card, in pixels. requests/ has a README of its
own.

To draw them all again, after a change of the renderer or of internal/synth/specimen.go:

    go run ./internal/synth/cmd/synthdraw -set specimens -out testdata

They are drawn anew when somebody means to, not with each change of the renderer, and tests hang on what they show: the
commit that last changed this folder's pictures is the one that draws these.

| file | what it shows | seed | size |
|---|---|---|---|
`

// writeSpecimens draws testdata's pictures, their truth and the README.
func writeSpecimens(dir string) error {
	var truth bytes.Buffer
	lines := json.NewEncoder(&truth)
	readme := bytes.NewBufferString(specimensHead)
	for _, s := range synth.Specimens() {
		scene := s.Draw()
		data, err := encode(scene.Picture, filepath.Ext(s.File), 80)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, s.File), data, 0o644); err != nil {
			return err
		}
		if err := lines.Encode(newLabel(s.File, scene, s.About)); err != nil {
			return err
		}
		fmt.Fprintf(readme, "| %s | %s | %d | %d×%d |\n", s.File, s.About, s.Seed, scene.Picture.Width, scene.Picture.Height)
	}
	if err := os.WriteFile(filepath.Join(dir, "specimens.jsonl"), truth.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "README.md"), readme.Bytes(), 0o644)
}
