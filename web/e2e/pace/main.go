//go:build js

// Command pace is run by TestMeasure in a worker of the browser: how long the engine takes there for a picture, to find the
// card in it and to read it. It finds the picture's pixels in the worker's picture, and answers with milliseconds.
package main

import (
	"image"
	"syscall/js"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

const rounds = 41

func main() {
	picture := js.Global().Get("picture")
	img := image.NewRGBA(image.Rect(0, 0, picture.Get("width").Int(), picture.Get("height").Int()))
	js.CopyBytesToGo(img.Pix, picture.Get("pixels"))
	engine, err := recognize.New(weights.Data)
	if err != nil {
		panic(err)
	}
	f := frame.FromImage(img)
	cards := 0
	locate := times(func() {
		if _, ok := engine.Locate(f); ok {
			cards++
		}
	})
	read := times(func() {
		found, err := engine.Read(f)
		if err != nil {
			panic(err)
		}
		if len(found) == 1 && !found[0].Number.IsZero() {
			cards++
		}
	})
	js.Global().Call("postMessage", map[string]any{"locate": locate, "read": read, "sound": cards == 2*rounds})
}

// times returns how long each of some calls took, in milliseconds, after a few that warm up.
func times(call func()) []any {
	var out []any
	for i := range rounds {
		start := time.Now()
		call()
		if i >= rounds/4 {
			out = append(out, float64(time.Since(start))/float64(time.Millisecond))
		}
	}
	return out
}
