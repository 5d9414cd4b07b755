//go:build js

// Package capture turns a camera frame or a chosen photo into a picture that the contract takes: cropped to the card,
// scaled so that its digits stay sharp, encoded by the browser's own codec until it fits. It runs in the worker, and on
// the page where a worker can't draw.
package capture

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture/fit"
)

// ErrNoCanvas says that this side of the page can't draw: a worker of a browser without OffscreenCanvas.
var ErrNoCanvas = errors.New("capture: no canvas here")

// StillSide is the least that the longer side of a frozen frame has, if the frame has as much; it has less than twice that.
const StillSide = 1280

// Picture is an encoded picture and where it lies in the frame it was taken from.
type Picture struct {
	Blob js.Value // image/jpeg
	Crop fit.Crop
	// Still is an ImageBitmap of the picture where that is all of the frame, else undefined.
	Still js.Value
}

// Encode encodes a source (VideoFrame, ImageBitmap, video or image element) of the given size. With a card's
// outline, or a box around it, it sends that and a margin; without, the whole frame.
func Encode(source js.Value, width, height int, card *geometry.Quad) (Picture, error) {
	crop, err := fit.Whole(width, height)
	if card != nil {
		crop, err = fit.Around(*card, width, height)
	}
	if err != nil {
		return Picture{}, err
	}
	c, err := newCanvas()
	if err != nil {
		return Picture{}, err
	}
	defer c.free()
	var blob js.Value
	var drawn fit.Crop
	crop, err = fit.Search(crop, func(crop fit.Crop, quality float64) (int, error) {
		if crop != drawn {
			if err := c.draw(source, width, height, crop); err != nil {
				return 0, err
			}
			drawn = crop
		}
		if blob, err = c.encode(quality); err != nil {
			return 0, err
		}
		return browser.Int(blob, "size"), nil
	})
	p := Picture{Blob: blob, Crop: crop}
	if err == nil && crop.All(width, height) && browser.Has(c.element, "transferToImageBitmap") {
		p.Still = c.element.Call("transferToImageBitmap")
	}
	return p, err
}

// Still returns an ImageBitmap of the whole source, to be shown while the picture is read. Making it smaller takes longer
// than all else, and is only done where it more than halves it.
func Still(source js.Value, width, height int) (js.Value, error) {
	options := map[string]any{}
	if long := max(width, height); long >= 2*StillSide {
		options["resizeWidth"] = max(1, width*StillSide/long)
		options["resizeHeight"] = max(1, height*StillSide/long)
	}
	var promise js.Value
	if err := browser.Catch(func() {
		promise = js.Global().Call("createImageBitmap", source, browser.Object(options))
	}); err != nil {
		return js.Value{}, err
	}
	return browser.Await(promise)
}

// canvas is a drawing surface: OffscreenCanvas, or a canvas element where only that exists.
type canvas struct{ element, context js.Value }

func newCanvas() (*canvas, error) {
	global := js.Global()
	if browser.Has(global, "OffscreenCanvas") {
		if c := canvasOf(global.Get("OffscreenCanvas").New(1, 1)); c != nil {
			return c, nil
		}
	}
	if document := global.Get("document"); browser.Has(document, "createElement") {
		if c := canvasOf(document.Call("createElement", "canvas")); c != nil {
			return c, nil
		}
	}
	return nil, ErrNoCanvas
}

// canvasOf returns nil where the element has no 2d context.
func canvasOf(element js.Value) *canvas {
	context := element.Call("getContext", "2d", browser.Object(map[string]any{"alpha": false, "desynchronized": false}))
	if !context.Truthy() {
		return nil
	}
	return &canvas{element, context}
}

// draw paints the crop at its output size. The ground is white, on which transparent pictures are laid everywhere here; a
// VideoFrame hides it.
func (c *canvas) draw(source js.Value, width, height int, crop fit.Crop) error {
	p := partOf(source, width, height, crop)
	defer p.close()
	return browser.Catch(func() {
		c.element.Set("width", crop.OutW)
		c.element.Set("height", crop.OutH)
		if !browser.Has(source, "displayWidth") {
			c.context.Set("fillStyle", "#fff")
			c.context.Call("fillRect", 0, 0, crop.OutW, crop.OutH)
		}
		c.context.Set("imageSmoothingQuality", "high")
		if crop.All(width, height) {
			c.context.Call("drawImage", p.image, 0, 0, crop.OutW, crop.OutH)
			return
		}
		c.context.Call("drawImage", p.image, p.x, p.y, p.w, p.h, 0, 0, crop.OutW, crop.OutH)
	})
}

func (c *canvas) encode(quality float64) (js.Value, error) {
	if browser.Has(c.element, "convertToBlob") {
		return browser.Await(c.element.Call("convertToBlob",
			browser.Object(map[string]any{"type": "image/jpeg", "quality": quality})))
	}
	blob := make(chan js.Value, 1)
	done, release := browser.Func(func(args []js.Value) { blob <- args[0] })
	defer release()
	c.element.Call("toBlob", done, "image/jpeg", quality)
	if b := <-blob; b.Truthy() {
		return b, nil
	}
	return js.Value{}, ErrNoCanvas
}

// free gives the pixels back at once: iOS counts them against the page until the next garbage collection.
func (c *canvas) free() {
	c.element.Set("width", 0)
	c.element.Set("height", 0)
}
