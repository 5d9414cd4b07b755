package request

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// TestABoundaryWithinAPictureIsNone: bytes that look like one, but go on, are the picture's.
func TestABoundaryWithinAPictureIsNone(t *testing.T) {
	for _, picture := range []string{"\r\n--bc\r\n", "a\n--b-\nz", "x--b\r\ny", "\r\n--b", "--b--"} {
		body := "--b\r\nContent-Disposition: form-data; name=\"image_file\"\r\n\r\n." + picture + ".\r\n--b--\r\n"
		call := readCall(t, "", "multipart/form-data; boundary=b", body)
		if file, err := call.File(); err != nil || string(file) != "."+picture+"." {
			t.Errorf("%q came as %q, error %v", picture, file, err)
		}
		call.Release()
	}
}

// TestCredentialsBesideABadParameter: what can't be decoded in an address hides nothing else in it.
func TestCredentialsBesideABadParameter(t *testing.T) {
	call := readCall(t, "api_key=a&x=%zz&api_secret=b%20c", "application/x-www-form-urlencoded", "")
	if call.Key != "a" || call.Secret != "b c" || !call.HasKey || !call.HasSecret {
		t.Errorf("key %v, secret %v", call.HasKey, call.HasSecret)
	}
	call.Release()
}

func readCall(t *testing.T, query, contentType, body string) *Call {
	t.Helper()
	r := &http.Request{Method: http.MethodPost, URL: &url.URL{RawQuery: query}, Header: http.Header{"Content-Type": {contentType}},
		Body: io.NopCloser(bytes.NewReader([]byte(body))), ContentLength: int64(len(body))}
	c := Config{MaxBody: 64 << 10, Grace: time.Second, MinRate: 1}
	call, err := Read(deadlines{httptest.NewRecorder()}, r, c, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return call
}
