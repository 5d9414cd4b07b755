//go:build !js

// Logging and printing are left out of the browser: log/slog would bring encoding/json and fmt, about 150 KB of module.

package cardnumber

import (
	"fmt"
	"io"
	"log/slog"
)

// LogValue masks the number in slog.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// Format writes the masked form whatever the verb: fmt asks String for %s, %v, %q and %x only, and a verb for numbers would
// bring the digits out.
func (n Number) Format(f fmt.State, verb rune) {
	switch {
	case verb == 'v' && f.Flag('#'):
		io.WriteString(f, n.GoString())
	case verb == 's' || verb == 'v' || verb == 'q' || verb == 'x' || verb == 'X':
		fmt.Fprintf(f, fmt.FormatString(f, verb), n.Masked())
	default:
		io.WriteString(f, n.Masked())
	}
}
