//go:build js

package capture

import (
	"errors"
	"syscall/js"

	"ocrbankcard/wasm/browser"
)

// The reasons why a file can't be used.
var (
	ErrNoPicture = errors.New("capture: the file is no picture that this browser decodes")
	ErrHEIC      = errors.New("capture: this browser does not decode HEIC")
)

// Open decodes a chosen file, upright by its EXIF orientation: the browser applies it here once, drawing never again.
// The bitmap must be closed.
func Open(file js.Value) (bitmap js.Value, width, height int, err error) {
	var promise js.Value
	err = browser.Catch(func() {
		promise = js.Global().Call("createImageBitmap", file, browser.Object(map[string]any{"imageOrientation": "from-image"}))
	})
	if err == nil {
		bitmap, err = browser.Await(promise)
	}
	if err != nil {
		if isHEIC(head(file)) {
			return js.Value{}, 0, 0, ErrHEIC
		}
		return js.Value{}, 0, 0, ErrNoPicture
	}
	return bitmap, browser.Int(bitmap, "width"), browser.Int(bitmap, "height"), nil
}

// head returns the file's first bytes. Their type is asked of the content, for phones hand out HEIC with an empty or a
// wrong MIME type.
func head(file js.Value) []byte {
	buffer, err := browser.Await(file.Call("slice", 0, 32).Call("arrayBuffer"))
	if err != nil {
		return nil
	}
	view := js.Global().Get("Uint8Array").New(buffer)
	b := make([]byte, browser.Int(view, "length"))
	js.CopyBytesToGo(b, view)
	return b
}
