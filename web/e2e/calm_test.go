package e2e

import (
	"math"
	"testing"

	"github.com/chromedp/chromedp"
)

// The picture that somebody compares, and the way back below it, stay where they are when the answer comes: the sheet has
// the height of most answers while the card is read.
func TestThePictureStaysWhenTheAnswerComes(t *testing.T) {
	f := newFront(t)
	f.policy.Store("device")
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played)
	for _, at := range []size{phone, desktop} {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(at.width, at.height)))
		s := visitor(t, ctx, f)
		s.visit("&camera=NotAllowedError")
		s.trouble("refused")
		theme(t, ctx, "light") // nothing moves
		const tops = `[".picture", ".actions > :last-child"].map(e => document.querySelector(e).getBoundingClientRect().top)`
		s.js("holding = true")
		choose(t, ctx, s.photo())
		s.wait(`held.length > 0 && document.querySelector(".waiting") !== null && document.querySelector(".picture") !== null`)
		ask[any](t, ctx, rested)
		before := ask[[]float64](t, ctx, tops)
		s.js("holding = false; held.pop()()")
		s.wait(resultShown)
		ask[any](t, ctx, rested)
		for i, after := range ask[[]float64](t, ctx, tops) {
			if moved := math.Abs(after - before[i]); moved > 40 {
				t.Errorf("%s: the %s moves by %.0f px", at.name, []string{"picture", "last button"}[i], moved)
			}
		}
	}
}

// On the smallest phone all of the answer is seen at once: no word of where the picture went lies under the buttons.
func TestTheAnswerFitsASmallPhone(t *testing.T) {
	f := newFront(t)
	f.answer.Store(oneDoubt)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, played)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(small320.width, small320.height)))
	s := visitor(t, ctx, f)
	s.visit("&camera=NotAllowedError")
	s.trouble("refused")
	choose(t, ctx, s.photo())
	s.wait(resultShown)
	if over := ask[int](t, ctx, `(sheet => sheet.scrollHeight - sheet.clientHeight)(document.querySelector(".sheet"))`); over > 0 {
		t.Errorf("%d px of the sheet are out of sight", over)
	}
}
