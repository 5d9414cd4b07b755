package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// remote is a browser that is driven by WebDriver (W3C Recommendation, 2018): Firefox through Marionette, WebKit through
// its own driver. Both know the same commands, and each says how one is sent.
type remote struct {
	t    *testing.T
	send func(command string, arguments map[string]any) (json.RawMessage, error)
}

// The commands that are used, by Marionette's names; WebKit's driver knows them by method and path (webkit_test.go).
const (
	cmdNavigate = "WebDriver:Navigate"
	cmdAsync    = "WebDriver:ExecuteAsyncScript"
	cmdFind     = "WebDriver:FindElement"
	cmdKeys     = "WebDriver:ElementSendKeys"
	cmdFrame    = "WebDriver:SwitchToFrame"
	cmdTimeouts = "WebDriver:SetTimeouts"
)

// elementKey is the name under which references to elements travel (WebDriver, section 12).
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

func (r *remote) do(command string, arguments map[string]any) json.RawMessage {
	r.t.Helper()
	answer, err := r.send(command, arguments)
	if err != nil {
		r.t.Fatalf("%s: %v", command, err)
	}
	return answer
}

func (r *remote) open(url string) {
	r.t.Helper()
	r.do(cmdNavigate, map[string]any{"url": url})
}

// raw evaluates a JavaScript expression, awaiting it when it is a promise, and returns its value as JSON.
func (r *remote) raw(expression string) json.RawMessage {
	r.t.Helper()
	return r.do(cmdAsync, map[string]any{"args": []any{}, "script": `const done = arguments[arguments.length - 1]
		Promise.resolve().then(() => (` + expression + `)).then(v => done(v ?? null), e => done({ thrown: String(e) }))`})
}

// eval is raw for expressions of a known type.
func eval[T any](r *remote, expression string) (v T) {
	r.t.Helper()
	value := r.raw(expression)
	if bytes.HasPrefix(value, []byte(`{"thrown":`)) {
		r.t.Fatalf("%s: %s", expression, value)
	}
	must(r.t, json.Unmarshal(value, &v))
	return v
}

// wait polls an expression until it is true.
func (r *remote) wait(expression string) {
	r.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if eval[bool](r, "Boolean("+expression+")") {
			return
		}
	}
	r.t.Fatalf("waiting for %s; the page says: %s", expression, eval[string](r, `document.documentElement.dataset.view + ": " + document.body.innerText`))
}

// view waits for one of the page's views.
func (r *remote) view(name string) {
	r.t.Helper()
	r.wait(`document.documentElement.dataset.view === "` + name + `"`)
}

// press clicks the visible button that does something.
func (r *remote) press(do string) {
	r.t.Helper()
	find := `Array.from(document.querySelectorAll('[data-do="` + do + `"]')).find(b => b.offsetParent !== null && !b.disabled)`
	r.wait(find)
	eval[any](r, find+".click()")
}

// keys types into an element, or gives a file input a file.
func (r *remote) keys(selector, text string) {
	r.t.Helper()
	found := r.do(cmdFind, map[string]any{"using": "css selector", "value": selector})
	var reference map[string]string
	must(r.t, json.Unmarshal(found, &reference))
	r.do(cmdKeys, map[string]any{"id": reference[elementKey], "text": text})
}

// enter steps into the frame that an expression names; "" steps out of all.
func (r *remote) enter(expression string) {
	r.t.Helper()
	frame := json.RawMessage("null")
	if expression != "" {
		frame = r.raw(expression)
	}
	r.do(cmdFrame, map[string]any{"id": frame, "element": frame})
}

// driverError is what a driver answers instead of a value.
func driverError(kind, message string) error { return fmt.Errorf("%s: %s", kind, message) }
