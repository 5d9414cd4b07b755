//go:build js

package worker

import (
	"syscall/js"

	"ocrbankcard/internal/frame"
	"ocrbankcard/wasm/browser"
	"ocrbankcard/wasm/capture"
)

// reduced returns s with fewer pixels, its longer side at least so long, where s is a VideoFrame that is stored at least
// twice as large: a browser turns all of them into RGB before it draws them smaller, and that takes many times as long as
// making the planes smaller first. It is closed apart from s, which it may be the same as.
func (m *memory) reduced(s source, least int) source {
	stored, ok := capture.StoredOf(s.image, s.width, s.height)
	factor := max(stored.Width, stored.Height) / min(least, max(s.width, s.height))
	if !ok || factor < 2 {
		return s
	}
	p, err := m.copyTo(s)
	if err != nil {
		return s
	}
	small, err := m.shrinker.Reduce(&p.Raw, factor)
	if err != nil {
		return s
	}
	image := js.Value{}
	err = browser.Catch(func() {
		image = js.Global().Get("VideoFrame").New(browser.Bytes(small.Pix), browser.Object(map[string]any{
			"format": string(frame.I420), "codedWidth": small.Width, "codedHeight": small.Height,
			"timestamp": 0, "colorSpace": s.image.Get("colorSpace"),
		}))
	})
	if err != nil {
		return s
	}
	return newSource(image)
}
