//go:build js

package browser

// Remembered returns a small preference kept on this device, or "". Private windows and blocked storage throw: the
// preference is then simply not there. Never a place for anything that belongs to a card.
func Remembered(key string) (value string) {
	_ = Catch(func() {
		if v := global.Get("localStorage").Call("getItem", key); v.Truthy() {
			value = v.String()
		}
	})
	return value
}

// Remember keeps a small preference on this device, where the browser allows it.
func Remember(key, value string) {
	_ = Catch(func() { global.Get("localStorage").Call("setItem", key, value) })
}
