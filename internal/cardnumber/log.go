//go:build !js

// Logging is left out of the browser: log/slog would bring encoding/json and fmt, about 150 KB of module.

package cardnumber

import "log/slog"

// LogValue masks the number in slog.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.Masked()) }
