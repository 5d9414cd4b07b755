// Package recognizer is what the gateway asks for a card: the embedded engine or Face++, behind one interface.
package recognizer

import (
	"context"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/picture"
)

// Picture is a file that passed the contract's checks.
type Picture struct {
	File   []byte
	Header picture.Header
	Param  string // the parameter it came by, for error messages
	V1     bool   // bank and organization are asked for, too
}

// Result is what was read.
type Result struct {
	Cards   []cardpp.Card // at most one: the one with the highest confidence
	ImageID string        // the recognizer's own, if it gives one
	By      string        // the name of the recognizer that read

	// Of the embedded engine alone; Digits is empty otherwise.
	Confidence float64   // 0…1, of the number as a whole
	Digits     []float64 // 0…1, one for each digit
}

// Recognizer reads cards. Its errors are the contract's *cardpp.Error, or else faults of its own. It is safe for
// concurrent use.
type Recognizer interface {
	Name() string
	Recognize(ctx context.Context, p Picture) (Result, error)
}

// The recognizers' names, as answers and logs tell them.
const (
	Embedded = "embedded"
	FacePP   = "faceplusplus"
)
