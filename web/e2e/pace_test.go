package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// paceWorker runs pace with the SIMD kernels, as web/worker.js runs the module.
const paceWorker = `importScripts("wasm_exec.js", "simd.js")
	onmessage = async ({ data }) => {
		self.picture = data
		const go = new Go(), simd = loadSIMD(fetch("simd.wasm"))
		go.importObject.simd = simd.imports
		const { instance } = await WebAssembly.instantiateStreaming(fetch("pace.wasm"), go.importObject)
		const reason = await simd.attach(instance.exports.mem)
		if (reason) throw reason
		go.run(instance)
	}`

// paced has the worker read a picture, enlarged to a width, and returns what it took.
const paced = `(async () => {
	const image = await createImageBitmap(await (await fetch("picture.jpg")).blob(), { resizeWidth: WIDTH, resizeHeight: HEIGHT, resizeQuality: "high" })
	const canvas = new OffscreenCanvas(WIDTH, HEIGHT), context = canvas.getContext("2d")
	context.drawImage(image, 0, 0)
	const pixels = new Uint8Array(context.getImageData(0, 0, WIDTH, HEIGHT).data.buffer)
	const worker = new Worker("worker.js")
	worker.postMessage({ width: WIDTH, height: HEIGHT, pixels })
	const { data } = await new Promise((done, failed) => { worker.onmessage = done; worker.onerror = e => failed(new Error(e.message)) })
	worker.terminate()
	if (!data.sound) throw new Error("the card was not found, or not read, each time")
	return JSON.stringify(data.NAME)
})()`

// measurePace prints what the engine alone takes in Chromium's worker: locating in a frame as the preview's, and the whole
// way from pixels to the number in a picture of 1280 × 960.
func measurePace(t *testing.T) {
	t.Helper()
	module := filepath.Join(t.TempDir(), "pace.wasm")
	// The flags of web/build/compile.go that matter to speed.
	must(t, runIn(root, []string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-gcflags=all=-l", "-gcflags=ocrbankcard/internal/...=",
		"-gcflags=math=", "-gcflags=math/bits=", "-o", module, "./web/e2e/pace"))
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	must(t, err)
	files := map[string]string{
		"/pace.wasm": module, "/simd.js": filepath.Join(root, "internal/simd/simd.js"), "/simd.wasm": filepath.Join(root, "internal/simd/simd.wasm"),
		"/wasm_exec.js": filepath.Join(strings.TrimSpace(string(goroot)), "lib/wasm/wasm_exec.js"), "/picture.jpg": filepath.Join(root, "testdata/embossed16.jpg"),
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch file, ok := files[r.URL.Path]; {
		case ok:
			http.ServeFile(w, r, file)
		case r.URL.Path == "/worker.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, paceWorker)
		default:
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<!doctype html><title>pace</title>")
		}
	}))
	t.Cleanup(s.Close)
	ctx := browser(t, camera(t, "embossed16.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	for _, c := range []struct {
		name, what    string
		width, height int
	}{{"locate", "locating in a frame", 640, 480}, {"read", "reading a picture, from pixels to number,", 1280, 960}} {
		script := strings.NewReplacer("WIDTH", fmt.Sprint(c.width), "HEIGHT", fmt.Sprint(c.height), "NAME", c.name).Replace(paced)
		took := floats(t, ctx, script)
		fmt.Printf("%s of %d×%d in Chromium's worker: %.1f ms median, %.1f least\n", c.what, c.width, c.height, median(took), slices.Min(took))
	}
}
