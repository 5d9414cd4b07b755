package gateway

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// TestAPanicIsToldByItsPlace: by our own function's, though it was the runtime that found the fault.
func TestAPanicIsToldByItsPlace(t *testing.T) {
	for name, fault := range map[string]func(numbers []int, v any){
		"index":      func(numbers []int, _ any) { numbers[len(numbers)]++ },
		"nil":        func([]int, any) { (*grant)(nil).taken++ },
		"division":   func(numbers []int, _ any) { numbers[0] /= len(numbers) - 1 },
		"type":       func(_ []int, v any) { _ = v.(error) },
		"on purpose": func([]int, any) { panic("words that might hold data") },
	} {
		err := func() (err error) {
			defer func() { err = panicked(recover()) }()
			fault([]int{1}, "")
			return nil
		}()
		var found runtime.Error
		if text := err.Error(); !strings.Contains(text, "gateway.TestAPanicIsToldByItsPlace.func") || strings.Contains(text, "words") || errors.As(err, &found) != (name != "on purpose") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
