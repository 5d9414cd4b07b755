package facepp

import "log/slog"

// Secret holds an API key or secret. Every way of printing, logging or encoding it gives "***"; only Reveal gives the
// text. It is held behind a pointer because fmt doesn't call String on what lies in another struct's unexported field:
// there, an address is all it finds.
type Secret struct{ text *string }

const hidden = "***"

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the text is empty.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String hides the text.
func (s Secret) String() string { return hidden }

// GoString hides the text, for %#v.
func (s Secret) GoString() string { return hidden }

// LogValue hides the text in slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text in JSON, XML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
