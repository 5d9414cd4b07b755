//go:build js

// Command wasm is the browser module: one binary for the page and for its worker, so that it is downloaded and compiled
// once. A worker has no window; that tells the role.
package main

import (
	"syscall/js"

	"ocrbankcard/wasm/page"
	"ocrbankcard/wasm/worker"
)

func main() {
	if js.Global().Get("window").IsUndefined() {
		worker.Run()
		return
	}
	page.Run()
}
