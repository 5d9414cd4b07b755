package facepp

import "context"

type traceKey struct{}

// WithTraceparent returns a context whose calls carry this traceparent header (W3C Trace Context) to the upstream. A
// value of another form is left out.
func WithTraceparent(ctx context.Context, traceparent string) context.Context {
	if !isTraceparent(traceparent) {
		return ctx
	}
	return context.WithValue(ctx, traceKey{}, traceparent)
}

func traceparent(ctx context.Context) string {
	s, _ := ctx.Value(traceKey{}).(string)
	return s
}

// isTraceparent tells version 00 of the header (W3C Trace Context, section 3.2.2): lower-case hexadecimal in groups of
// 2, 32, 16 and 2, of which trace and parent aren't all zeros.
func isTraceparent(s string) bool {
	if len(s) != 55 || s[:3] != "00-" {
		return false
	}
	var zeroTrace, zeroParent = true, true
	for i, c := range []byte(s) {
		switch {
		case i == 2 || i == 35 || i == 52:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		case c != '0' && i < 35:
			zeroTrace = zeroTrace && i < 3
		case c != '0' && i < 52:
			zeroParent = false
		}
	}
	return !zeroTrace && !zeroParent
}
