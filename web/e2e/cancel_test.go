package e2e

import "testing"

// A picture that was given up while it was read on the phone is not sent afterwards, and the page goes on.
func TestAPictureGivenUpIsNotSent(t *testing.T) {
	for _, do := range []string{"cancel", "close"} {
		t.Run(do, func(t *testing.T) {
			box := newMailbox(t, "both", "")
			ctx := browser(t, camera(t, "nocard.jpg"))
			onNewDocument(t, ctx, played)
			s := visitor(t, ctx, &front{address: box.address})
			s.visit("&camera=NotFoundError")
			s.trouble("nocamera")
			s.js("holding = true")
			choose(t, ctx, s.photo())
			s.wait("held.length > 0")
			s.press(do)
			s.wait(`document.documentElement.dataset.view !== "reading"`)
			s.js("holding = false; held.pop()()")
			s.pause(500)
			choose(t, ctx, s.photo())
			s.wait(resultShown)
			s.says(".promise span", "promise.both.done")
			if sent := len(box.pictures()); sent != 1 {
				t.Errorf("%d pictures were sent, want the second alone", sent)
			}
		})
	}
}

// A photo that is chosen while the camera's picture is read, taken by itself behind the file picker, is the one that is read.
func TestAChosenPhotoGoesFirst(t *testing.T) {
	f := newFront(t)
	f.answer.Store(silent)
	ctx := browser(t, camera(t, "nocard.jpg"))
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.press("shutter")
	s.wait(beingRead)
	s.take(aNumber)
	s.wait(resultShown)
	s.says(".promise span", "promise.server.done")
}
