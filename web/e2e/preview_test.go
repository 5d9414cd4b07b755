package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/synth"
)

// film draws a video of package synth for the fake camera, which plays it over and over at 30 frames a second. Each
// drawn frame is shown three times: drawing is what takes the time here.
func film(t *testing.T, name string) string {
	t.Helper()
	v, err := synth.NewVideo(1, name, 960, 540)
	must(t, err)
	file, err := os.Create(filepath.Join(t.TempDir(), name+".mjpeg"))
	must(t, err)
	for i := 0; i < v.Frames(); i += 3 {
		var b bytes.Buffer
		must(t, jpeg.Encode(&b, v.Frame(i).Picture.Image(), &jpeg.Options{Quality: 92}))
		_, err := file.Write(bytes.Repeat(b.Bytes(), 3))
		must(t, err)
	}
	must(t, file.Close())
	return file.Name()
}

// pair is a video of two cards that are held side by side and rest: two scenes of package synth, edge to edge.
func pair(t *testing.T) string {
	t.Helper()
	wide := image.NewRGBA(image.Rect(0, 0, 960, 360))
	for i := range 2 {
		half := synth.DrawScene(rand.New(rand.NewPCG(0, uint64(i+1))), synth.SceneOptions{Width: 480, Height: 360, Cards: 1, Easy: true, Kind: synth.Held}).Picture.Image()
		draw.Draw(wide, half.Rect.Add(image.Pt(480*i, 0)), half, image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, wide, &jpeg.Options{Quality: 92}))
	file := filepath.Join(t.TempDir(), "pair.mjpeg")
	must(t, os.WriteFile(file, bytes.Repeat(b.Bytes(), 30), 0o600))
	return file
}

// frames waits until the worker has looked at so many more frames.
func frames(t *testing.T, ctx context.Context, n int) {
	t.Helper()
	from := ask[int](t, ctx, "looks")
	wait(t, ctx, fmt.Sprintf("looks >= %d", from+n))
}

// watchFrames counts the worker's answers, before the page starts.
func watchFrames(t *testing.T, ctx context.Context) {
	t.Helper()
	onNewDocument(t, ctx, `window.looks = 0; window.hints = new Set()
		const Start = Worker
		window.Worker = class extends Start { constructor(...a) { super(...a); this.addEventListener("message", e => { if ("steadiness" in e.data) { looks++; hints.add(e.data.hint) } }) } }`)
}

// A card that comes in, shakes and settles is taken once, by itself, and sharp; what is sent is a JPEG of the card.
func TestACardThatSettlesIsTakenOnce(t *testing.T) {
	box := newMailbox(t, "", longCard.body)
	ctx := browser(t, film(t, "settle"))
	watchFrames(t, ctx)
	must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
	wait(t, ctx, resultShown)
	sent := box.pictures()
	if len(sent) != 1 {
		t.Fatalf("%d pictures were sent", len(sent))
	}
	img, err := jpeg.Decode(bytes.NewReader(sent[0]))
	must(t, err)
	f := frame.FromImage(img)
	w, h := f.Size()
	if focus := frame.Focus(f.Y, geometry.Rect(0, 0, float64(w), float64(h))); focus < 0.45 {
		t.Errorf("the picture's focus is %.2f", focus)
	}
	if w > 960 || h > 540 || w < 600 {
		t.Errorf("a card of about 680 px was sent as %d×%d", w, h)
	}
}

// What keeps a picture from being good is said, and no picture is taken of it.
func TestFaultsOfTheLightAndTheHandAreHinted(t *testing.T) {
	for name, hint := range map[string]string{"dark": "dark", "empty": "search", "cutoff": "cutoff", "restless": "still", "pair": "twocards"} {
		t.Run(name, func(t *testing.T) {
			box := newMailbox(t, "", "")
			video := pair(t)
			if name != "pair" {
				video = film(t, name)
			}
			ctx := browser(t, video)
			watchFrames(t, ctx)
			must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
			wait(t, ctx, `hints.has("`+hint+`")`)
			frames(t, ctx, 20)
			if n := len(box.pictures()); n != 0 {
				t.Errorf("%d pictures were taken", n)
			}
			if text := ask[string](t, ctx, `document.querySelector(".hint").innerText`); strings.TrimSpace(text) == "" {
				t.Error("nothing is said")
			}
			if name == "empty" { // ten seconds without success: shutter and file come forward, and say so
				wait(t, ctx, `document.querySelector(".controls.needy") !== null`)
				wait(t, ctx, `document.querySelector(".hint small")?.textContent === `+quoted(textsOf(t, "en")["hint.needy"]))
			}
		})
	}
}

// Two cards one after the other: the second never gets the first one's number, though readings add up over frames.
func TestASecondCardIsReadAnew(t *testing.T) {
	box := newMailbox(t, "device", "")
	ctx := browser(t, film(t, "two"))
	must(t, chromedp.Do(ctx, chromedp.Navigate(box.address)))
	const first, second = "4111111111111111", "5555555555554444"
	shown := ""
	for range 8 {
		wait(t, ctx, resultShown+` || document.documentElement.dataset.view === "trouble"`)
		if shown = ask[string](t, ctx, number); shown != "" && shown != first && shown != second {
			t.Errorf("the page shows a number that is on neither card (%d digits)", len(shown))
		}
		if shown == second {
			break
		}
		press(t, ctx, "again") // the first card, or a picture in which nothing is believed
		view(t, ctx, "scan")
	}
	if shown != second {
		t.Error("the second card was not read")
	}
	if n := len(box.pictures()); n != 0 {
		t.Errorf("%d pictures left the page, though it reads on the device", n)
	}
}
