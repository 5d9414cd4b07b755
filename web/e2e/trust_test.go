package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The secrets of these tests are in the environment of the program that builds the site, as on an operator's machine.
var secrets = map[string]string{
	"FACEPP_API_KEY": "face-key-of-this-build", "FACEPP_API_SECRET": "face-secret-of-this-build",
	"MERCHANTS": merchantID + ":" + merchantKey + ":https://shop.example", "API_KEYS": "machine:machine-secret-of-this-build",
}

// No file of the site holds a secret, compressed or not, whatever the machine knows that builds it.
func TestNoFileOfTheSiteHoldsASecret(t *testing.T) {
	plain := map[string]func(io.Reader) (io.Reader, error){
		".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}
	files := 0
	must(t, filepath.WalkDir(dist(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		must(t, err)
		if open := plain[filepath.Ext(path)]; open != nil {
			r, err := open(bytes.NewReader(data))
			must(t, err)
			data, err = io.ReadAll(r)
			must(t, err)
		}
		files++
		for name, secret := range secrets {
			for part := range strings.SplitSeq(secret, ":") { // ids and origins are none, but no file needs them either
				if len(part) > 6 && bytes.Contains(data, []byte(part)) {
					t.Errorf("%s holds a part of %s", filepath.Base(path), name)
				}
			}
		}
		return nil
	}))
	if files < 60 {
		t.Errorf("only %d files", files)
	}
}

// edge stands before an address, as a CDN does, and changes the answers that a test wants changed.
func edge(t *testing.T, to string) (address string, change func(changes map[string]func([]byte) []byte)) {
	t.Helper()
	target, err := url.Parse(to)
	must(t, err)
	var mu sync.Mutex
	var changed map[string]func([]byte) []byte // by a pattern of the path
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		mu.Lock()
		defer mu.Unlock()
		for pattern, with := range changed {
			if !regexp.MustCompile(pattern).MatchString(r.Request.URL.Path) {
				continue
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			body = with(body)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Length", fmt.Sprint(len(body)))
			r.Header.Set("Cache-Control", "no-store")
		}
		return nil
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding") // so that what is changed is the file and not its code,
		r.Header.Del("If-None-Match")   // and is sent at all
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return strings.Replace(front.URL, "127.0.0.1", "localhost", 1), func(changes map[string]func([]byte) []byte) {
		mu.Lock()
		defer mu.Unlock()
		changed = changes
	}
}

// otherwise changes bytes and keeps their meaning: a script does the same, and then tells.
func otherwise(data []byte) []byte {
	return append(bytes.Clone(data), []byte("\n;globalThis.tampered = true;\n")...)
}

// section adds an empty custom section to a WebAssembly module: valid, and not the module that was published.
func section(data []byte) []byte { return append(bytes.Clone(data), 0, 2, 1, 'x') }

// flip changes one byte.
func flip(data []byte) []byte {
	data = bytes.Clone(data)
	data[len(data)/2] ^= 1
	return data
}

// Whoever can write to the CDN, but not to the page, changes nothing: no file with another hash is used, and the page
// says so.
func TestChangedFilesAreNotUsed(t *testing.T) {
	real, _ := serveScanner(t)
	address, change := edge(t, real)
	ctx := browser(t, camera(t, "flat16.jpg"))
	said := console(t, ctx)
	const changed, missing = "not what its maker published", "did not load"
	for _, c := range []struct {
		name, pattern string
		with          func([]byte) []byte
		words         string
	}{
		{"the module", `/scanner\.[0-9a-f]+\.wasm`, section, changed},
		{"the module, made shorter", `/scanner\.[0-9a-f]+\.wasm`, func([]byte) []byte { return []byte("\x00asm\x01\x00\x00\x00") }, changed},
		{"the module, no longer one", `/scanner\.[0-9a-f]+\.wasm`, flip, changed},
		{"the language", `/locales/en`, func(b []byte) []byte { return bytes.Replace(b, []byte("Scan your card"), []byte("Send your card"), 1) }, changed},
		{"the worker", `/worker\.`, otherwise, changed},
		{"Go's runtime", `/wasm_exec\.`, otherwise, "not"},
		{"the kernels' loader", `/simd\.[0-9a-f]+\.js`, otherwise, "not"},
		{"the start", `/boot\.`, otherwise, missing},
		{"the style sheet", `/app\.`, func(b []byte) []byte { return append(bytes.Clone(b), ' ') }, missing},
		{"the embedding", `/host\.`, otherwise, missing},
		// A page that names its scripts without their hashes runs none of them: Integrity-Policy.
		{"the page", `/$`, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(" integrity="), []byte(" data-was=")) }, missing},
	} {
		change(map[string]func([]byte) []byte{c.pattern: c.with})
		open(t, ctx, said, address)
		wait(t, ctx, fmt.Sprintf(`document.getElementById("boot").innerText.includes(%q) && !document.querySelector("#boot button").hidden`, c.words))
		if ask[bool](t, ctx, `"tampered" in globalThis || document.getElementById("app").childElementCount > 0`) {
			t.Errorf("%s: what was changed ran", c.name)
		}
		if c.words == changed { // and stopped, as it says
			wait(t, ctx, `scanner.camera.then(stream => stream.getTracks().every(track => track.readyState === "ended"))`)
		}
		if c.name != "the page" && !strings.Contains(strings.ToLower(said.String()), "integrity") && !said.has("built with") {
			t.Errorf("%s: the console has no reason: %s", c.name, said)
		}
	}
}

// The kernels and the engine's weights can be done without: the page works on, as where they can't be had, but slower and
// without the engine.
func TestChangedWeightsAreNotUsed(t *testing.T) {
	real, _ := serveScanner(t)
	address, change := edge(t, real)
	ctx := browser(t, camera(t, "flat16.jpg"))
	said := console(t, ctx)
	onDevice := func([]byte) []byte { return []byte(`{"read":"device"}`) }

	for _, pattern := range []string{`/weights\.`, `/locator\.`} {
		change(map[string]func([]byte) []byte{`/config\.json`: onDevice, pattern: flip})
		open(t, ctx, said, address)
		press(t, ctx, "shutter")
		view(t, ctx, "trouble") // nothing here can read
	}

	change(map[string]func([]byte) []byte{`/config\.json`: onDevice, `/simd\.[0-9a-f]+\.wasm`: section})
	open(t, ctx, said, address)
	wait(t, ctx, `document.querySelector("#outline.tracked")`) // seen by the engine, however slowly
}

// open visits the page as for the first time.
func open(t *testing.T, ctx context.Context, said *lines, address string) {
	t.Helper()
	visit(t, ctx, "about:blank")
	forget(t, ctx)
	said.clear()
	visit(t, ctx, address+"/?lang=en")
}

// forget empties the browser's cache.
func forget(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{})
	must(t, err)
}

// The shop hears of it, too.
func TestTheShopHearsOfChangedFiles(t *testing.T) {
	m := openMall(t)
	modules, err := filepath.Glob(filepath.Join(m.folder, "scanner.*.wasm"))
	must(t, err)
	module, err := os.ReadFile(modules[0])
	must(t, err)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err = w.Write(section(module))
	must(t, err)
	must(t, w.Close())
	must(t, os.WriteFile(modules[0], section(module), 0o644))
	must(t, os.WriteFile(modules[0]+".gz", zipped.Bytes(), 0o644))
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	ask[any](t, ctx, `void (addEventListener("bankcard-error", e => window.failed = e.detail), document.querySelector("bank-card-scanner").open())`)
	wait(t, ctx, `window.failed`)
	if code := ask[string](t, ctx, `window.failed.code`); code != "integrity" {
		t.Errorf("the shop was told %q", code)
	}
	wait(t, ctx, `document.getElementById("said").innerText.includes("type the number") && !document.querySelector("bank-card-scanner").isOpen`)
	if ask[bool](t, ctx, `document.getElementById("said").innerText.includes(failed.message)`) {
		t.Error("the shopper was told what is for developers")
	}
}

// console gathers what a page's console says, to the end of the test.
func console(t *testing.T, ctx context.Context) *lines {
	t.Helper()
	said := &lines{}
	must(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			fmt.Fprintln(said, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			for _, a := range e.Args {
				fmt.Fprintln(said, string(a.Value), a.Description)
			}
		}
	}))
	return said
}

// lines is what a page's console says.
type lines struct{ logged }

func (l *lines) has(word string) bool { return strings.Contains(l.String(), word) }

func (l *lines) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}
