package gateway

import (
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

// UploadConfig bounds the bodies, and the pictures downloaded for an image_url, that lie in memory.
type UploadConfig struct {
	Memory int // bytes of all of them together, being received or being worked on
}

// LoadUploads returns the defaults, changed by the environment.
func LoadUploads(s *setting.Source) UploadConfig {
	c := UploadConfig{Memory: 128 << 20}
	s.Int("UPLOAD_MEMORY_BYTES", &c.Memory)
	return c
}

// Validate reports settings that can't work.
func (c UploadConfig) Validate() error {
	if c.Memory < 8<<20 {
		return setting.Invalid("UPLOAD_MEMORY_BYTES", "at least 8388608")
	}
	return nil
}

// Uploads grants memory to bodies and downloads as they come in, and refuses at once what would pass the bound. What a caller only
// announces costs nothing yet.
type Uploads struct {
	free  *semaphore.Weighted
	inUse atomic.Int64
	crowd *crowd
}

// begunPerCore is how many calls a core are begun at once.
const begunPerCore = 8

// NewUploads returns Uploads with nothing granted.
func NewUploads(c UploadConfig) *Uploads {
	return &Uploads{free: semaphore.NewWeighted(int64(c.Memory)), crowd: newCrowd(begunPerCore * runtime.GOMAXPROCS(0))}
}

// InUse is the memory granted now, in bytes.
func (u *Uploads) InUse() int64 { return u.inUse.Load() }

// grant is the memory of one call.
type grant struct {
	uploads *Uploads
	taken   int64
}

// take adds to a grant, or returns the contract's CONCURRENCY_LIMIT_EXCEEDED.
func (g *grant) take(bytes int) error {
	if !g.uploads.free.TryAcquire(int64(bytes)) {
		return cardpp.NewError(cardpp.ConcurrencyLimit, "")
	}
	g.taken += int64(bytes)
	g.uploads.inUse.Add(int64(bytes))
	return nil
}

// release gives all of it back. It is called once.
func (g *grant) release() {
	g.uploads.free.Release(g.taken)
	g.uploads.inUse.Add(-g.taken)
}
