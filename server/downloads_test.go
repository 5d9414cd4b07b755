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
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, cardpp.MaxFileBytes*3/4))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(slow.Close)
	env := map[string]string{"UPLOAD_MEMORY_BYTES": "8388608", "IMAGE_URL_ALLOW": "127.0.0.0/8", "IMAGE_URL_DEADLINE": "1s"}
	base := start(t, env, reader(t))
	contentType, body := form(t, part{cardpp.ParamURL, []byte(slow.URL)})
	var refused, late atomic.Int32
	var callers sync.WaitGroup
	for range 16 {
		callers.Go(func() {
			switch r := post(t, base+cardpp.PathBeta, contentType, body); r.json.ErrorMessage {
			case cardpp.ConcurrencyLimit:
				refused.Add(1)
			case cardpp.DownloadTimeout:
				late.Add(1)
			default:
				t.Errorf("%d %q", r.status, r.json.ErrorMessage)
			}
		})
	}
	callers.Wait()
	if held := late.Load() * cardpp.MaxFileBytes; held > 8<<20 || refused.Load() == 0 {
		t.Errorf("%d bytes of downloads in 8 MiB, %d callers refused", held, refused.Load())
	}
}
