//go:build js

// Package browser is the one bridge to JavaScript: promises awaited by goroutines, callbacks that come with their release,
// and typed arrays over Go's own memory. Everything else in wasm speaks to the browser through js.Value alone.
package browser

import (
	"syscall/js"
	"unsafe"
)

var (
	global      = js.Global()
	object      = global.Get("Object")
	uint8Array  = global.Get("Uint8Array")
	performance = global.Get("performance")
)

// Func makes a callback for JavaScript. The release must be called once, when JavaScript can no longer call it.
// f runs on the event loop and must not block: what awaits a promise belongs in a goroutine.
func Func(f func(args []js.Value)) (fn js.Func, release func()) {
	fn = js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args)
		return nil
	})
	return fn, fn.Release
}

// Listen calls f for every event of that name on target, until stop is called.
func Listen(target js.Value, event string, f func(e js.Value)) (stop func()) {
	fn, release := Func(func(args []js.Value) { f(args[0]) })
	target.Call("addEventListener", event, fn)
	return func() {
		target.Call("removeEventListener", event, fn)
		release()
	}
}

// Await parks the goroutine until the promise settles. A rejection is returned as js.Error, whose Value is the reason.
func Await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{})
	resolve, release1 := Func(func(args []js.Value) {
		if len(args) > 0 {
			value = args[0]
		}
		close(settled)
	})
	reject, release2 := Func(func(args []js.Value) {
		err = js.Error{Value: args[0]}
		close(settled)
	})
	promise.Call("then", resolve, reject)
	<-settled
	release1()
	release2()
	return value, err
}

// Catch turns what JavaScript throws inside f into an error. Other panics go on.
func Catch(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

// ErrorName returns the name of what JavaScript threw or rejected with ("NotAllowedError", …), "" when it has none.
func ErrorName(err error) string {
	if e, ok := err.(js.Error); ok && e.Value.Type() == js.TypeObject {
		return String(e.Value, "name")
	}
	return ""
}

// Object returns a new JavaScript object with the given fields.
func Object(fields map[string]any) js.Value {
	o := object.New()
	for k, v := range fields {
		o.Set(k, v)
	}
	return o
}

// Bytes returns a Uint8Array over b itself, not a copy. It is detached when Go's memory grows: use it at once, and keep b
// alive meanwhile. The shell that starts Go leaves the instance's memory in the global goMemory.
func Bytes(b []byte) js.Value {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	return uint8Array.New(global.Get("goMemory").Get("buffer"), int(at), len(b))
}

// Has reports whether the property exists and is neither undefined nor null.
func Has(v js.Value, name string) bool {
	if t := v.Type(); t != js.TypeObject && t != js.TypeFunction {
		return false
	}
	p := v.Get(name)
	return !p.IsUndefined() && !p.IsNull()
}

// String returns a property that is a string, or "".
func String(v js.Value, name string) string {
	if p := v.Get(name); p.Type() == js.TypeString {
		return p.String()
	}
	return ""
}

// Float returns a property that is a number, or 0.
func Float(v js.Value, name string) float64 {
	if p := v.Get(name); p.Type() == js.TypeNumber {
		return p.Float()
	}
	return 0
}

// Int returns a property that is a number, cut to an integer, or 0.
func Int(v js.Value, name string) int { return int(Float(v, name)) }

// Bool returns a property's truth.
func Bool(v js.Value, name string) bool { return v.Get(name).Truthy() }

// Now returns milliseconds since the page began.
func Now() float64 { return performance.Call("now").Float() }
