package e2e

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// contrasts has a page compute the contrast of two of CSS's colours as WCAG 2.2 defines it; axe-core looks at words only.
const contrasts = `window.contrast = (a, b) => {
	const at = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
	const light = colour => {
		at.fillStyle = colour
		at.fillRect(0, 0, 1, 1)
		const [r, g, b] = Array.from(at.getImageData(0, 0, 1, 1).data.slice(0, 3), v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		return .2126 * r + .7152 * g + .0722 * b
	}
	const [low, high] = [light(a), light(b)].sort((a, b) => a - b)
	return (high + .05) / (low + .05)
}`

// enough tells of each pair of colours, by name, that is under its contrast.
func enough(t *testing.T, ctx context.Context, where string, least float64, pairs map[string]string) {
	t.Helper()
	ask[any](t, ctx, contrasts+";0")
	for name, pair := range pairs {
		if got := ask[float64](t, ctx, "contrast("+pair+")"); got < least {
			t.Errorf("%s: %s has a contrast of %.2f, not %.1f", where, name, got, least)
		}
	}
}

// The fields of the example shop are seen, empty ones too, and what is missing in them is named.
func TestTheShopsFieldsAreSeen(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address+"/checkout.html")))
	ask[any](t, ctx, `window.of = (e, what, pseudo) => getComputedStyle(document.querySelector(e), pseudo)[what];0`)
	for _, name := range []string{"light", "dark"} {
		theme(t, ctx, name)
		const field, paper = `of("#number", "backgroundColor")`, `of("section", "backgroundColor")`
		enough(t, ctx, name, 3, map[string]string{"a field's edge": `of("#number", "borderTopColor"), ` + field, "the same on its paper": `of("#number", "borderTopColor"), ` + paper})
		enough(t, ctx, name, 4.5, map[string]string{"a placeholder": `of("#number", "color", "::placeholder"), ` + field})
		if got := ask[string](t, ctx, `of("#number", "opacity", "::placeholder")`); got != "1" {
			t.Errorf("%s: a placeholder's opacity is %s", name, got)
		}
		ask[any](t, ctx, `document.querySelector(".buy").click();0`)
		enough(t, ctx, name, 3, map[string]string{"a wrong field's edge": `of("#number", "borderTopColor"), ` + paper})
		if got := ask[string](t, ctx, `document.getElementById("said").textContent`); got != "Please fill in: Card number, Expiry date, Security code." {
			t.Errorf("the shop says %q", got)
		}
		ask[any](t, ctx, `document.querySelectorAll("[aria-invalid]").forEach(e => e.removeAttribute("aria-invalid"));0`)
	}
}

// Where the person's own few colours take the place of all others, a button of the shop is still seen to be one.
func TestForcedColoursInTheShop(t *testing.T) {
	ctx := browser(t, camera(t, "nocard.jpg"))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}})
	must(t, err)
	must(t, chromedp.Do(ctx, chromedp.Navigate(newFront(t).address+"/checkout.html")))
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot`)
	for _, button := range []string{`document.querySelector(".buy")`, `document.querySelector("bank-card-scanner").shadowRoot.querySelector(".scan")`} {
		if edge := ask[string](t, ctx, `getComputedStyle(`+button+`).borderTopStyle`); edge != "solid" {
			t.Errorf("the edge of %s is %s", button, edge)
		}
	}
}

// Whatever a shop's colour, what is written and drawn in it on the frame's paper can be read, in either theme.
func TestTheShopsColourIsRead(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	for _, c := range [][2]string{{"dark", "#000"}, {"dark", "navy"}, {"light", "yellow"}, {"light", "#0f0"}} {
		visit(t, ctx, shopPage(t, scanner, `<style>:root { --bankcard-accent: `+c[1]+` }</style><bank-card-scanner mode="inline" theme="`+c[0]+`"></bank-card-scanner>`))
		wait(t, ctx, `heard.includes("ready")`)
		frame := scannerFrames(t, ctx, scanner, 1, map[target.ID]context.Context{})[0]
		wait(t, frame, scanning)
		ask[any](t, frame, `void `+unplug)
		wait(t, frame, `document.querySelector(".quiet") !== null`)
		const paper = `, getComputedStyle(document.querySelector(".sheet")).backgroundColor`
		enough(t, frame, c[1]+", "+c[0], 4.5, map[string]string{"a quiet button": `getComputedStyle(document.querySelector(".quiet")).color` + paper})
		press(t, frame, "type")
		wait(t, frame, `document.getElementById("pan") !== null`)
		ask[any](t, frame, `document.getElementById("pan").focus();0`)
		enough(t, frame, c[1]+", "+c[0], 3, map[string]string{"the edge of what has the keyboard": `getComputedStyle(document.getElementById("pan")).outlineColor` + paper})
	}
}

// While the frame loads, the dialog's own way out shows that it has the keyboard, whatever the shop's colour.
func TestTheWayOutIsSeenWhileTheFrameLoads(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<style>:root { --bankcard-accent: #1d1d1f }</style><bank-card-scanner src="http://localhost:1/"></bank-card-scanner>`))
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot`)
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\t")))
	must(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
	const close = `document.querySelector("bank-card-scanner").shadowRoot.querySelector(".close")`
	wait(t, ctx, close+`.matches(":focus-visible")`)
	enough(t, ctx, "the dialog", 3, map[string]string{"the ring of the way out": `getComputedStyle(` + close + `).outlineColor, getComputedStyle(` + close + `.parentElement).backgroundColor`})
}

// On a white table, on a phone held across, the first words are read, and where the keyboard is can be seen; with large text,
// so is what lies on the finder.
func TestAWhiteTable(t *testing.T) {
	white := image.NewGray(image.Rect(0, 0, 1280, 720))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, white, nil))
	video := filepath.Join(t.TempDir(), "white.mjpeg")
	must(t, os.WriteFile(video, bytes.Repeat(b.Bytes(), 30), 0o600))
	ctx := browser(t, video)
	inFocus(t, ctx)
	theme(t, ctx, "light")
	onNewDocument(t, ctx, played)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(740, 360)))
	f := newFront(t)
	f.files.Store(map[string]fate{"scanner": halfway})
	visit(t, ctx, f.address)
	const shown = `getComputedStyle(document.getElementById("video")).opacity === "1"`
	wait(t, ctx, shown+` && document.querySelector("#boot progress").value > 0.4`)
	if light := painted(t, ctx, "#boot .say", 0.5, 2)[0]; 1.05/(light+0.05) < 4.5 { // white, just above them
		t.Errorf("the first words have a contrast of %.2f", 1.05/(light+0.05))
	}
	f.files.Store(map[string]fate{})
	visit(t, ctx, f.address)
	wait(t, ctx, shown+" && "+scanning)
	tabTo(t, ctx, "shutter")
	if light := painted(t, ctx, ".shutter", 0.5, -3.5, -8); (light[0]+0.05)/(light[1]+0.05) < 3 { // the ring, and what is around it
		t.Errorf("the ring of what has the keyboard has a contrast of %.2f", (light[0]+0.05)/(light[1]+0.05))
	}
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)))
	ask[any](t, ctx, `document.documentElement.style.fontSize = "200%", forced = { hint: "straighten", needy: true, take: false, tracked: false };0`)
	wait(t, ctx, `document.querySelector(".hint small") !== null`)
	if light := painted(t, ctx, ".hint small", 0.5, 3)[0]; 1.05/(light+0.05) < 4.5 {
		t.Errorf("the hint's second line has a contrast of %.2f", 1.05/(light+0.05))
	}
}

// painted is how light the page is on the screen, 0 to 1, at such a share of an element's width, so far below its top.
func painted(t *testing.T, ctx context.Context, element string, share float64, below ...float64) (light []float64) {
	t.Helper()
	ask[any](t, ctx, `new Promise(r => setTimeout(r, 400)).then(() => 0)`)
	at := ask[[3]float64](t, ctx, `(r => [r.x, r.y, r.width])(document.querySelector(`+quoted(element)+`).getBoundingClientRect())`)
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(t, err)
	img, err := png.Decode(bytes.NewReader(data))
	must(t, err)
	for _, y := range below {
		c := color.NRGBAModel.Convert(img.At(int(at[0]+at[2]*share), int(at[1]+y))).(color.NRGBA)
		linear := func(v uint8) float64 {
			if v <= 10 {
				return float64(v) / 255 / 12.92
			}
			return math.Pow((float64(v)/255+0.055)/1.055, 2.4)
		}
		light = append(light, 0.2126*linear(c.R)+0.7152*linear(c.G)+0.0722*linear(c.B))
	}
	return light
}
