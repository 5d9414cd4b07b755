// Package locale holds the page's texts in one language: a flat table from key to text, as the files under web/locales
// have it. Texts name their values in braces ("Sent to {host}"), so that each language orders them as it needs; texts
// that count have one entry for each plural category of the language (Unicode CLDR), such as "advice.compare.other".
package locale

import (
	"strconv"
	"strings"
)

// Table is one language.
type Table struct {
	texts  map[string]string
	plural func(n int) string // the category of n: zero, one, two, few, many, other
}

// New returns the table. plural may be nil: then every count is "other".
func New(texts map[string]string, plural func(n int) string) *Table {
	if plural == nil {
		plural = func(int) string { return "other" }
	}
	return &Table{texts, plural}
}

// Text returns the text of the key with pairs of name and value filled in. A key without a text is returned as it is:
// a gap that is seen is a gap that gets closed (and a test finds it first).
func (t *Table) Text(key string, pairs ...string) string {
	text, ok := t.texts[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// Has reports whether the key has a text.
func (t *Table) Has(key string) bool {
	_, ok := t.texts[key]
	return ok
}

// Count returns the text of the key for a count, which {n} stands for, in the language's own plural form.
func (t *Table) Count(key string, n int) string {
	form := key + "." + t.plural(n)
	if !t.Has(form) {
		form = key + ".other"
	}
	return t.Text(form, "n", strconv.Itoa(n))
}
