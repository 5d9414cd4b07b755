package locale

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const folder = "../../web/locales"

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

// forms are the plural categories that each language must tell apart in whole numbers (Unicode CLDR 45, cardinal).
var forms = map[string][]string{
	"ar": {"zero", "one", "two", "few", "many", "other"}, "bn": {"one", "other"}, "en": {"one", "other"},
	"es": {"one", "other"}, "fr": {"one", "other"}, "hi": {"one", "other"}, "ja": {"other"}, "pt": {"one", "other"},
	"ru": {"one", "few", "many", "other"}, "zh-CN": {"other"},
}

var (
	counted = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	value   = regexp.MustCompile(`\{[a-z]+\}`)
)

// Every text exists in every language, with the same values in it, and every count in each of the language's forms.
func TestEveryTextExistsInEveryLanguage(t *testing.T) {
	english := read(t, "en.json")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(forms) {
		t.Errorf("%d locale files, %d known here", len(files), len(forms))
	}
	for _, f := range files {
		lang := strings.TrimSuffix(f.Name(), ".json")
		texts := read(t, f.Name())
		if texts["locale.tag"] != lang {
			t.Errorf("%s calls itself %q", f.Name(), texts["locale.tag"])
		}
		for key, want := range english {
			if counted.MatchString(key) {
				continue
			}
			got := texts[key]
			if strings.TrimSpace(got) == "" {
				t.Errorf("%s lacks %s", lang, key)
			}
			if a, b := values(want), values(got); !slices.Equal(a, b) {
				t.Errorf("%s: %s has the values %v, not %v", lang, key, b, a)
			}
		}
		for key := range texts {
			stem := counted.ReplaceAllString(key, "")
			if stem == key {
				if english[key] == "" {
					t.Errorf("%s has %s, which English lacks", lang, key)
				}
				continue
			}
			for _, form := range forms[lang] {
				if texts[stem+"."+form] == "" {
					t.Errorf("%s lacks %s.%s", lang, stem, form)
				}
			}
		}
	}
}

func values(text string) []string {
	found := value.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// Every text that the page's code names exists, and every text there is gets named.
func TestTextsAndCodeNameEachOther(t *testing.T) {
	english := read(t, "en.json")
	var code strings.Builder
	for _, pattern := range []string{"../page/*.go", "../page/state/*.go", "../../internal/guide/*.go", "../../web/boot.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	all := code.String()
	for _, m := range regexp.MustCompile(`u\.(?:Text|Count|button|labelled|iconButton|toggle)\(([^\n]*)`).FindAllStringSubmatch(all, -1) {
		for _, key := range regexp.MustCompile(`"((?:[a-z]+\.)+[a-z]+)"`).FindAllStringSubmatch(m[1], -1) {
			if english[key[1]] == "" && english[key[1]+".other"] == "" {
				t.Errorf("the code names %s, which has no text", key[1])
			}
		}
	}
	for key := range maps.Keys(english) {
		stem := counted.ReplaceAllString(key, "")
		parts := strings.Split(stem, ".")
		last := parts[len(parts)-1]
		switch {
		case strings.Contains(all, `"`+stem+`"`):
		case parts[0] == "hint", parts[0] == "advice", parts[0] == "trouble": // named by a constant's value
			name := last
			if parts[0] == "trouble" {
				name = parts[1]
			}
			if !strings.Contains(all, `"`+name+`"`) {
				t.Errorf("%s is named nowhere", key)
			}
		default:
			t.Errorf("%s is named nowhere", key)
		}
	}
}

func TestTableFillsValuesInAnyOrder(t *testing.T) {
	table := New(map[string]string{
		"group": "{of} of {from}…{to}", "n.one": "one", "n.few": "{n} few", "n.other": "{n} others",
	}, func(n int) string {
		switch {
		case n == 1:
			return "one"
		case n < 5:
			return "few"
		}
		return "many" // a form that this table lacks
	})
	for got, want := range map[string]string{
		table.Text("group", "from", "1", "to", "4", "of", "16"): "16 of 1…4",
		table.Count("n", 1):   "one",
		table.Count("n", 3):   "3 few",
		table.Count("n", 112): "112 others",
		table.Text("missing"): "missing",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
