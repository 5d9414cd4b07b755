package request

import "bytes"

// readURLEncoded splits a form body (WHATWG URL, 5.1). Names that are not known are skipped without being decoded.
func (f fields) readURLEncoded(body []byte) error {
	for len(body) > 0 {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte("&"))
		rawName, rawValue, _ := bytes.Cut(pair, []byte("="))
		name, ok := unescape(rawName)
		if !ok || !known(string(name)) {
			continue
		}
		value, ok := unescape(rawValue)
		if !ok {
			return badBody(string(name))
		}
		if err := f.add(string(name), value); err != nil {
			return err
		}
	}
	return nil
}

// unescape decodes + and %XX in place; the result is a prefix of b. It reports false for a % without two digits.
func unescape(b []byte) ([]byte, bool) {
	n := 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if i+2 >= len(b) {
				return nil, false
			}
			hi, lo := unhex(b[i+1]), unhex(b[i+2])
			if hi > 15 || lo > 15 {
				return nil, false
			}
			c, i = hi<<4|lo, i+2
		}
		b[n] = c
		n++
	}
	return b[:n], true
}

// unhex returns the value of a hexadecimal digit, or 16.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}
