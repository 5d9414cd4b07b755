package e2e

import (
	"encoding/json"
	"slices"
	"testing"
)

// listening keeps all that a screen reader is told by itself.
const listening = `window.told = []; new MutationObserver(changes => {
	for (const e of new Set(changes.map(c => (c.target.closest ? c.target : c.target.parentElement)?.closest("[role=status]")))) if (e?.textContent) told.push(e.textContent)
}).observe(document.getElementById("app"), { subtree: true, childList: true, characterData: true })`

// Each hint is spoken once, and so is what is offered after ten seconds, whatever hints follow.
func TestEachHintIsSpokenOnce(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played)
	s := visitor(t, ctx, newFront(t))
	s.visit("")
	s.wait(`document.documentElement.dataset.camera === "live"`)
	s.say("search", false)
	s.js(listening)
	var want []string
	for _, hint := range []string{"search", "closer", "blurred", "still"} {
		s.say(hint, true)
		s.wait(`Array.from(document.querySelectorAll("[role=status]")).some(e => e.textContent.startsWith(` + quoted(s.texts["hint."+hint]) + `))`)
		if want = append(want, s.texts["hint."+hint]); hint == "search" {
			want = []string{s.texts["hint.needy"]}
		}
	}
	var told []string
	must(t, json.Unmarshal([]byte(ask[string](t, s.ctx, "JSON.stringify(told)")), &told))
	if !slices.Equal(told, want) {
		t.Errorf("%q was told, want %q", told, want)
	}
}

// What calls the eye to the shutter comes to rest within five seconds, for those whom it would keep from reading on.
func TestNothingMovesForLong(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played)
	s := visitor(t, ctx, newFront(t))
	s.visit("")
	s.wait(scanning)
	s.say("search", true)
	s.wait(`document.getAnimations().some(a => a.effect.target.matches(".needy .shutter"))`)
	if most := ask[float64](t, ctx, `Math.max(...document.getAnimations().map(a => Math.min(a.effect.getComputedTiming().endTime, 1e9)))`); most > 5000 {
		t.Errorf("something moves for %.0f ms", most)
	}
}

// What is said of a typed number under the field is spoken as well: the keyboard stays in the field.
func TestTheAdviceOnATypedNumberIsSpoken(t *testing.T) {
	s := visitor(t, browser(t, camera(t, "nocard.jpg")), newFront(t))
	s.visit("")
	s.press("type")
	for text, advice := range map[string]string{"4111": "short", "4000 1234 5678 9018": "luhn"} {
		s.wait(`document.activeElement.id === "pan"`)
		s.js(`{ const pan = document.activeElement; pan.value = "` + text + `"; pan.dispatchEvent(new InputEvent("input", { bubbles: true })) }`)
		if advice == "short" {
			s.press("use")
		}
		s.says("#advice", "advice."+advice)
		s.says(".spoken", "advice."+advice)
	}
}
