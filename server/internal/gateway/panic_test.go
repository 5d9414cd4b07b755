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

// elsewhere is a panic of another goroutine.
type elsewhere struct {
	cause any
	stack []uintptr
}

func (e elsewhere) Panicked() (any, []uintptr) { return e.cause, e.stack }

// TestAHelpersPanicIsToldByItsPlace, and not by that of the caller, who panics with it.
func TestAHelpersPanicIsToldByItsPlace(t *testing.T) {
	var seen elsewhere
	helper := func(numbers []int) {
		defer func() {
			seen = elsewhere{recover(), make([]uintptr, 16)}
			seen.stack = seen.stack[:runtime.Callers(2, seen.stack)]
		}()
		numbers[len(numbers)]++
	}
	helper(nil)
	err := func() (err error) {
		defer func() { err = panicked(recover()) }()
		panic(seen)
	}()
	var found runtime.Error
	if text := err.Error(); !strings.Contains(text, "TestAHelpersPanicIsToldByItsPlace.func1:") || !errors.As(err, &found) {
		t.Error(text)
	}
}
