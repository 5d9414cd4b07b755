package e2e

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// A network on which a picture takes longer than an answer may is slow, and not silent: what is on its way is waited for, and
// only when nothing of it moves any more is it told that it takes too long.
func TestASlowNetworkIsWaitedFor(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	onNewDocument(t, ctx, `const its = XMLHttpRequest.prototype, { set } = Object.getOwnPropertyDescriptor(its, "timeout"), { send } = its
		Object.defineProperty(its, "timeout", { set(ms) { set.call(this, ms - 17000) } }) // the page's patience, for a test's
		its.send = function (form) { window.bytes = form.get("image_file").size; return send.call(this, form) }`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	s.slowly(40_000)
	f.answer.Store(aNumber)
	choose(t, ctx, noise(t))
	s.wait(resultShown + ` || document.documentElement.dataset.view === "trouble"`)
	if size := ask[int](t, ctx, "bytes"); size < 200_000 {
		t.Fatalf("the picture has %d bytes only", size)
	}
	s.view("result")
	s.press("again")
	s.trouble("nocamera")
	f.answer.Store(silent)
	choose(t, ctx, noise(t))
	s.trouble("timeout")
	s.kept(true)
}

// On a network that is slower than the server allows, nobody is told that the fault is the server's.
func TestANetworkThatIsTooSlow(t *testing.T) {
	t.Parallel() // it mostly waits
	real, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	s := visitor(t, ctx, &front{address: real})
	s.visit("")
	s.trouble("nocamera")
	s.slowly(6_000)
	choose(t, ctx, noise(t))
	s.view("reading")
	s.trouble("timeout")
	s.kept(true)
}

// A scan that nobody guides, for the locator's weights did not come, offers the other ways after a while; when the network is
// back, the card is found and taken.
func TestAScanWithoutTheLocator(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	f.answer.Store(aNumber)
	f.files.Store(map[string]fate{"locator": lost})
	ctx := browser(t, camera(t, "flat16.jpg"))
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.says(".hint small", "hint.needy")
	f.files.Store(map[string]fate{})
	s.wait(resultShown)
}

// So does one whose worker never began, as for want of memory; the shutter works, and the next scan says the same.
func TestAScanWithoutAWorker(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "flat16.jpg"))
	onNewDocument(t, ctx, `const made = URL.createObjectURL
		URL.createObjectURL = blob => made(blob.type === "text/javascript" ? new Blob(["throw new RangeError('Out of memory')"], { type: blob.type }) : blob)`)
	s := visitor(t, ctx, f)
	s.visit("")
	for range 2 {
		s.wait(scanning)
		s.says(".hint small", "hint.needy")
		s.press("shutter")
		s.wait(resultShown)
		s.press("again")
	}
}

// noise makes a photo that compresses badly.
func noise(t *testing.T) string {
	t.Helper()
	m, r := image.NewGray(image.Rect(0, 0, 1000, 750)), rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(64 + r.IntN(128))
	}
	var picture bytes.Buffer
	must(t, jpeg.Encode(&picture, m, nil))
	file := filepath.Join(t.TempDir(), "noise.jpg")
	must(t, os.WriteFile(file, picture.Bytes(), 0o600))
	return file
}
