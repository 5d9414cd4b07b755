// Command work does what makes the runtime use its tables: it grows stacks with pointers in them, collects garbage under
// them, recovers from every kind of crash, and in the end crashes for good when it is told to.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return nil
	}
	t := &tree{grow(depth - 1), grow(depth - 1)}
	if depth%8 == 0 {
		runtime.GC()
	}
	return t
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

//go:noinline
func deep(n int, p *int) int {
	var pad [64]int
	pad[n%64] = n
	if n == 0 {
		return *p
	}
	return deep(n-1, p) + pad[n%64] - n
}

func caught(what string, f func()) {
	defer func() { fmt.Println(what, "-", recover()) }()
	f()
}

func explode(number string) { panic("for good, at " + number[:1]) }

func main() {
	fmt.Println(grow(12).count())
	seven, done := 7, make(chan int)
	go func() { done <- deep(20000, &seven) }()
	fmt.Println(<-done)
	var none *time.Time
	var words []string
	caught("pointer", func() { fmt.Println(none.Unix()) })
	caught("wrapper", func() { fmt.Println(interface{ Weekday() time.Weekday }(none).Weekday()) })
	caught("index", func() { fmt.Println(words[seven]) })
	caught("type", func() { fmt.Println(any(seven).(string)) })
	caught("map", func() { map[string]int(nil)["a"] = 1 })
	caught("again", func() {
		defer func() { panic(fmt.Sprint(recover(), ", twice")) }()
		panic("once")
	})
	fmt.Println(runtime.NumGoroutine(), strings.Repeat("a", 3))
	if len(os.Args) > 1 {
		explode("4111111111111111")
	}
}
