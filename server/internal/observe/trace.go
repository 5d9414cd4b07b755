package observe

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// Trace is a position in a distributed trace (W3C Trace Context, level 1).
type Trace struct {
	ID      string // trace-id: 32 hexadecimal digits, not all zero
	Span    string // our own span: 16 hexadecimal digits
	Sampled bool
}

// ParseTrace continues the trace of a traceparent header, or begins one where there is none or a malformed one.
func ParseTrace(header string) Trace {
	t := Trace{Span: randomHex(8)}
	f := strings.Split(header, "-")
	// version-traceid-parentid-flags; later versions may append fields (section 3.2.4).
	if len(f) < 4 || !isHex(f[0], 2) || f[0] == "ff" || (f[0] == "00" && len(f) != 4) ||
		!isHex(f[1], 32) || !isHex(f[2], 16) || !isHex(f[3], 2) || zero(f[1]) || zero(f[2]) {
		t.ID = randomHex(16)
		return t
	}
	flags, _ := hex.DecodeString(f[3])
	t.ID, t.Sampled = f[1], flags[0]&1 == 1
	return t
}

// Header is the traceparent for calls made on behalf of this one.
func (t Trace) Header() string {
	if t.Sampled {
		return "00-" + t.ID + "-" + t.Span + "-01"
	}
	return "00-" + t.ID + "-" + t.Span + "-00"
}

// Traceparent returns the header for calls made with a context, or "" outside a call.
func Traceparent(ctx context.Context) string {
	if t := From(ctx).Trace; t.ID != "" {
		return t.Header()
	}
	return ""
}

// isHex reports whether s is n lower-case hexadecimal digits.
func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

func zero(s string) bool { return strings.Trim(s, "0") == "" }

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}
