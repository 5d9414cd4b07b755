package gateway

import (
	"errors"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestMemoryThatIsGivenBackIsGrantedAgain: all of it, however often, and never more than there is.
func TestMemoryThatIsGivenBackIsGrantedAgain(t *testing.T) {
	u := NewUploads(UploadConfig{Memory: 1000})
	for range 3 {
		first, second := &grant{uploads: u}, &grant{uploads: u}
		if err := errors.Join(first.take(300), first.take(300), second.take(400)); err != nil || u.InUse() != 1000 {
			t.Fatalf("%v, %d in use", err, u.InUse())
		}
		var known *cardpp.Error
		if err := second.take(1); !errors.As(err, &known) || known.Code != cardpp.ConcurrencyLimit {
			t.Errorf("beyond what there is: %v", err)
		}
		first.release()
		if u.InUse() != 400 {
			t.Errorf("%d in use", u.InUse())
		}
		second.release()
	}
}
