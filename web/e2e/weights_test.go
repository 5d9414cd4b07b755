package e2e

import (
	"path/filepath"
	"testing"
)

// Weights that could not be had are asked for again with the picture at hand, those by which cards are found too: without
// them, the others are of no use.
func TestTheWeightsAreTriedAgain(t *testing.T) {
	for _, file := range []string{"weights", "locator"} {
		t.Run(file, func(t *testing.T) {
			f := newFront(t)
			f.policy.Store("device")
			f.files.Store(map[string]fate{file: lost})
			ctx := browser(t, camera(t, "nocard.jpg"))
			cameraFails(t, ctx, "NotFoundError")
			s := visitor(t, ctx, f)
			s.visit("")
			s.trouble("nocamera")
			choose(t, ctx, s.photo())
			s.trouble("device")
			f.files.Store(map[string]fate{})
			s.press("repeat")
			s.wait(resultShown)
			if got := ask[string](t, ctx, number); got != specimenOf(t, "flat16.jpg").Number {
				t.Errorf("another number was read (%d digits)", len(got))
			}
		})
	}
}

// A picture whose pixels can't be read is never told by the one before it.
func TestAPictureThatCannotBeReadHere(t *testing.T) {
	f := newFront(t)
	f.policy.Store("device")
	ctx := browser(t, camera(t, "nocard.jpg"))
	cameraFails(t, ctx, "NotFoundError")
	// The worker's script is a blob: here, with a line before it.
	onNewDocument(t, ctx, `const made = URL.createObjectURL
		URL.createObjectURL = blob => made(blob.type !== "text/javascript" ? blob : new Blob([`+quoted(`
			const reads = OffscreenCanvasRenderingContext2D.prototype, data = reads.getImageData
			addEventListener("message", e => { if (e.data.file?.name === "embossed16.jpg") reads.getImageData = () => { throw new RangeError("Out of memory") } });
		`)+`, blob], { type: blob.type }))`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.trouble("nocamera")
	choose(t, ctx, s.photo())
	s.wait(resultShown)
	s.press("again")
	s.trouble("nocamera")
	other, err := filepath.Abs(filepath.Join(root, "testdata", "embossed16.jpg"))
	must(t, err)
	choose(t, ctx, other)
	s.trouble("device")
}

// Weights that have stalled on their way hold no picture up that the server may read.
func TestStalledWeightsHoldNothingUp(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	f.policy.Store("both")
	f.answer.Store(aNumber)
	f.files.Store(map[string]fate{"weights": halfway})
	ctx := browser(t, camera(t, "nocard.jpg"))
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.press("shutter")
	s.wait(resultShown)
	s.says(".promise span", "promise.server.done")
}

// Kernels that have stalled on their way are done without, after a while: nothing else that the worker needs has to wait
// for them any longer.
func TestStalledKernelsAreDoneWithout(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFront(t)
	f.files.Store(map[string]fate{"simd.wasm": halfway})
	ctx := browser(t, camera(t, "flat16.jpg"))
	watchFrames(t, ctx)
	onNewDocument(t, ctx, `window.looked = () => { window.first ??= performance.now() }`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(`window.first`)
	if first := ask[float64](t, ctx, "first"); first < 8000 {
		t.Errorf("a frame was looked at after %.0f ms, as if the kernels had come", first)
	}
	s.wait(resultShown) // seen, taken and read
}

// A worker whose program ends in the middle of a picture, as for want of memory, is done without, and not waited for.
func TestAWorkerEnds(t *testing.T) {
	f := newFront(t)
	f.answer.Store(aNumber)
	ctx := browser(t, camera(t, "nocard.jpg"))
	watchFrames(t, ctx)
	onNewDocument(t, ctx, `const post = Worker.prototype.postMessage
		window.fatal = true
		Worker.prototype.postMessage = function (m, transfer) {
			if (!fatal || m.kind !== "take") return post.call(this, m, transfer)
			fatal = false
			post.call(this, { kind: "take", id: m.id, file: {} }) // no file: its program panics
		}`)
	s := visitor(t, ctx, f)
	s.visit("")
	s.wait(scanning)
	s.press("shutter")
	s.wait(resultShown)
	s.press("again")
	s.wait(scanning)
	s.press("shutter")
	s.wait(resultShown) // by another worker
	s.press("again")
	frames(t, ctx, 2)
}
