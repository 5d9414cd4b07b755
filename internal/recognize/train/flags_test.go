package train

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Who mistypes is told before the work, not by it.
func TestWrongFlagsAreTold(t *testing.T) {
	py, dir := python(t), t.TempDir()
	draw := filepath.Join(dir, "draw")
	command(t, "go", "build", "-o", draw, "./draw")
	command(t, draw, "-kind", "lines", "-out", dir, "-per", "8")
	for _, args := range [][]string{{"-count", "0"}, {"-first", "-1"}, {"stray", "-per", "4"}} {
		if out, err := exec.Command(draw, append([]string{"-kind", "lines", "-out", filepath.Join(dir, "no"), "-per", "2"}, args...)...).CombinedOutput(); err == nil {
			t.Errorf("draw %q passes: %s", args, out)
		}
	}
	lines := filepath.Join(dir, "lines")
	for said, args := range map[string][]string{
		"--steps":            {"--steps", "0"},
		"--report":           {"--steps", "2", "--report", "0"},
		"no folder":          {"--steps", "2", "--out", filepath.Join(dir, "none", "reader.pt")},
		"FOLDER:SHARE:COUNT": {"--steps", "2", "--shards", lines},
		"between 0 and 1":    {"--steps", "2", "--shards", lines + ":1.5:1"},
		"COUNT from 1":       {"--steps", "2", "--shards", lines + ":0.5:0"},
		"more than a batch":  {"--steps", "2", "--shards", lines + ":0.7:1", "--shards", lines + ":0.7:1"},
	} {
		all := append([]string{"train.py", "reader", "--shards", lines, "--val", lines, "--batch", "4", "--out", filepath.Join(dir, "r.pt")}, args...)
		if out, err := exec.Command(py, all...).CombinedOutput(); err == nil || !strings.Contains(string(out), said) {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}
