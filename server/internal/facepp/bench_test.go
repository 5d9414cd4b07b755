package facepp_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkRecognize measures the client with an upstream that only drains: both sides of the call, in one process.
func BenchmarkRecognize(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
		io.WriteString(w, card)
	}))
	defer server.Close()
	client := newClient(b, server.URL)
	file := append(picture(b, 0), make([]byte, 200<<10)...)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		copy(file[len(file)-16:], fmt.Sprintf("%016d", i))
		if _, err := client.Recognize(b.Context(), file); err != nil {
			b.Fatal(err)
		}
	}
}
