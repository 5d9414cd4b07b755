package session

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The README names all that a shop may ask for and is answered, with the numbers that hold.
func TestTheReadmeDescribesTheCall(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, call, _ := strings.Cut(string(text), "All fields may be left out:")
	call, _, _ = strings.Cut(call, "\n\n")
	call = strings.Join(strings.Fields(call), " ")
	wants := []string{
		fmt.Sprintf("`scans` (%d, at most %d)", DefaultScans, MaxScans),
		fmt.Sprintf("`ttl` in seconds (%d, at most %d)", int(DefaultLifetime/time.Second), int(MaxLifetime/time.Second)),
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[Request](), reflect.TypeFor[opened](), reflect.TypeFor[failed]()} {
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			wants = append(wants, "`"+name+"`")
		}
	}
	for _, want := range wants {
		if !strings.Contains(call, want) {
			t.Errorf("the README lacks %s", want)
		}
	}
}
