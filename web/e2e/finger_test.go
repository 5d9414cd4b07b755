package e2e

import (
	"testing"
	"time"
)

// twice taps a button's middle as a finger does, and once more as soon as the next view has a button there. It gives which, and
// "late" where the machine was so slow that a person could have meant it.
const twice = `window.twice = (what, next) => new Promise(done => {
	const on = Array.from(document.querySelectorAll('[data-do="' + what + '"]')).find(b => b.offsetParent !== null && !b.disabled).getBoundingClientRect()
	const there = () => document.elementFromPoint(on.x + on.width / 2, on.y + on.height / 2)
	const tap = () => there().dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }))
	let drawn
	const again = now => {
		const hit = there().closest("[data-do]")?.dataset.do
		if (drawn && now - drawn > 300) done("late")
		else if (drawn && hit && hit !== what) { tap(); done(hit) }
		else requestAnimationFrame(again)
		if (document.documentElement.dataset.view === next) drawn ??= now
	}
	tap()
	requestAnimationFrame(again)
})`

// A finger that taps twice, or just when the page has taken the picture by itself, means what it saw: it doesn't give the
// picture up by the button that has come to lie there, nor take one, nor put the number on the clipboard.
func TestASecondTapIsNoOtherWish(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	theme(t, ctx, "light") // and nothing moves
	onNewDocument(t, ctx, twice)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	const drawn = 600 * time.Millisecond // until a view's buttons count, and until a wish that was heard is seen
	tap := func(what, next, hit string) {
		t.Helper()
		time.Sleep(drawn)
		switch got := ask[string](t, ctx, `twice("`+what+`", "`+next+`")`); {
		case got == "late":
			t.Skip("the machine is too slow for a second tap")
		case got != hit:
			t.Fatalf("the second tap on %s hits %s", what, got)
		}
		time.Sleep(drawn)
		if view := ask[string](t, ctx, `document.documentElement.dataset.view`); view != next {
			t.Fatalf("the second tap on %s leads to %s", what, view)
		}
	}
	tap("shutter", "reading", "cancel")
	tap("cancel", "scan", "shutter")
	s.wait(scanning)
	s.take(aNumber)
	s.wait(resultShown)
	ask[any](t, ctx, `window.copied = false; addEventListener("copy", () => { copied = true }); navigator.clipboard.writeText = () => { copied = true; return Promise.resolve() }; 0`)
	tap("use", "done", "copy")
	if ask[bool](t, ctx, "copied") {
		t.Error("the number is on the clipboard, and nobody wished it there")
	}
}
