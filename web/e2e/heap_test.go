package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// traffic gathers all that a page asks for, to the end of the test: addresses, headers and bodies.
func traffic(t *testing.T, ctx context.Context) *lines {
	t.Helper()
	sent := &lines{}
	must(t, chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			fmt.Fprintln(sent, e.Request.Method, e.Request.URL, e.Request.URLFragment, e.Request.Headers)
			for _, entry := range e.Request.PostDataEntries {
				fmt.Fprintln(sent, string(entry.Bytes))
			}
		}
	}))
	return sent
}

// heap returns the text of a snapshot of a page's JavaScript memory, every string in it included.
func heap(t *testing.T, ctx context.Context) string {
	t.Helper()
	var mu sync.Mutex
	var text strings.Builder
	listening, stop := context.WithCancel(ctx)
	defer stop()
	must(t, chromedp.Listen(listening, func(ev any) {
		if chunk, ok := ev.(*heapprofiler.EventAddHeapSnapshotChunk); ok {
			mu.Lock()
			text.WriteString(chunk.Chunk)
			mu.Unlock()
		}
	}))
	_, err := chromedp.Call(ctx, heapprofiler.TakeHeapSnapshot, heapprofiler.TakeHeapSnapshotParams{})
	must(t, err)
	mu.Lock()
	defer mu.Unlock()
	if text.Len() < 100_000 {
		t.Fatalf("a snapshot of %d bytes is none", text.Len())
	}
	return text.String()
}
