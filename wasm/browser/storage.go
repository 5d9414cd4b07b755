//go:build js

package browser

import "syscall/js"

// Remembered returns a small preference kept on this device, or "". Private windows and blocked storage throw, and apps' web
// views have none: the preference is then simply not there. Never a place for anything that belongs to a card.
func Remembered(key string) (value string) {
	stored(func(storage js.Value) {
		if v := storage.Call("getItem", key); v.Truthy() {
			value = v.String()
		}
	})
	return value
}

// Remember keeps a small preference on this device, where the browser allows it.
func Remember(key, value string) {
	stored(func(storage js.Value) { storage.Call("setItem", key, value) })
}

// stored asks for the storage by a call: where a browser refuses it, as to frames of other sites, plain property access would
// throw past Go and end the module, while calls turn into panics that Catch knows. Android's web views give null.
func stored(use func(storage js.Value)) {
	_ = Catch(func() {
		if storage := global.Get("Reflect").Call("get", global, "localStorage"); storage.Truthy() {
			use(storage)
		}
	})
}
