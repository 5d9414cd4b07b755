//go:build js

package capture

import (
	"errors"
	"syscall/js"

	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture/fit"
)

// photoSide is the longer side of a huge photo's bitmap: a card over a third of it has more pixels a digit than are needed.
const photoSide = 3072

// The reasons why a file can't be used.
var (
	ErrNoPicture = errors.New("capture: the file is no picture that this browser decodes")
	ErrHEIC      = errors.New("capture: this browser does not decode HEIC")
)

// Photo is a chosen file, decoded: an ImageBitmap or a VideoFrame, which must be closed.
type Photo struct {
	Image         js.Value
	Width, Height int     // as it is drawn
	Scale         float64 // how many of the photo's own pixels one of these is; at least 1
}

// Open decodes a chosen file, upright by its EXIF orientation: the browser applies it here once, drawing never again. A
// photo of more pixels than the largest canvas has is decoded smaller: one of 48 megapixels would take 195 MB.
func Open(file js.Value) (Photo, error) {
	start := head(file)
	width, height := sizeOf(start)
	var image js.Value
	err := ErrNoPicture
	huge := width*height > fit.MaxArea
	if huge && browser.Has(js.Global(), "ImageDecoder") {
		image, err = decodeSmaller(file, width, height)
	}
	if err != nil {
		image, err = decode(file, width, height, huge)
	}
	switch {
	case err != nil && isHEIC(start):
		return Photo{}, ErrHEIC
	case err != nil:
		return Photo{}, ErrNoPicture
	}
	p := Photo{image, browser.Int(image, "width"), browser.Int(image, "height"), 1}
	if browser.Has(image, "displayWidth") {
		p.Width, p.Height = browser.Int(image, "displayWidth"), browser.Int(image, "displayHeight")
	}
	if huge {
		p.Scale = float64(max(width, height)) / float64(max(p.Width, p.Height, 1))
	}
	return p, nil
}

// decodeSmaller has a JPEG decoded at eighths of its size, which its format allows and Chromium does: with a photo of 48
// megapixels the page's process grows by 112 to 135 MB then, where it grew by 273.
func decodeSmaller(file js.Value, width, height int) (js.Value, error) {
	eighths := max(1, 8*photoSide/max(width, height))
	var decoder, promise js.Value
	err := browser.Catch(func() {
		decoder = js.Global().Get("ImageDecoder").New(browser.Object(map[string]any{
			"data": file.Call("stream"), "type": "image/jpeg",
			"desiredWidth": width * eighths / 8, "desiredHeight": height * eighths / 8,
		}))
		promise = decoder.Call("decode")
	})
	if err != nil {
		return js.Value{}, err
	}
	defer decoder.Call("close")
	decoded, err := browser.Await(promise)
	if err != nil {
		return js.Value{}, err // no JPEG, for one
	}
	image := decoded.Get("image")
	if !browser.Has(image, "rotation") { // Firefox: drawn upright, but with the size of what lies on its side
		image.Call("close")
		return js.Value{}, ErrNoPicture
	}
	return image, nil
}

// decode has the file decoded by whatever decodes pictures here, and a huge one shrunk. Upright is the default; to ask for it
// by name ("from-image") is a mistake to Safari before 16.4 and Chrome before 112, which then decode nothing.
func decode(file js.Value, width, height int, huge bool) (js.Value, error) {
	options := map[string]any{}
	if huge { // whether it lies on its side is not known: the shorter side's share suits both
		options["resizeWidth"] = min(width, height) * photoSide / max(width, height)
	}
	var promise js.Value
	err := browser.Catch(func() { promise = js.Global().Call("createImageBitmap", file, browser.Object(options)) })
	if err != nil {
		return js.Value{}, err
	}
	return browser.Await(promise)
}

// head returns the file's beginning, up to where cameras have written the size behind thumbnails and profiles. Type and
// size are asked of the content, for phones hand out HEIC with an empty or a wrong MIME type.
func head(file js.Value) []byte {
	buffer, err := browser.Await(file.Call("slice", 0, 256<<10).Call("arrayBuffer"))
	if err != nil {
		return nil
	}
	view := js.Global().Get("Uint8Array").New(buffer)
	b := make([]byte, browser.Int(view, "length"))
	js.CopyBytesToGo(b, view)
	return b
}
