package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var others = flag.Bool("browsers", false, "drive Firefox and WebKitGTK as well (make test-browsers)")

// Firefox and WebKit run what their fake cameras allow: these show patterns of their own and no card.
func TestOtherBrowsers(t *testing.T) {
	if !*others {
		t.Skip("Firefox and WebKitGTK are driven by make test-browsers only")
	}
	for _, b := range []struct {
		name  string
		start func(*testing.T) *remote
	}{{"firefox", firefox}, {"webkit", webkit}} {
		for _, c := range []struct {
			name string
			test func(*testing.T, *remote)
		}{
			{"what has come is seen on the camera's picture", seesLoading},
			{"a photo is read by the server", func(t *testing.T, r *remote) { readsPhoto(t, r, "server") }},
			{"a photo is read on the device", func(t *testing.T, r *remote) { readsPhoto(t, r, "device") }},
			{"a huge photo on its side is read", readsHugePhoto},
			{"the camera's picture is sent", sendsPicture},
			{"typing fills the shop's form, and a second tap stays off it", fillsForm},
			{"each fault of the camera has its words", tellsFaults},
			{"a camera that stays muted is given back", tellsMuted},
			{"nothing is left switched on", closes},
		} {
			t.Run(b.name+"/"+c.name, func(t *testing.T) { c.test(t, b.start(t)) })
		}
	}
}

// stand is a proxy before the real server: it counts pictures and keeps the last, sets the policy, and can have a script
// run before the page's own.
type stand struct {
	url string
	mu  sync.Mutex
	// pictures that were sent, and the last of them
	pictures int
	last     []byte
}

// newStand serves the scanner. script is JavaScript to run first; reply answers pictures in the server's stead unless it is "".
func newStand(t *testing.T, policy, script, reply string) *stand {
	t.Helper()
	real, _ := serveScanner(t)
	target, err := url.Parse(real)
	must(t, err)
	s := &stand{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/config.json":
			fmt.Fprintf(w, `{"read":%q}`, policy)
		case r.URL.Path == "/first.js":
			w.Header().Set("Content-Type", "text/javascript")
			io.WriteString(w, script)
		case r.URL.Path == "/" && script != "":
			withFirst(proxy, w, r)
		case r.Method == "POST":
			if s.keep(t, r) && reply != "" {
				io.WriteString(w, reply)
				return
			}
			proxy.ServeHTTP(w, r)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	s.url = strings.Replace(front.URL, "127.0.0.1", "localhost", 1)
	return s
}

// withFirst serves the page with first.js before all its own. The page's policy allows it as a file of its origin; the one
// that asks every script for its hash is left out.
func withFirst(proxy http.Handler, w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Accept-Encoding", "identity")
	page := httptest.NewRecorder()
	proxy.ServeHTTP(page, r)
	for name, values := range page.Header() {
		if name != "Content-Length" && name != "Integrity-Policy" {
			w.Header()[name] = values
		}
	}
	io.WriteString(w, strings.Replace(page.Body.String(), "<head>", `<head><script src="first.js"></script>`, 1))
}

// keep reads the picture out of a call and leaves the body as it was.
func (s *stand) keep(t *testing.T, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	file, _, err := copied.FormFile("image_file")
	if err != nil {
		t.Error(err)
		return false
	}
	picture, err := io.ReadAll(file)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pictures, s.last = s.pictures+1, picture
	return err == nil
}

func (s *stand) sent() (int, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pictures, s.last
}

// seesLoading stops the module half way and looks at the bar, which lies on a dark ground in both themes. Each browser has a
// name of its own for its inside, and only Firefox tells its colour.
func seesLoading(t *testing.T, r *remote) {
	f := newFront(t)
	f.files.Store(map[string]fate{"scanner.wasm": halfway})
	r.open(f.address + "/")
	r.wait(`document.querySelector("#boot progress").value > 0.4`)
	const inside = `getComputedStyle(document.querySelector("#boot progress"), "::-moz-progress-bar").backgroundColor`
	if !eval[bool](r, `CSS.supports("selector(::-moz-progress-bar)")`) {
		return
	}
	if colour := eval[string](r, inside); colour != "rgb(52, 231, 192)" {
		t.Errorf("the bar is %s", colour)
	}
}

// readsPhoto gives the page a photo of an embossed card, and compares what it shows.
func readsPhoto(t *testing.T, r *remote, policy string) {
	want := specimenOf(t, "embossed16.jpg")
	s := newStand(t, policy, "", "")
	r.open(s.url + "/")
	r.wait(`document.getElementById("boot").hidden`)
	photo, err := filepath.Abs(filepath.Join(root, "testdata", want.File))
	must(t, err)
	r.keys("#file", photo)
	r.wait(resultShown)
	if got := eval[string](r, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	if n, _ := s.sent(); (n == 0) != (policy == "device") {
		t.Errorf("%d pictures left the page", n)
	}
}

// readsHugePhoto gives the page a photo of 48 megapixels that is stored on its side.
func readsHugePhoto(t *testing.T, r *remote) {
	want := specimenOf(t, "flat16.jpg")
	photo, truth := hugePhoto(t, want)
	file := filepath.Join(t.TempDir(), "huge.jpg")
	must(t, os.WriteFile(file, photo, 0o600))
	s := newStand(t, "server", "", "")
	r.open(s.url + "/")
	r.wait(`document.getElementById("boot").hidden`)
	r.keys("#file", file)
	r.wait(resultShown)
	if got := eval[string](r, number); got != want.Number {
		t.Errorf("the page shows another number than the card (%d digits)", len(got))
	}
	near(t, quadOf(t, eval[string](r, shownBound)), truth)
}

// sendsPicture waits for the viewfinder, presses the shutter, and looks at what is sent: a JPEG that fits the contract.
func sendsPicture(t *testing.T, r *remote) {
	s := newStand(t, "server", "", noCard.body)
	r.open(s.url + "/")
	r.wait(`document.documentElement.dataset.camera === "live" && document.getElementById("video").videoWidth > 0`)
	r.press("shutter")
	r.view("trouble")
	r.wait(`document.querySelector(".picture image")`) // it is kept, and drawn after its view
	_, picture := s.sent()
	config, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	must(t, err)
	if len(picture) > 2<<20 || min(config.Width, config.Height) < 100 || max(config.Width, config.Height) > 4096 {
		t.Errorf("%d bytes, %d×%d", len(picture), config.Width, config.Height)
	}
	r.press("again")
	r.wait(`document.documentElement.dataset.view === "scan" && document.documentElement.dataset.camera === "live"`)
}

// fillsForm opens the scanner from a shop's form, types a number there with the keyboard, and finds it in the form. A second tap
// would then get through to nothing of the shop's, not even to what covers all of its page; later ones do.
func fillsForm(t *testing.T, r *remote) {
	address, _ := serveScanner(t)
	r.open(address + "/checkout.html")
	const shadow = `document.querySelector("bank-card-scanner").shadowRoot`
	r.wait(`document.querySelector("bank-card-scanner")?.shadowRoot`)
	eval[any](r, `(() => {
		const pay = document.body.appendChild(document.createElement("button"))
		pay.id = "pay"
		pay.style = "position: fixed; inset: 0; z-index: 2147483647"
		window.hit = () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)
		document.addEventListener("bankcard-scan", () => { window.second = hit().localName })
		document.querySelector("bank-card-scanner").open()
	})()`)
	r.wait(shadow + `.querySelector("iframe")?.src`)
	r.enter(shadow + `.querySelector("iframe")`)
	r.wait(`document.getElementById("boot")?.hidden`)
	r.press("type")
	r.wait(`document.getElementById("pan") !== null`)
	r.keys("#pan", "4111111111111111")
	if got := eval[string](r, `document.getElementById("pan").value`); got != "4111 1111 1111 1111" {
		t.Error("the digits are not grouped as they are typed")
	}
	r.press("use")
	r.enter("")
	r.wait(`document.getElementById("number").value.replace(/\D/g, "") === "4111111111111111"`)
	if got := eval[string](r, "second"); got != "bank-card-scanner" {
		t.Errorf("the second tap hits <%s>", got)
	}
	r.wait(`hit().id === "pay"`)
}

// tellsFaults has the camera fail in each way; each has a title of its own, and typing is a way on.
func tellsFaults(t *testing.T, r *remote) {
	var titles []string
	for _, name := range []string{"NotAllowedError", "NotFoundError", "NotReadableError", "TypeError"} {
		s := newStand(t, "server", `MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException("", "`+name+`"))`, "")
		r.open(s.url + "/")
		r.view("trouble")
		r.wait(`document.getElementById("heading")`)
		titles = append(titles, eval[string](r, `document.getElementById("heading").innerText`))
		r.press("type")
		r.view("typing")
	}
	slices.Sort(titles)
	if distinct := len(slices.Compact(titles)); distinct != 4 {
		t.Errorf("%d distinct titles for 4 faults: %q", distinct, titles)
	}
}

// tellsMuted has the camera muted by its system; the event is a made one, and those reach no listener of a track in Firefox.
func tellsMuted(t *testing.T, r *remote) {
	s := newStand(t, "server", `window.mute = on => {
		window.track = document.getElementById("video").srcObject.getTracks()[0]
		Object.defineProperty(track, "muted", { value: on, configurable: true })
		track.dispatchEvent(new Event(on ? "mute" : "unmute"))
	}`, "")
	r.open(s.url + "/")
	r.wait(`document.documentElement.dataset.camera === "live" && document.getElementById("video").srcObject.getTracks()[0].onmute`)
	eval[any](r, "mute(true)")
	r.view("trouble")
	r.wait(`track.readyState === "ended"`)
	r.press("camera")
	r.wait(`document.documentElement.dataset.camera === "live"`)
}

// closes switches the page off and finds the camera's track ended.
func closes(t *testing.T, r *remote) {
	s := newStand(t, "server", "", "")
	r.open(s.url + "/")
	r.wait(`document.documentElement.dataset.camera === "live"`)
	eval[any](r, `window.track = document.getElementById("video").srcObject.getTracks()[0], null`)
	r.press("close")
	r.view("closed")
	if state := eval[string](r, "track.readyState"); state != "ended" {
		t.Errorf("the camera's track is %s", state)
	}
	r.press("camera")
	r.wait(`document.documentElement.dataset.camera === "live"`)
}

// launch runs a program that answers no URL until the test ends, with further files from descriptor 3 on.
func launch(t *testing.T, files []*os.File, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.ExtraFiles = files
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have gone by itself
		_ = cmd.Wait()
	})
}
