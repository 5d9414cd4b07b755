package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/request"
	"ocrbankcard/server/internal/setting"
)

// settings are the names of all variables that the server reads.
func settings(t *testing.T) []string {
	t.Helper()
	s := setting.Map(nil)
	if _, err := Load(s); err != nil {
		t.Fatal(err)
	}
	return s.Names()
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestTheReadmeNamesEverySetting: its table has a row for each, and none that doesn't exist.
func TestTheReadmeNamesEverySetting(t *testing.T) {
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[A-Z].*?) \\|").FindAllStringSubmatch(text(t, "../README.md"), -1) {
		for _, name := range regexp.MustCompile("`([A-Z][A-Z_]+)`").FindAllStringSubmatch(row[1], -1) {
			named = append(named, name[1])
		}
	}
	for _, name := range settings(t) {
		if !slices.Contains(named, name) {
			t.Errorf("%s has no row", name)
		}
	}
	for _, name := range named {
		if !slices.Contains(settings(t), name) {
			t.Errorf("%s is no setting", name)
		}
	}
}

// TestTheReadmeNamesTheDefaults: to set a variable to what its row says changes nothing.
func TestTheReadmeNamesTheDefaults(t *testing.T) {
	quoted := regexp.MustCompile("`([^`]+)`")
	env := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[A-Z][A-Z_]+`[^|\n]*)\\|([^|\n]*)\\|").FindAllStringSubmatch(text(t, "../README.md"), -1) {
		names, values := quoted.FindAllStringSubmatch(row[1], -1), quoted.FindAllStringSubmatch(row[2], -1)
		for i, v := range values {
			if len(values) != len(names) {
				t.Fatalf("%d defaults for %s", len(values), row[1])
			}
			env[names[i][1]] = v[1]
		}
	}
	stated, err := Load(setting.Map(env))
	if err != nil || len(env) < 20 {
		t.Fatalf("%d defaults: %v", len(env), err)
	}
	if plain, err := Load(setting.Map(nil)); err != nil || !reflect.DeepEqual(plain, stated) {
		t.Errorf("%v, or the defaults are others than\n%v", err, env)
	}
}

// TestTheBucketGetsEveryFile: the commands of the CDN's README, with another program in place of the client.
func TestTheBucketGetsEveryFile(t *testing.T) {
	_, block, _ := strings.Cut(text(t, "deploy/cdn/README.md"), "`aws s3 cp`:\n")
	block, _, _ = strings.Cut(block, "\nand set the page")
	dir := t.TempDir()
	var headers string
	for _, f := range []struct{ name, kind, cache string }{
		{"config.json", "application/json", "no-cache"}, {"index.html", "text/html; charset=utf-8", "no-cache"},
		{"locales/en.0123456789ab.json", "application/json", "immutable"}, {"weights.0123456789ab.bin", "application/octet-stream", "immutable"},
	} {
		path := filepath.Join(dir, "dist", f.name)
		files := []string{path}
		if strings.Contains(f.name, "index") || strings.Contains(f.name, "en.") {
			files = append(files, path+".br")
		}
		for _, file := range files {
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, nil, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		headers += "/" + f.name + "\n  Content-Type: " + f.kind + "\n  Cache-Control: " + f.cache + "\n"
	}
	headers += "/\n  Content-Type: text/html; charset=utf-8\n  Cache-Control: no-cache\n" // an address, and no file
	client := `#!/bin/sh
[ -f "$3" ] && echo "$@" || echo "no file: $@"
[ "$3" != "$REFUSED" ]
`
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "dist/_headers"), []byte(headers), 0o644), os.WriteFile(filepath.Join(dir, "aws"), []byte(client), 0o755)); err != nil {
		t.Fatal(err)
	}
	upload := func(refused string) (string, error) {
		c := exec.Command("sh", "-c", block)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "REFUSED="+refused)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := upload("")
	want := `s3 cp ./locales/en.0123456789ab.json.br s3://BUCKET/locales/en.0123456789ab.json --content-encoding br --content-type application/json --cache-control immutable
s3 cp ./weights.0123456789ab.bin s3://BUCKET/weights.0123456789ab.bin --content-type application/octet-stream --cache-control immutable
s3 cp ./config.json s3://BUCKET/config.json --content-type application/json --cache-control no-cache
s3 cp ./index.html.br s3://BUCKET/index.html --content-encoding br --content-type text/html; charset=utf-8 --cache-control no-cache
`
	if err != nil || out != want {
		t.Errorf("%v\n%s", err, out)
	}
	// Of a file that didn't get there, no page must tell.
	if out, err := upload("./weights.0123456789ab.bin"); err == nil || strings.Contains(out, "index.html") {
		t.Errorf("one file was refused: %v\n%s", err, out)
	}
}

// TestDeployFilesNameRealSettings: manifests and container set only what the server reads.
func TestDeployFilesNameRealSettings(t *testing.T) {
	known := append(settings(t), "GOMEMLIMIT")
	found := 0
	for path, pattern := range map[string]string{
		"deploy/kubernetes/scanner.yaml": `name: ([A-Z_]+),`,
		"deploy/Containerfile":           `\b([A-Z_]+)=[:/j]`,
	} {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text(t, path), -1) {
			found++
			if name := strings.TrimSuffix(m[1], "_FILE"); !slices.Contains(known, name) && name != "CGO_ENABLED" {
				t.Errorf("%s: %s is no setting", path, m[1])
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d settings found", found)
	}
}

// TestTheWallKeepsTheCloudsOwnAddressesOut: at these, clouds tell an instance its secrets. Two look like public addresses.
func TestTheWallKeepsTheCloudsOwnAddressesOut(t *testing.T) {
	blocks := regexp.MustCompile(`cidr: (\S+/0)\n\s+except: \[(.*)\]`).FindAllStringSubmatch(text(t, "deploy/kubernetes/network-policy.yaml"), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d open blocks", len(blocks))
	}
	for _, address := range []string{"169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"} {
		a, out := netip.MustParseAddr(address), false
		for _, b := range blocks {
			for _, except := range strings.Split(b[2], ", ") {
				out = out || netip.MustParsePrefix(except).Contains(a)
			}
		}
		if !out {
			t.Errorf("%s can be reached", address)
		}
	}
}

// TestOnlyTheAutoscalerCountsReplicas: a number in the deployment would undo at each apply what it has grown to.
func TestOnlyTheAutoscalerCountsReplicas(t *testing.T) {
	manifest := text(t, "deploy/kubernetes/scanner.yaml")
	if regexp.MustCompile(`(?m)^\s*replicas:`).MatchString(manifest) || !strings.Contains(manifest, "minReplicas: 3") {
		t.Error("the deployment has a number of replicas, or the autoscaler none")
	}
}

// TestTheMemoryInTheManifestAddsUp: Go's heap at its limit, bodies, which lie outside of it, and what is kept for more of them
// leave an eighth of what the container may use to stacks, the program and the system's buffers.
func TestTheMemoryInTheManifestAddsUp(t *testing.T) {
	manifest := text(t, "deploy/kubernetes/scanner.yaml")
	number := func(pattern string) int {
		m := regexp.MustCompile(pattern).FindStringSubmatch(manifest)
		if m == nil {
			t.Fatalf("no %s in the manifest", pattern)
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	heap, limit := number(`GOMEMLIMIT, value: (\d+)MiB`)<<20, number(`limits: .*memory: (\d+)Mi`)<<20
	bodies, engine := number(`UPLOAD_MEMORY_BYTES, value: "(\d+)"`), number(`ENGINE_MEMORY_BYTES, value: "(\d+)"`)
	if heap+bodies+request.KeptInAll > limit*7/8 {
		t.Errorf("%d MiB of heap, %d of bodies and %d kept, in %d", heap>>20, bodies>>20, request.KeptInAll>>20, limit>>20)
	}
	if engine > heap/2 {
		t.Errorf("pictures of %d MiB on a heap of %d", engine>>20, heap>>20)
	}
}

// TestTheDashboardShowsRealMetrics: every series that a panel asks for is one that a server shows, with those labels; and every
// metric of ours is on a panel.
func TestTheDashboardShowsRealMetrics(t *testing.T) {
	base, s := startServer(t, nil, reader(t), io.Discard)
	m := s.metrics // of each that has labels, one value
	m.Count(&observe.Event{Outcome: "card", Recognizer: "embedded", Caller: "page", Format: "jpeg", Received: 1, LimitedOn: "key"})
	m.CountSession(&observe.Event{Outcome: "opened"})
	m.Called(facepp.Timeout, time.Second)
	m.Attempted(facepp.Timeout, time.Second)
	m.Retried(facepp.Timeout)
	shown := text1(t, base+"/metrics")
	series := regexp.MustCompile(`\b((?:scanner|process)_[a-z_]+)\{([^}]*)\}`)
	label := regexp.MustCompile(`([a-z_]+)(?:=~?"|$)`)
	by := regexp.MustCompile(`by \(([a-z_, ]+)\)`)
	asked := map[string]bool{}
	for _, query := range queries(t) {
		found := series.FindAllStringSubmatch(query, -1)
		if len(found) == 0 {
			t.Errorf("%s asks for nothing of ours", query)
		}
		for _, f := range found {
			asked[regexp.MustCompile(`_(bucket|count)$`).ReplaceAllString(f[1], "")] = true
			var labels []string
			for _, l := range label.FindAllStringSubmatch(f[2], -1) {
				labels = append(labels, l[1])
			}
			for _, b := range by.FindAllStringSubmatch(query, -1) {
				labels = append(labels, strings.Split(b[1], ", ")...)
			}
			checkSeries(t, shown, f[1], labels)
		}
	}
	for _, help := range regexp.MustCompile(`(?m)^# TYPE (scanner_[a-z_]+) `).FindAllStringSubmatch(shown, -1) {
		if !asked[help[1]] {
			t.Errorf("%s is on no panel", help[1])
		}
	}
	for _, path := range []string{"deploy/README.md", "deploy/PLAN.md"} { // what they tell operators to watch
		for _, name := range regexp.MustCompile("`(scanner_[a-z_]+)").FindAllStringSubmatch(text(t, path), -1) {
			if !strings.Contains(shown, "# TYPE "+name[1]+" ") {
				t.Errorf("%s: no such metric: %s", path, name[1])
			}
		}
	}
}

// checkSeries wants a series of that name with those labels; job is Prometheus' own.
func checkSeries(t *testing.T, shown, name string, labels []string) {
	t.Helper()
	line := regexp.MustCompile(`(?m)^` + name + `(\{.*\})? .*$`).FindString(shown)
	if line == "" {
		t.Errorf("no such metric: %s", name)
		return
	}
	for _, l := range labels {
		if l != "job" && !strings.Contains(line, l+"=") {
			t.Errorf("%s has no label %s", name, l)
		}
	}
}

// queries are the dashboard's.
func queries(t *testing.T) (all []string) {
	t.Helper()
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal([]byte(text(t, "deploy/grafana/scanner.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d queries", len(all))
	}
	return all
}
