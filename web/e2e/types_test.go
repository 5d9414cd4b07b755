package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the element reads and says is what its types and the README describe.
func TestTheTypesDescribeTheElement(t *testing.T) {
	source, types, guide := file(t, "web/scanner.js"), file(t, "web/scanner.d.ts"), file(t, "README.md")
	host, boot := file(t, "web/host.js"), file(t, "web/boot.js")
	all := func(pattern, text string) (found []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			found = append(found, m[1])
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	for what, names := range map[string][]string{
		"attribute": all(`(?:get|has)Attribute\("([a-z]+)"\)`, source),
		"error":     append(all(`#fail\(link, "([a-z]+)"`, source), all(`(?:refuse|error)\("([a-z]+)"`, host+boot)...),
		"part":      all(`part: "([a-z]+)"`, source), // and frame.part
		"property":  all(`getPropertyValue\("(--[a-z-]+)`, source),
	} {
		if len(names) < 1 {
			t.Errorf("no %s found", what)
		}
		for _, name := range names {
			if !strings.Contains(types, name) {
				t.Errorf("scanner.d.ts lacks the %s %q", what, name)
			}
		}
	}
	for _, name := range all(`#tell\("([a-z]+)"`, source) {
		if !strings.Contains(types, `"bankcard-`+name+`"`) {
			t.Errorf("scanner.d.ts lacks the event bankcard-%s", name)
		}
	}
	for _, member := range all(`(?m)^\t(?:get |set |async )?([a-z]\w*)\(.*\) \{`, source) {
		if !slices.Contains([]string{"constructor"}, member) && !strings.HasSuffix(member, "Callback") && !regexp.MustCompile(`(?m)^\t(readonly )?`+member+`[(:]`).MatchString(types) {
			t.Errorf("scanner.d.ts lacks %s", member)
		}
	}
	for _, name := range []string{"bankcard-scan", "session", "fill", "scanner.d.ts"} {
		if !strings.Contains(guide, name) {
			t.Errorf("the README lacks %s", name)
		}
	}
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + name)
	must(t, err)
	return string(text)
}
