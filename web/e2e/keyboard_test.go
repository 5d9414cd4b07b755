package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scanning: the camera runs, and its controls are drawn, which comes a frame after the view has changed.
const scanning = `document.documentElement.dataset.camera === "live" && document.querySelector(".controls:not([hidden]) .shutter:enabled") !== null`

// focusedOn names what has the keyboard, "" where nothing shows that it does.
const focusedOn = `(e => { const name = e.dataset.do ?? e.dataset.group ?? e.id; return getComputedStyle(e).outlineStyle === "none" && e.id !== "heading" ? "" : name })(document.activeElement)`

// tabTo presses Tab until what is named has the keyboard, and returns all that had it on the way.
func tabTo(t *testing.T, ctx context.Context, name string) (way []string) {
	t.Helper()
	for range 20 {
		must(t, chromedp.Do(ctx, chromedp.KeyEvent("\t")))
		at := ask[string](t, ctx, focusedOn)
		if at == "" {
			t.Errorf("on the way to %s, after %v, it does not show where the keyboard is: %s", name, way, ask[string](t, ctx, `document.activeElement.outerHTML.slice(0, 120) + getComputedStyle(document.activeElement).outline`))
		}
		if way = append(way, at); at == name {
			return way
		}
	}
	t.Fatalf("Tab does not lead to %s: %v", name, way)
	return nil
}

// The keyboard alone takes a person all the way: past every control of the camera, to a number that is read, corrected
// and handed over, and to one that is typed; Escape leads back. It always shows where it is.
func TestKeyboardAlone(t *testing.T) {
	f := newFront(t)
	f.answer.Store(noLuhn)
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	wait(t, ctx, scanning)
	if way := strings.Join(tabTo(t, ctx, "type"), " "); way != "close photo shutter type" {
		t.Errorf("Tab leads over %s", way)
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\x1b"))) // nothing to step back from
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "typing")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\x1b")))
	view(t, ctx, "scan")
	wait(t, ctx, scanning)

	tabTo(t, ctx, "shutter")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(" ")))
	wait(t, ctx, resultShown+` && document.activeElement.id === "heading"`)
	if way := strings.Join(tabTo(t, ctx, "3"), " "); way != "0 1 2 3" {
		t.Errorf("Tab leads over %s", way)
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.End+kb.Backspace+"7"))) // the check digit, put right
	wait(t, ctx, `document.querySelector(".advice.fine") !== null`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Home+kb.ArrowLeft)))
	if at := ask[string](t, ctx, focusedOn); at != "2" {
		t.Errorf("the arrow key leads from group 3 to %q", at)
	}
	tabTo(t, ctx, "use")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "done")
	wait(t, ctx, `document.querySelector(".masked")?.textContent === "4000 12•• •••• 9017"`)

	tabTo(t, ctx, "again")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "scan")
	wait(t, ctx, scanning)
	tabTo(t, ctx, "type")
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("4111111111111111")))
	if got := ask[string](t, ctx, `document.getElementById("pan").value`); got != "4111 1111 1111 1111" {
		t.Error("the digits are not grouped as they are typed")
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	view(t, ctx, "done")
	wait(t, ctx, `document.querySelector(".masked")?.textContent === "4111 11•• •••• 1111"`)
}

// Digits that an input method composes, full-width ones here, are taken in once, when it is done. Escape is its own until then,
// and so are the keys that end it in Safari, which come after its end and tell so by their code.
func TestComposedDigits(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address)))
	press(t, ctx, "type")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	for _, text := range []string{"４", "４１", "４１１", "４１１１", "４１１１１"} {
		_, err := chromedp.Call(ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: 5, SelectionEnd: 5})
		must(t, err)
	}
	must(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape)))
	_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: "４１１１１"})
	must(t, err)
	wait(t, ctx, `document.getElementById("pan").value === "4111 1"`)
	for _, key := range []string{"Enter", "Escape"} {
		ask[any](t, ctx, `{ document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "`+key+`", keyCode: 229, bubbles: true }))
			new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))) }`)
		if !ask[bool](t, ctx, `document.getElementById("pan") !== null && document.querySelector(".advice.short") === null`) {
			t.Errorf("%s counts after the composing", key)
		}
	}
}

// paste pastes a text, and a picture of it, in place of all that a field holds.
func paste(t *testing.T, ctx context.Context, field, text string) {
	t.Helper()
	ask[any](t, ctx, `{ const field = document.querySelector(`+quoted(field)+`), clipboardData = new DataTransfer()
		clipboardData.setData("text/plain", "`+text+`")
		clipboardData.items.add(new File(["a picture"], "image.png", { type: "image/png" }))
		field.select()
		if (field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))) document.execCommand("insertText", false, "`+text+`") }`)
}

// A whole number that is pasted into one of the groups stands in all of them, also from a spreadsheet, where a picture comes
// with it.
func TestAWholeNumberIsPasted(t *testing.T) {
	f := newFront(t)
	f.answer.Store(noLuhn)
	ctx := browser(t, camera(t, "flat16.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	wait(t, ctx, resultShown)
	paste(t, ctx, `[data-group="1"]`, "3782 822463 10005")
	wait(t, ctx, `Array.from(document.querySelectorAll(".group")).map(g => g.value).join(" ") === "3782 822463 10005"`)
	paste(t, ctx, `[data-group="2"]`, "5018 0000 0009") // in a field that stays
	wait(t, ctx, number+` === "501800000009"`)
	paste(t, ctx, `[data-group="0"]`, "4111 1111 1111 1111")
	wait(t, ctx, number+` === "4111111111111111" && document.querySelector('[data-group="3"]') !== null`)
	ask[any](t, ctx, `document.querySelector('[data-group="3"]').focus()`)
	paste(t, ctx, `[data-group="3"]`, "3782 822463 10005") // in one that goes
	wait(t, ctx, number+` === "378282246310005" && document.querySelector('[data-group="3"]') === null`)
	if at := ask[string](t, ctx, `document.activeElement.dataset.group ?? ""`); at != "2" {
		t.Errorf("after the paste the keyboard is on %q", at)
	}
	paste(t, ctx, `[data-group="2"]`, "10006")
	wait(t, ctx, number+` === "378282246310006"`)
	wait(t, ctx, `document.querySelector(".advice.luhn") !== null`)
}

// Of a number that is pasted where one is typed, together with its card's date, the date stays out.
func TestANumberIsPastedWithItsDate(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, newFront(t).address)
	press(t, ctx, "type")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("37")))
	paste(t, ctx, "#pan", "4111 1111 1111 1111 12/27")
	wait(t, ctx, `document.activeElement.value === "4111 1111 1111 1111" && document.activeElement.selectionStart === 19`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("2")))
	wait(t, ctx, `document.activeElement.value === "4111 1111 1111 1111 2"`)
}

// The Delete key goes on over the spaces that group a typed number.
func TestDeleteGoesOverASpace(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address)))
	press(t, ctx, "type")
	wait(t, ctx, `document.activeElement.id === "pan"`)
	for _, key := range []string{"4111222233334444", kb.Home, kb.ArrowRight, kb.ArrowRight, kb.ArrowRight, kb.ArrowRight, kb.Delete, kb.Delete} {
		must(t, chromedp.Do(ctx, chromedp.KeyEvent(key)))
	}
	if got := ask[string](t, ctx, `document.activeElement.value + " " + document.activeElement.selectionStart`); got != "4111 2233 3344 44 4" {
		t.Errorf("the field and the caret are %q", got)
	}
}

// Digits of other scripts are typed where the caret is, into a group as well.
func TestTheCaretStaysBehindADigit(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "flat16.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(f.address)))
	wait(t, ctx, resultShown)
	ask[any](t, ctx, `{ const field = document.querySelector('[data-group="1"]'); field.focus(); field.setSelectionRange(1, 3) }`)
	for _, text := range []string{"٥", "x", "٦"} { // over the 2 and 3 of 1234
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		must(t, err)
	}
	if got := ask[string](t, ctx, `document.activeElement.value + " " + document.activeElement.selectionStart`); got != "1564 3" {
		t.Errorf("the field and the caret are %q", got)
	}
}

// A person who corrects the number while the server is still asked about it is told of what is typed, and not of the asking.
func TestAdviceOnWhatIsTypedWhileTheServerIsAsked(t *testing.T) {
	f := newFront(t)
	f.policy.Store("both")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	s.take(silent)
	s.wait(resultShown)
	s.says("#advice", "advice.checking")
	must(t, chromedp.Do(ctx, chromedp.SendKeys(`[data-group="3"]`, "0123")))
	asking := strings.ReplaceAll(s.texts["promise.both"], "{host}", strings.TrimPrefix(s.address, "http://"))
	s.wait(`document.getElementById("advice").textContent !== ` + quoted(s.texts["advice.checking"]) + ` && document.querySelector(".promise span").textContent === ` + quoted(asking))
}
