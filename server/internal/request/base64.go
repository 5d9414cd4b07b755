package request

import (
	"bytes"
	"encoding/base64"
)

// decodeBase64 decodes in place the shapes in which clients send a picture: bare, wrapped at any column, as a data URI,
// in the URL alphabet, without padding, and with blanks where a form decoder has turned + into a space. Only ASCII's white
// space is dropped at the ends: what else Unicode calls so is no base64.
func decodeBase64(b []byte) ([]byte, error) {
	b = bytes.Trim(b, " \t\r\n")
	if len(b) > 5 && bytes.EqualFold(b[:5], []byte("data:")) {
		_, b, _ = bytes.Cut(b, []byte(",")) // RFC 2397; that it is base64 is the parameter's promise
		b = bytes.Trim(b, " \t\r\n")
	}
	b = plainAlphabet(b)
	n, err := base64.RawStdEncoding.Decode(b, b) // never writes beyond what it has read
	return b[:n], err
}

// plainAlphabet rewrites b in place to the standard alphabet (RFC 4648, 4), without line breaks and padding.
func plainAlphabet(b []byte) []byte {
	n := 0
	for _, c := range b {
		switch c {
		case '\r', '\n', '\t':
			continue
		case ' ':
			c = '+'
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		b[n] = c
		n++
	}
	return bytes.TrimRight(b[:n], "=")
}
