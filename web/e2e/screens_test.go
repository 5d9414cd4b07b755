package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ocrbankcard/internal/synth"
)

var screens = flag.String("screens", "", "write a picture of every state, at every size, to this folder: go test ./web/e2e -run TestScreens -screens build/screens")

// size is a window.
type size struct {
	name          string
	width, height int64
}

var (
	phone     = size{"phone", 390, 844}
	small320  = size{"small", 320, 568}
	across    = size{"across", 844, 390}
	desktop   = size{"desktop", 1280, 800}
	allScreen = []size{phone, small320, across, desktop}
)

// Every state is written as a picture, for people to look at: each size in light and dark, and the phones' in a language
// that runs from right to left and in the one with the longest texts.
func TestScreens(t *testing.T) {
	if *screens == "" {
		t.Skip("pictures are written with -screens DIR only")
	}
	if !filepath.IsAbs(*screens) {
		*screens = filepath.Join(root, *screens) // a test runs in its own package's folder, not where it was asked for
	}
	must(t, os.MkdirAll(*screens, 0o755))
	for _, at := range allScreen {
		t.Run(at.name, func(t *testing.T) { shoot(t, at, "en", "light", "dark") })
	}
	t.Run("shop", func(t *testing.T) {
		for _, at := range []size{phone, desktop} {
			shootShop(t, at)
		}
	})
	for _, lang := range []string{"ar", longest(t)} {
		for _, at := range []size{phone, small320, across} {
			t.Run(lang+" "+at.name, func(t *testing.T) { shoot(t, at, lang, "light") })
		}
	}
}

// shoot writes every state at one size in one language, in each theme.
func shoot(t *testing.T, at size, lang string, themes ...string) {
	f := newFront(t)
	ctx := browser(t, held(t, at))
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(at.width, at.height)))
	n := 0
	takeTour(t, ctx, f, lang, func(state string) {
		n++
		for _, name := range themes {
			theme(t, ctx, name)
			ask[any](t, ctx, rested)
			data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			must(t, err)
			file := fmt.Sprintf("%s-%s-%s-%02d-%s.png", at.name, lang, name, n, state)
			must(t, os.WriteFile(filepath.Join(*screens, file), data, 0o644))
		}
	})
}

// shootShop writes the demonstration shop, and the scanner in its dialog.
func shootShop(t *testing.T, at size) {
	ctx := browser(t, held(t, at))
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(at.width, at.height)))
	address := newFront(t).address
	for _, name := range []string{"light", "dark"} {
		theme(t, ctx, name)
		must(t, chromedp.Do(ctx, chromedp.Navigate(address+"/checkout.html")))
		for _, state := range []string{"shop", "shop-open"} {
			if state == "shop-open" {
				openShop(t, ctx)
			}
			ask[any](t, ctx, rested)
			data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			must(t, err)
			must(t, os.WriteFile(filepath.Join(*screens, at.name+"-en-"+name+"-"+state+".png"), data, 0o644))
		}
	}
}

// rested resolves when what moves has come to its end, and been painted.
const rested = `Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished)).then(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(0)))))`

// held is a camera that shows a card in a hand, in the middle of such a screen: seeds chosen by eye.
func held(t *testing.T, at size) string {
	t.Helper()
	w, h, seed := 1280, 720, uint64(2)
	if at.width < at.height {
		w, h, seed = 720, 1280, 46
	}
	roll := -4.0
	scene := synth.DrawScene(rand.New(rand.NewPCG(seed, 4)), synth.SceneOptions{
		Width: w, Height: h, Kind: synth.Held, Cards: 1, Easy: true, Roll: &roll,
		Card: synth.CardOptions{Digits: "4000123456789017", Layout: "4-4-4-4"},
	})
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, scene.Picture.Image(), &jpeg.Options{Quality: 92}))
	file := filepath.Join(t.TempDir(), "camera.mjpeg")
	must(t, os.WriteFile(file, bytes.Repeat(b.Bytes(), 30), 0o600))
	return file
}

// longest is the language whose texts have the most letters.
func longest(t *testing.T) (lang string) {
	t.Helper()
	most := 0
	for _, l := range languages(t) {
		if l == "ar" {
			continue
		}
		letters := 0
		for _, text := range textsOf(t, l) {
			letters += len([]rune(text))
		}
		if letters > most {
			lang, most = l, letters
		}
	}
	return lang
}

// languages are those that the page has texts in.
func languages(t *testing.T) (all []string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(root, "web", "locales"))
	must(t, err)
	for _, f := range files {
		all = append(all, strings.TrimSuffix(f.Name(), ".json"))
	}
	return all
}
