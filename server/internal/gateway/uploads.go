package gateway

import (
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/setting"
)

// UploadConfig bounds the bodies that lie in memory.
type UploadConfig struct {
	Memory int // bytes of all bodies together, being received or being worked on
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

// Uploads grants memory to bodies, and refuses at once what would pass the bound.
type Uploads struct {
	free    *semaphore.Weighted
	maxBody int
	inUse   atomic.Int64
}

// NewUploads returns Uploads for bodies of at most maxBody bytes each.
func NewUploads(c UploadConfig, maxBody int) *Uploads {
	return &Uploads{free: semaphore.NewWeighted(int64(c.Memory)), maxBody: maxBody}
}

// Begin takes memory for a body of an announced length, or of unknown length (-1). done gives it back.
func (u *Uploads) Begin(length int64) (done func(), err error) {
	if length < 0 || length > int64(u.maxBody) {
		length = int64(u.maxBody)
	}
	if !u.free.TryAcquire(length) {
		return nil, cardpp.NewError(cardpp.ConcurrencyLimit, "")
	}
	u.inUse.Add(length)
	return func() {
		u.free.Release(length)
		u.inUse.Add(-length)
	}, nil
}

// InUse is the memory granted now, in bytes.
func (u *Uploads) InUse() int64 { return u.inUse.Load() }
