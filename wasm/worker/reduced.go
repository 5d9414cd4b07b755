//go:build js

package worker

import (
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
	image := s.image
	if browser.Catch(func() {
		image = capture.NewFrame(small.Pix, small.Width, small.Height, s.image.Get("colorSpace"))
	}) != nil {
		return s
	}
	return newSource(image)
}
