package request

import (
	"bytes"
	"encoding/base64"
	"io"
	"iter"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// recorded returns the requests of real clients in testdata, head and body.
func recorded(f *testing.F) iter.Seq2[string, []byte] {
	files, err := filepath.Glob("../../../testdata/requests/*.http")
	if err != nil || len(files) == 0 {
		f.Fatal("no requests in testdata")
	}
	return func(yield func(string, []byte) bool) {
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
			if !yield(string(head), body) {
				return
			}
		}
	}
}

// FuzzMultipart: whatever mime/multipart reads from a body, readMultipart reads the same, and it never panics.
func FuzzMultipart(f *testing.F) {
	for head, body := range recorded(f) {
		_, boundary, ok := strings.Cut(head, "boundary=")
		if boundary, _, _ = strings.Cut(boundary, "\r\n"); ok && len(body) < 20000 {
			f.Add(strings.Trim(boundary, `"`), body)
		}
	}
	f.Add("b", []byte("--b\r\nContent-Disposition: form-data; name=api_key\r\n\r\nx\r\n--b--"))
	f.Add("b", []byte("--b\r\nContent-Disposition: form-data;\r\n name=api_key\r\nX: 1\r\n\tContent-Disposition: form-data; name=api_secret\r\n\r\nx\r\n--b--"))
	f.Add("b", []byte("--b\n\n\n--b \t\r\n--b--"))
	f.Fuzz(func(t *testing.T, boundary string, body []byte) {
		got := fields{}
		ours := got.readMultipart(bytes.Clone(body), boundary)
		want, sound := stdlib(body, boundary)
		if !sound || ours != nil {
			return // one of us refuses: we forgive more, and cap what we read
		}
		for name, value := range want {
			if !bytes.Equal(got[name], value) {
				t.Errorf("%s: %q, want %q", name, got[name], value)
			}
		}
	})
}

// stdlib reads the known parameters with mime/multipart. sound is false where the two may differ by intention: a
// parameter given twice, a part in a transfer encoding, a disposition that only we forgive.
func stdlib(body []byte, boundary string) (want map[string][]byte, sound bool) {
	want = map[string][]byte{}
	if boundary == "" || bytes.Contains(bytes.ToLower(body), []byte("transfer-encoding")) {
		return nil, false
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return want, true
		}
		if err != nil {
			return nil, false
		}
		value, err := io.ReadAll(p)
		if err != nil || len(p.Header["Content-Disposition"]) > 1 {
			return nil, false
		}
		name := p.FormName()
		if _, twice := want[name]; twice {
			return nil, false
		}
		if known(name) {
			want[name] = value
		}
	}
}

// FuzzURLEncoded: the same as net/url, where that finds nothing wrong.
func FuzzURLEncoded(f *testing.F) {
	f.Add([]byte("api_key=a%20b&image_base64=AA+A%3D&x=%zz"))
	f.Add([]byte("image_base64=%"))
	f.Add([]byte("&&=&api_key"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := fields{}
		err := got.readURLEncoded(bytes.Clone(body))
		want, wrong := url.ParseQuery(string(body))
		if err != nil || wrong != nil {
			return
		}
		for name, values := range want {
			if known(name) && string(got[name]) != values[0] {
				t.Errorf("%s: %q, want %q", name, got[name], values[0])
			}
		}
	})
}

// FuzzBase64: whatever was encoded comes back, in every shape.
func FuzzBase64(f *testing.F) {
	f.Add([]byte("picture"), 3, byte(0))
	f.Add([]byte{0xff, 0xfe, 0xfd}, 76, byte(31))
	f.Add([]byte("\u00a0"), 30, byte(0xab)) // a no-break space once passed for white space
	f.Fuzz(func(t *testing.T, file []byte, columns int, shape byte) {
		if _, err := decodeBase64(bytes.Clone(file)); err == nil && len(file) > 0 && file[0] > 127 {
			t.Errorf("decoded %q", file)
		}
		text := base64.StdEncoding.EncodeToString(file)
		if shape&1 != 0 {
			text = strings.TrimRight(text, "=")
		}
		if shape&2 != 0 {
			text = strings.ReplaceAll(text, "+", " ")
		}
		if shape&4 != 0 {
			text = strings.NewReplacer("+", "-", "/", "_").Replace(text)
		}
		if shape&8 != 0 && columns > 0 && columns < 1000 {
			text = wrapAt(text, columns)
		}
		if shape&16 != 0 {
			text = "data:image/jpeg;base64," + text
		}
		if shape&2 != 0 && (strings.HasPrefix(text, " ") || strings.HasSuffix(text, " ") || strings.Contains(text, ", ")) {
			return // a blank at an end is white space, and no one can tell
		}
		got, err := decodeBase64([]byte(text))
		if err != nil || !bytes.Equal(got, file) {
			t.Errorf("%q: %q %v", text, got, err)
		}
	})
}

func wrapAt(s string, columns int) string {
	var b strings.Builder
	for len(s) > columns {
		b.WriteString(s[:columns] + "\r\n")
		s = s[columns:]
	}
	return b.String() + s
}

func TestTheSameTwiceIsNoContradiction(t *testing.T) {
	f := fields{}
	for range 2 {
		if err := f.add(cardpp.ParamKey, []byte("a")); err != nil {
			t.Error(err)
		}
	}
	if err := f.add(cardpp.ParamKey, []byte("b")); err == nil {
		t.Error("two keys passed")
	}
}
