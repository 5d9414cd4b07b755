package main

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestDownloadsAreGrantedMemoryToo: who names addresses at which pictures come slowly gets no more memory than who sends them.
func TestDownloadsAreGrantedMemoryToo(t *testing.T) {
	const callers, most = 16, 8 << 20 / cardpp.MaxFileBytes
	enough := make(chan struct{}) // are refused: the others' downloads are cut off
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, cardpp.MaxFileBytes*3/4))
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-enough:
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(slow.Close)
	env := map[string]string{"UPLOAD_MEMORY_BYTES": "8388608", "IMAGE_URL_ALLOW": "127.0.0.0/8", "IMAGE_URL_DEADLINE": "20s"}
	base := start(t, env, reader(t))
	contentType, body := form(t, part{cardpp.ParamURL, []byte(slow.URL)})
	var refused, held atomic.Int32
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			switch r := post(t, base+cardpp.PathBeta, contentType, body); r.json.ErrorMessage {
			case cardpp.ConcurrencyLimit:
				if refused.Add(1) == callers-most {
					close(enough)
				}
			case cardpp.InvalidImageURL, cardpp.DownloadTimeout:
				held.Add(1)
			default:
				t.Errorf("%d %q", r.status, r.json.ErrorMessage)
			}
		})
	}
	all.Wait()
	if held.Load() > most {
		t.Errorf("%d downloads in memory for %d, %d callers refused", held.Load(), most, refused.Load())
	}
}
