package facepp_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestAnUpstreamWithoutV1: what stands in for the service may serve one path alone. Its callers of v1 get that one's answer,
// and v1 isn't asked for with each call.
func TestAnUpstreamWithoutV1(t *testing.T) {
	u := &facepptest.Upstream{Key: testKey, Secret: testSecret}
	u.Number, _ = cardnumber.Parse(testNumber)
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		if r.URL.Path != cardpp.PathBeta {
			http.NotFound(w, r)
			return
		}
		u.ServeHTTP(w, r)
	}))
	defer server.Close()
	client := newClient(t, server.URL+cardpp.PathBeta)
	for range 2 {
		answer, err := client.Recognize(facepp.WithV1(t.Context()), picture(t, 90))
		if err != nil || len(answer.Cards) != 1 {
			t.Fatal(answer, err)
		}
	}
	close(asked)
	var paths []string
	for path := range asked {
		paths = append(paths, path)
	}
	if len(paths) != 3 || paths[0] != cardpp.PathV1 || paths[1] != cardpp.PathBeta || paths[2] != cardpp.PathBeta {
		t.Error(paths)
	}
}
