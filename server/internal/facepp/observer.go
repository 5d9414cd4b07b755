package facepp

import "time"

// Observer is told what happens, for metrics. Its methods are called from many goroutines and must be quick.
type Observer interface {
	// Called ends every call of Recognize; failure is None for an answer.
	Called(failure Kind, took time.Duration)
	// Attempted ends every request to the upstream and every refusal of the queue and the breaker.
	Attempted(failure Kind, took time.Duration)
	// Retried ends every request to the upstream that was sent again, after a failure of another.
	Retried(after Kind)
	// Shared tells that a call joined another one's, for an equal picture.
	Shared()
	// Breaker tells the breaker's new state: "closed", "half-open" or "open".
	Breaker(state string)
}

// Unobserved is an Observer that does nothing; embed it to implement a part.
type Unobserved struct{}

func (Unobserved) Called(Kind, time.Duration)    {}
func (Unobserved) Attempted(Kind, time.Duration) {}
func (Unobserved) Retried(Kind)                  {}
func (Unobserved) Shared()                       {}
func (Unobserved) Breaker(string)                {}
