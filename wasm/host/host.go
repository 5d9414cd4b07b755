//go:build js

// Package host speaks to the page that embeds the scanner, through web/host.js, which has checked who that is. In a page
// of its own, nobody listens and nothing is said.
package host

import (
	"syscall/js"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
)

// Host is the embedding page.
type Host struct{ shell js.Value }

// New returns the embedding page that host.js knows.
func New() *Host { return &Host{js.Global().Get("bankCardHost")} }

// Embedded reports whether there is one.
func (h *Host) Embedded() bool { return browser.Bool(h.shell, "embedded") }

// Listen calls close when the embedding page asks for it, for as long as this page lives.
func (h *Host) Listen(close func()) {
	if !h.Embedded() {
		return
	}
	onClose, _ := browser.Func(func([]js.Value) { close() })
	h.shell.Set("onclose", onClose)
}

// Ready says that the scanner can be used.
func (h *Host) Ready() { h.tell("ready") }

// Cancel says that the person left without a number.
func (h *Host) Cancel() { h.tell("cancel") }

// Escape says that the Escape key was pressed where there is nothing to step back to: it ends a dialog, and nothing else.
func (h *Host) Escape() { h.tell("escape") }

// Result is what a person confirmed.
type Result struct {
	Number     cardnumber.Number
	Bound      geometry.Quad // of the card in the picture that was read; zero when the number was typed
	Confidence float64       // 0 when not known
}

// Scan hands the number over; in the masked mode, host.js seals it first.
func (h *Host) Scan(r Result) {
	bound := []any{}
	if r.Bound != (geometry.Quad{}) {
		for _, p := range r.Bound {
			bound = append(bound, []any{p.X, p.Y})
		}
	}
	h.tell("scan", map[string]any{
		"number": r.Number.Reveal(), "masked": r.Number.Masked(), "brand": string(r.Number.Brand()),
		"luhn": r.Number.LuhnValid(), "bound": bound, "confidence": r.Confidence,
	})
}

func (h *Host) tell(what string, args ...any) {
	if h.Embedded() {
		h.shell.Call(what, args...)
	}
}
