//go:build js

package page

import (
	"errors"
	"syscall/js"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/wasm/capture"
	"ocrbankcard/wasm/capture/fit"
	"ocrbankcard/wasm/page/state"
	"ocrbankcard/wasm/upload"
)

// pictureFault tells why no picture could be made.
func pictureFault(err error) state.Fault {
	var named faultError
	switch {
	case errors.As(err, &named):
		return state.Fault(named)
	case errors.Is(err, capture.ErrHEIC):
		return state.FaultHEIC
	case errors.Is(err, fit.ErrTooSmall):
		return state.FaultTooSmall
	case errors.Is(err, fit.ErrTooLarge):
		return state.FaultTooLarge
	}
	return state.FaultUnsupported
}

// callFault tells why there was no answer.
func callFault(err error) state.Fault {
	var refused *cardpp.Error
	switch {
	case errors.As(err, &refused):
		return state.ServerFault(refused)
	case errors.Is(err, upload.ErrTimeout):
		return state.FaultTimeout
	case errors.Is(err, upload.ErrOffline):
		if !js.Global().Get("navigator").Get("onLine").Bool() {
			return state.FaultOffline
		}
		return state.FaultUnreachable
	}
	return state.FaultServer
}
