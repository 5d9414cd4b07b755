package e2e

import "testing"

// keptPictures has a page count the pictures that it holds by address, and hold back what its worker says of a picture while
// stuck is true; while slow is true the page's own decoding waits for go().
const keptPictures = `
	window.pictures = new Set(), window.stuck = false, window.slow = false
	const make = URL.createObjectURL, end = URL.revokeObjectURL, decode = createImageBitmap
	URL.createObjectURL = blob => { const url = make(blob); if (blob.type === "image/jpeg") pictures.add(url); return url }
	URL.revokeObjectURL = url => { pictures.delete(url); end(url) }
	window.createImageBitmap = async (...a) => { if (slow) await new Promise(go => { window.go = go }); return decode(...a) }
	const Plain = Worker
	window.Worker = class extends Plain {
		addEventListener(kind, f, ...more) { super.addEventListener(kind, e => { if (!(stuck && e.data?.crop)) f(e) }, ...more) }
	}
	window.frozen = () => {
		const f = document.getElementById("frozen"), c = new OffscreenCanvas(8, 8).getContext("2d")
		if (f.width > 0 && f.height > 0) c.drawImage(f, 0, 0, 8, 8)
		return c.getImageData(0, 0, 8, 8).data.some(v => v > 0)
	}`

// A picture is gone from the page when its number is handed over, and when the page is closed: its address, and what stood
// frozen behind the sheet.
func TestAPictureIsForgotten(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, keptPictures)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	for _, way := range []string{"use", "close", "again"} {
		choose(t, ctx, s.photo())
		s.wait(resultShown)
		if !ask[bool](t, ctx, `frozen() && pictures.size === 1`) {
			t.Fatal("there is nothing to forget")
		}
		s.press(way)
		s.wait(`document.querySelector(".group") === null && pictures.size === 0`)
		if ask[bool](t, ctx, `frozen()`) {
			t.Errorf("%s: the picture still stands where it was frozen", way)
		}
	}
}

// A picture that is made only after its page was closed disturbs none that was chosen since.
func TestALatePictureIsNotTaken(t *testing.T) {
	f := newFront(t)
	f.answer.Store(serverDown)
	ctx := browser(t, camera(t, "nocard.jpg"))
	onNewDocument(t, ctx, keptPictures)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.js("stuck = slow = true")
	choose(t, ctx, s.photo())
	s.view("reading")
	s.press("close")
	s.wait("window.go")
	s.js("stuck = slow = false")
	choose(t, ctx, s.photo())
	s.trouble("server")
	s.kept(true)
	if n := ask[int](t, ctx, "(go(), new Promise(r => setTimeout(() => r(pictures.size), 1000)))"); n != 1 {
		t.Errorf("the page holds %d pictures", n)
	}
	f.answer.Store(aNumber)
	s.press("repeat")
	s.wait(resultShown)
}
