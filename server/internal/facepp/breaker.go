package facepp

import (
	"time"

	"github.com/sony/gobreaker/v2"
)

// When the upstream is down, the breaker spares it and the callers the attempts. It opens after tripAfter failures in
// a row, or where most of at least tripOf calls within tripWindow failed, and lets one call try after openFor.
const (
	tripAfter  = 8
	tripOf     = 20
	tripWindow = 30 * time.Second
	openFor    = 5 * time.Second
)

func newBreaker(o Observer) *gobreaker.TwoStepCircuitBreaker[struct{}] {
	return gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: "Face++", MaxRequests: 1, Interval: tripWindow, BucketPeriod: tripWindow / 10, Timeout: openFor,
		ReadyToTrip: func(c gobreaker.Counts) bool {
			return c.ConsecutiveFailures >= tripAfter || c.Requests >= tripOf && c.TotalFailures > c.Requests/2
		},
		IsSuccessful:  func(err error) bool { return !tellsOfTrouble(err) },
		IsExcluded:    tellsNothing,
		OnStateChange: func(_ string, _, to gobreaker.State) { o.Breaker(to.String()) },
	})
}

// tellsOfTrouble is false for answers that show the upstream in good health, though they refuse the call.
func tellsOfTrouble(err error) bool {
	if err == nil {
		return false
	}
	switch asError(err).Kind {
	case Picture, Arguments, Credentials, Denied, NotFound:
		return false
	}
	return true
}

// tellsNothing is true for failures that say nothing about the upstream's health.
func tellsNothing(err error) bool {
	if err == nil {
		return false
	}
	switch asError(err).Kind {
	case Limited, QueueFull, BreakerOpen, Cancelled, Internal:
		return true
	}
	return false
}
