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
	for what, names := range map[string][]string{
		"attribute": all(`(?:(?:get|has)Attribute|#option)\("([a-z]+)"\)`, source),
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

// Both sides of the port know the same words: what one says the other hears, and what one hears the other says.
func TestBothSidesOfThePortKnowTheSameWords(t *testing.T) {
	shop, frame := file(t, "web/scanner.js"), file(t, "web/host.js")
	for name, words := range map[string][2][]string{
		"the frame to the shop": {all(`post(?:Message)?\(\{ type: "([a-z]+)"`, frame), all(`case "([a-z]+)":`, shop)},
		"the shop to the frame": {all(`postMessage\(\{ type: "([a-z]+)"`, shop), all(`data\.type === "([a-z]+)"`, frame)},
	} {
		if said, heard := words[0], words[1]; len(said) == 0 || !slices.Equal(said, heard) {
			t.Errorf("%s: %q is said, %q heard", name, said, heard)
		}
	}
}

// all returns what the pattern's first group matches, each once and in order.
func all(pattern, text string) (found []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + name)
	must(t, err)
	return string(text)
}
