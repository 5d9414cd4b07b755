package request

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"encoding/base64"
)

// maxPartHeader bounds the header lines of one part.
const maxPartHeader = 8 << 10

// readMultipart splits a body at its boundary (RFC 2046, 5.1.1) and adds the parts whose names are known. It reads the
// same as mime/multipart, without copying, and forgives what that does not: dispositions other than form-data, lines
// that end in LF alone. A body in which the boundary never appears has no parts.
func (f fields) readMultipart(body []byte, boundary string) error {
	if boundary == "" {
		return nil
	}
	delimiter := []byte("--" + boundary)
	_, rest, last, ok := cutDelimiter(body, delimiter)
	for ok && !last {
		name, encoding, content, sound := cutHeader(rest)
		if !sound {
			return badBody("body")
		}
		content, rest, last, ok = cutDelimiter(content, delimiter)
		if !ok {
			if known(name) {
				return badBody(name)
			}
			return badBody("body")
		}
		if err := f.addPart(name, encoding, content); err != nil {
			return err
		}
	}
	return nil
}

func (f fields) addPart(name, encoding string, content []byte) error {
	if strings.EqualFold(encoding, "base64") && known(name) {
		plain, err := base64.StdEncoding.Decode(content, content)
		if err != nil {
			return badBody(name)
		}
		content = content[:plain]
	}
	return f.add(name, content)
}

// cutDelimiter returns what stands before and after the next delimiter line; last tells the closing one. The line break
// before a delimiter belongs to it.
func cutDelimiter(b, delimiter []byte) (before, after []byte, last, ok bool) {
	for from := 0; ; {
		i := bytes.Index(b[from:], delimiter)
		if i < 0 {
			return b, nil, false, false
		}
		start := from + i
		from = start + len(delimiter)
		if start > 0 && b[start-1] != '\n' {
			continue
		}
		after, last, ok = endOfLine(b[from:])
		if !ok {
			continue
		}
		before = bytes.TrimSuffix(b[:start], []byte("\n"))
		return bytes.TrimSuffix(before, []byte("\r")), after, last, true
	}
}

// endOfLine skips what may follow the boundary on its line: two hyphens that close the body, white space, a line break.
func endOfLine(b []byte) (after []byte, last, ok bool) {
	if bytes.HasPrefix(b, []byte("--")) {
		return nil, true, true
	}
	b = bytes.TrimLeft(b, " \t")
	b = bytes.TrimPrefix(b, []byte("\r"))
	if len(b) == 0 || b[0] != '\n' {
		return nil, false, false
	}
	return b[1:], false, true
}

// cutHeader reads a part's header lines up to the empty one: the name it goes by and its transfer encoding. A line that begins
// with white space continues the one before (RFC 5322, 2.2.3): libraries for mail fold long ones.
func cutHeader(part []byte) (name, encoding string, content []byte, ok bool) {
	var disposition, other string
	var value *string // of the line before
	for read := 0; read <= maxPartHeader; {
		line, after, found := bytes.Cut(part, []byte("\n"))
		if !found {
			return "", "", nil, false
		}
		read, part = read+len(line)+1, after
		text := strings.TrimSuffix(string(line[:min(len(line), maxPartHeader)]), "\r")
		if text == "" {
			return fieldName(disposition), encoding, part, true
		}
		if value != nil && strings.IndexByte(" \t", text[0]) >= 0 {
			*value += " " + strings.TrimSpace(text)
			continue
		}
		key, rest, _ := strings.Cut(text, ":")
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "content-disposition":
			value = &disposition
		case "content-transfer-encoding":
			value = &encoding
		default:
			value = &other
		}
		*value = strings.TrimSpace(rest)
	}
	return "", "", nil, false
}

// fieldName returns the name parameter of a Content-Disposition, whatever the disposition itself is. It ends at a quotation mark:
// the PHP sample of Face++'s document has a file name follow in it (image_file";filename="image), and libcurl has escaped that since.
func fieldName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	name := params["name"]
	if err != nil {
		name = parameter(disposition, "name")
	}
	name, _, _ = strings.Cut(strings.ReplaceAll(name, "%22", `"`), `"`)
	return name
}

var parameters = regexp.MustCompile(`;\s*([A-Za-z0-9-]+)\s*=\s*(?:"([^"]*)"|([^;\s"]*))`)

// parameter finds a parameter in a header value that mime.ParseMediaType refuses, such as one with a file name that
// has blanks and no quotes.
func parameter(header, name string) string {
	for _, m := range parameters.FindAllStringSubmatch(header, -1) {
		if strings.EqualFold(m[1], name) {
			return m[2] + m[3]
		}
	}
	return ""
}
