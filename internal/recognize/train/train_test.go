package train

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"ocrbankcard/internal/neural"
)

// python returns an interpreter that has torch and numpy; without one the test is skipped by name.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import torch, numpy").Run() == nil {
			return name
		}
	}
	t.Skip("training needs python3 with torch and numpy (Debian: python3-torch python3-numpy)")
	return ""
}

func command(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

// The whole way from seeds to a weight file that the engine's parser takes, in small: a shard of each kind, twenty steps
// of each net, export; and from the file on again.
func TestSmokeRun(t *testing.T) {
	py, dir := python(t), t.TempDir()
	draw := filepath.Join(dir, "draw")
	command(t, "go", "build", "-o", draw, "./draw")
	command(t, draw, "-kind", "lines", "-out", dir, "-per", "64")
	command(t, draw, "-kind", "scenes", "-out", dir, "-per", "10")
	command(t, draw, "-kind", "small", "-out", dir, "-per", "20")
	command(t, draw, "-kind", "strips", "-out", dir, "-per", "5")

	var checkpoints []string
	for net, shards := range map[string]string{"reader": "lines", "locator": "small", "cardnet": "views"} {
		out := filepath.Join(dir, net+".pt")
		folder := filepath.Join(dir, shards)
		command(t, py, "train.py", net, "--shards", folder, "--val", folder, "--out", out, "--steps", "20", "--batch", "8", "--report", "20")
		checkpoints = append(checkpoints, out)
	}
	file := filepath.Join(dir, "weights.bin")
	command(t, py, append([]string{"export.py", file}, checkpoints...)...)
	again, lines := filepath.Join(dir, "again.pt"), filepath.Join(dir, "lines")
	command(t, py, "begin.py", "reader", file, lines, again)
	narrow, wide := filepath.Join(dir, "narrow.pt"), filepath.Join(dir, "wide.pt")
	command(t, py, "-c", "import torch, nets; torch.save({'average': nets.Reader((12, 24, 32, 48, 72)).state_dict()}, '"+narrow+"')")
	command(t, py, "widen.py", "reader", narrow, lines, wide)
	command(t, py, "train.py", "reader", "--from", wide, "--shards", lines, "--val", lines, "--out", filepath.Join(dir, "widened.pt"),
		"--steps", "2", "--batch", "8")
	command(t, py, "train.py", "reader", "--from", again, "--shards", lines, "--shards", filepath.Join(dir, "strips")+":0.5:1",
		"--val", lines, "--out", filepath.Join(dir, "further.pt"), "--steps", "2", "--batch", "8")
	checkShapes(t, file)
}

// checkShapes runs each net of a weight file on nothing: what comes out has the shapes that the engine expects.
func checkShapes(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	model, err := neural.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		name              string
		channels, outputs int
		height, width     int
		shapes            [][3]int // channels, height, width
	}{
		{"locator", 3, 2, 160, 160, [][3]int{{3, 40, 40}, {1, 1, 1}}},
		{"cardnet", 3, 2, 128, 192, [][3]int{{8, 32, 48}, {2, 32, 48}}},
		{"reader", 1, 1, 32, 352, [][3]int{{11, 1, 88}}},
	} {
		net, err := model.Net(want.name, want.channels, want.outputs)
		if err != nil {
			t.Error(err)
			continue
		}
		var arena neural.Arena
		out, err := net.Run(&arena, arena.Tensor(want.channels, want.height, want.width))
		if err != nil {
			t.Error(err)
			continue
		}
		for i, s := range want.shapes {
			if got := [3]int{out[i].Channels, out[i].Height, out[i].Width}; got != s {
				t.Errorf("%s: output %d is %v, want %v", want.name, i, got, s)
			}
		}
	}
}

// A sheet can be drawn of every net's records.
func TestContactSheets(t *testing.T) {
	py, dir := python(t), t.TempDir()
	if exec.Command(py, "-c", "import PIL").Run() != nil {
		t.Skip("look.py needs the Python library PIL (Debian: python3-pil)")
	}
	draw := filepath.Join(dir, "draw")
	command(t, "go", "build", "-o", draw, "./draw")
	command(t, draw, "-kind", "lines", "-out", dir, "-per", "8")
	command(t, draw, "-kind", "small", "-out", dir, "-per", "4")
	for net, shards := range map[string]string{"reader": "lines", "locator": "small", "cardnet": "smallviews"} {
		command(t, py, "look.py", net, filepath.Join(dir, shards, "00000.bin"), filepath.Join(dir, net+".png"), "4")
	}
}

// train.sh with other programs in place of Go, the drawing and Python, in a folder named as `make train` names it.
func TestTrainScript(t *testing.T) {
	script, err := filepath.Abs("train.sh")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	draw := program("drawing", "exit 0")
	program("go", `cp `+draw+` "$3"`) // go build -o DRAW ./draw
	run := func(failing string) (calls string, err error) {
		log := filepath.Join(dir, "calls")
		os.Remove(log)
		c := exec.Command(script, "build/train")
		c.Dir = dir
		c.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"),
			"PYTHON="+program("python", `echo "${1##*/} $2" >>`+log+`; [ "${1##*/}" != "`+failing+`" ]`))
		out, err := c.CombinedOutput()
		t.Logf("%s", out)
		b, _ := os.ReadFile(log)
		return string(b), err
	}
	const look = "-c import numpy, torch\n"
	weights := filepath.Join(dir, "build/train/weights.bin")
	if calls, err := run(""); err != nil || calls != look+"train.py reader\ntrain.py locator\ntrain.py cardnet\nexport.py "+weights+"\n" {
		t.Errorf("error %v, called\n%s", err, calls)
	}
	if calls, err := run("train.py"); err == nil || calls != look+"train.py reader\n" {
		t.Errorf("where training fails: error %v, called\n%s", err, calls)
	}
	program("drawing", "touch "+filepath.Join(dir, "drawn"))
	if calls, err := run("-c"); err == nil || calls != look {
		t.Errorf("without PyTorch: error %v, called\n%s", err, calls)
	}
	if _, err := os.Stat(filepath.Join(dir, "drawn")); err == nil {
		t.Error("without PyTorch it draws for hours first")
	}
}

// A run that was stopped half-way and started again ends with the very weights of one that was not.
func TestInterruptedRunGoesOn(t *testing.T) {
	py, dir := python(t), t.TempDir()
	draw := filepath.Join(dir, "draw")
	command(t, "go", "build", "-o", draw, "./draw")
	command(t, draw, "-kind", "lines", "-out", dir, "-per", "32")
	lines := filepath.Join(dir, "lines")
	export := func(name string, stops ...string) []byte {
		out, file := filepath.Join(dir, name+".pt"), filepath.Join(dir, name+".bin")
		for _, steps := range stops {
			command(t, py, "train.py", "reader", "--shards", lines, "--val", lines, "--out", out, "--steps", steps,
				"--sharpen", "4", "--batch", "8", "--report", "6")
		}
		command(t, py, "export.py", file, out)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(export("whole", "12"), export("halves", "6", "12")) {
		t.Error("the weights differ")
	}
}

// A blend lies between two checkpoints of one net, its share of the way to the second.
func TestBlend(t *testing.T) {
	py, dir := python(t), t.TempDir()
	checkpoint := func(net, weight string) string {
		out := filepath.Join(dir, net+weight+".pt")
		command(t, py, "-c", "import torch; torch.save({'net': '"+net+"', 'average': {'w': torch.tensor([0., "+weight+"]), "+
			"'n': torch.tensor("+weight+")}}, '"+out+"')")
		return out
	}
	a, b, out := checkpoint("reader", "4"), checkpoint("reader", "8"), filepath.Join(dir, "out.pt")
	command(t, py, "blend.py", out, a, ".25", b)
	got := string(command(t, py, "-c", "import torch; s = torch.load('"+out+"'); print(s['net'], s['average']['w'].tolist(), int(s['average']['n']))"))
	if want := "reader [0.0, 5.0] 8\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if exec.Command(py, "blend.py", out, a, ".25", checkpoint("locator", "8")).Run() == nil {
		t.Error("a reader and a locator were blended")
	}
}

// What is held in memory gives the batches of mapped files.
func TestHeldShards(t *testing.T) {
	py, dir := python(t), t.TempDir()
	command(t, "go", "run", "./draw", "-kind", "lines", "-out", dir, "-count", "2", "-per", "8")
	command(t, py, "-c", `
import sys, numpy as np, shards
def batch(hold):
    pool = shards.Mixture([sys.argv[1], sys.argv[1] + ":0.5:1"], shards.STRIP, hold)
    pool.extend(2)
    return pool.batch(np.random.default_rng(3), 16)
mapped, held = batch(False), batch(True)
assert mapped.tobytes() == held.tobytes(), "the batches differ"
assert len({r.tobytes() for r in mapped}) > 4, "the records are all alike"
few = shards.Mixture([sys.argv[1], sys.argv[1] + ":0.1:1"], shards.STRIP)  # a tenth of four records is none
few.extend(2)
assert len(few.batch(np.random.default_rng(3), 4)) == 4
`, filepath.Join(dir, "lines"))
}

// Who names a wrong folder, or began before the drawing, is told what is waited for.
func TestMissingShardsAreNamed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	c := exec.CommandContext(ctx, python(t), "-c", "import sys, shards; shards.Shards(sys.argv[1], shards.STRIP).extend(1)", folder)
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(said).ReadString('\n')
	if want := "waiting for " + filepath.Join(folder, "00000.bin") + "\n"; line != want {
		t.Errorf("it says %q, %v", line, err)
	}
	stop()
	_ = c.Wait() // killed
}

// Shards depend on seed and number alone, and what exists is kept.
func TestShardsAreReproducible(t *testing.T) {
	dir := t.TempDir()
	draw := filepath.Join(dir, "draw")
	command(t, "go", "build", "-o", draw, "./draw")
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	command(t, draw, "-kind", "lines", "-out", a, "-per", "8", "-count", "2", "-seed", "3")
	command(t, draw, "-kind", "lines", "-out", b, "-per", "8", "-count", "1", "-first", "1", "-seed", "3")
	command(t, draw, "-kind", "scenes", "-out", a, "-per", "2", "-seed", "3")
	command(t, draw, "-kind", "scenes", "-out", b, "-per", "2", "-seed", "3")
	same := func(name string) {
		x, err := os.ReadFile(filepath.Join(a, name))
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(filepath.Join(b, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs", name)
		}
	}
	for _, name := range []string{"lines/00001.bin", "frames/00000.bin", "views/00000.bin", "cuts/00000.bin"} {
		same(name)
	}
}
