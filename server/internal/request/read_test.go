package request

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

// deadlines is a ResponseWriter of a connection that takes deadlines.
type deadlines struct{ *httptest.ResponseRecorder }

func (deadlines) SetReadDeadline(time.Time) error { return nil }

// FuzzRead: whatever a caller sends, of whatever type it says it is, reading it ends in a call or in one of the contract's
// errors; what was read is wiped when it is released.
func FuzzRead(f *testing.F) {
	for head, body := range recorded(f) {
		if _, contentType, ok := strings.Cut(head, "Content-Type: "); ok && len(body) < 20000 {
			contentType, _, _ = strings.Cut(contentType, "\r\n")
			f.Add(contentType, "api_key=a&api_secret=b", body, true)
		}
	}
	f.Add("application/x-www-form-urlencoded; charset=", "api_key=%zz", []byte("image_base64=data:,/9j/4AAQ&image_url=x"), false)
	f.Add(`multipart/form-data; boundary=b c; boundary="d`, "", []byte("--b c\nContent-Disposition: file; name=image_file; filename=a b\n\nx\n--b c--"), false)
	config := Config{MaxBody: 64 << 10, Grace: time.Second, MinRate: 1}
	f.Fuzz(func(t *testing.T, contentType, query string, body []byte, announced bool) {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{RawQuery: query}, Header: http.Header{"Content-Type": {contentType}},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: -1}
		if announced {
			r.ContentLength = int64(len(body))
		}
		granted := 0
		call, err := Read(deadlines{httptest.NewRecorder()}, r, config, func(n int) error { granted += n; return nil })
		if err != nil {
			wantOurs(t, err)
			return
		}
		if granted < len(body) || granted > config.MaxBody+stepGrant {
			t.Errorf("%d bytes are granted to %d", granted, len(body))
		}
		if call.Param != "" && !slices.Contains(sources, call.Param) {
			t.Errorf("the picture came as %q", call.Param)
		}
		if _, err := call.File(); err != nil {
			wantOurs(t, err)
		}
		whole := call.body.bytes
		call.Release()
		if i := slices.IndexFunc(whole, func(b byte) bool { return b != 0 }); i >= 0 {
			t.Errorf("byte %d was left", i)
		}
	})
}

func wantOurs(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*cardpp.Error](err); !ok {
		t.Errorf("error %v", err)
	}
}
