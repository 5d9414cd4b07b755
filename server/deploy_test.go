package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// TestTheDashboardShowsRealMetrics: every metric that a panel asks for is one that the server has, and the other way
// round.
func TestTheDashboardShowsRealMetrics(t *testing.T) {
	base := start(t, nil, reader(t))
	answer, err := http.Get(base + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	// Those that have no value yet are missing there, so the source is asked too.
	have := string(body) + text(t, "internal/observe/metrics.go") + text(t, "assemble.go")
	dashboard := text(t, "deploy/grafana/scanner.json")
	name := regexp.MustCompile(`\b(scanner|process)_[a-z_]+\b`)
	for _, m := range name.FindAllString(dashboard, -1) {
		m = regexp.MustCompile(`_(bucket|count)$`).ReplaceAllString(m, "")
		if !strings.Contains(have, m) {
			t.Errorf("no such metric: %s", m)
		}
	}
	for _, m := range regexp.MustCompile(`"(scanner_[a-z_]+)"`).FindAllStringSubmatch(text(t, "internal/observe/metrics.go"), -1) {
		if !strings.Contains(dashboard, m[1]) {
			t.Errorf("%s is on no panel", m[1])
		}
	}
}
