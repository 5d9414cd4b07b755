//go:build js

// Package upload sends a picture to the contract's path and returns what was read. XMLHttpRequest, and not fetch: only
// it tells how much of the picture has left the phone.
package upload

import (
	"errors"
	"strings"
	"syscall/js"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/wasm/browser"
)

// The reasons besides a *cardpp.Error from the server.
var (
	ErrOffline   = errors.New("upload: the server can't be reached")
	ErrTimeout   = errors.New("upload: no answer in time")
	ErrCancelled = errors.New("upload: cancelled")
	ErrAnswer    = errors.New("upload: the answer is not the contract's")
)

// deadline in milliseconds, from when something of the picture was last sent: Face++'s own JavaScript client waits as long,
// and the gateway answers within 15 s by itself (CALL_DEADLINE), with Face++ within 9.
const deadline = 20_000

// Target is where pictures go. Token is a session's, "" for none.
type Target struct{ Base, Token string }

// Answer is what the server read, zero where it found no card. Digits are confidences where the server knows them.
type Answer struct {
	Bound  geometry.Quad // pixels of the picture sent
	Number cardnumber.Number
	Digits []float64
	Sure   float64 // confidence in the whole number, 0 when the server doesn't know it
}

// Call is a picture on its way.
type Call struct {
	request js.Value
	done    chan outcome
	undo    []func()
	lost    bool // the network went
}

type outcome struct {
	answer Answer
	err    error
}

// Send starts sending. progress is called with the share sent, 0 to 1.
func Send(to Target, picture js.Value, progress func(float64)) (*Call, error) {
	c := &Call{request: js.Global().Get("XMLHttpRequest").New(), done: make(chan outcome, 1)}
	c.listen(browser.Now(), progress)
	form := js.Global().Get("FormData").New()
	form.Call("append", cardpp.ParamFile, picture, "card.jpg")
	err := browser.Catch(func() {
		c.request.Call("open", "POST", strings.TrimSuffix(to.Base, "/")+cardpp.PathBeta)
		c.request.Set("timeout", deadline)
		if to.Token != "" {
			c.request.Call("setRequestHeader", "Authorization", "Bearer "+to.Token)
		}
		c.request.Call("send", form)
	})
	if err != nil {
		c.release()
		return nil, ErrOffline
	}
	return c, nil
}

func (c *Call) listen(began float64, progress func(float64)) {
	on := func(target js.Value, event string, f func(js.Value)) {
		c.undo = append(c.undo, browser.Listen(target, event, f))
	}
	on(c.request.Get("upload"), "progress", func(e js.Value) {
		c.request.Set("timeout", browser.Now()-began+deadline) // a slow network is no reason to begin anew
		if total := browser.Float(e, "total"); total > 0 {
			progress(browser.Float(e, "loaded") / total)
		}
	})
	on(c.request, "load", func(js.Value) {
		a, err := parse(c.request)
		c.done <- outcome{a, err}
	})
	on(c.request, "error", func(js.Value) { c.done <- outcome{err: ErrOffline} })
	on(c.request, "timeout", func(js.Value) { c.done <- outcome{err: ErrTimeout} })
	on(c.request, "abort", func(js.Value) {
		if c.lost {
			c.done <- outcome{err: ErrOffline}
			return
		}
		c.done <- outcome{err: ErrCancelled}
	})
	// A request whose network goes would otherwise hang until the deadline.
	on(js.Global(), "offline", func(js.Value) {
		c.lost = true
		c.request.Call("abort")
	})
}

// Wait returns the answer or why there is none. It must be called once.
func (c *Call) Wait() (Answer, error) {
	o := <-c.done
	c.release()
	return o.answer, o.err
}

// Cancel gives the call up; Wait then returns ErrCancelled, unless the answer was there already.
func (c *Call) Cancel() { c.request.Call("abort") }

func (c *Call) release() {
	for _, undo := range c.undo {
		undo()
	}
	c.undo = nil
}

// parse reads an answer of the contract. Unknown fields are passed over and optional ones may be missing.
func parse(request js.Value) (Answer, error) {
	status := browser.Int(request, "status")
	text := browser.String(request, "responseText")
	var body js.Value
	if err := browser.Catch(func() { body = js.Global().Get("JSON").Call("parse", text) }); err != nil || body.Type() != js.TypeObject {
		if status == 200 {
			return Answer{}, ErrAnswer
		}
		return Answer{}, cardpp.ParseMessage(status, strings.TrimSpace(text[:min(len(text), 64)]))
	}
	if message := browser.String(body, "error_message"); message != "" || status != 200 {
		return Answer{}, cardpp.ParseMessage(status, message)
	}
	cards := body.Get("bank_cards")
	if cards.Type() != js.TypeObject {
		return Answer{}, ErrAnswer
	}
	if cards.Length() == 0 {
		return Answer{}, nil
	}
	return parseCard(cards.Index(0), request)
}

func parseCard(card, request js.Value) (Answer, error) {
	bound := card.Get("bound")
	if bound.Type() != js.TypeObject {
		return Answer{}, ErrAnswer
	}
	a := Answer{}
	for i, corner := range [4]string{"left_top", "right_top", "right_bottom", "left_bottom"} {
		p := bound.Get(corner)
		if p.Type() != js.TypeObject {
			return Answer{}, ErrAnswer
		}
		a.Bound[i] = geometry.Point{X: browser.Float(p, "x"), Y: browser.Float(p, "y")}
	}
	if n, err := cardnumber.Parse(browser.String(card, "number")); err == nil {
		a.Number = n
	}
	if h := request.Call("getResponseHeader", "X-Digit-Confidence"); h.Truthy() {
		a.Digits = confidences(h.String())
	}
	if h := request.Call("getResponseHeader", "X-Confidence"); h.Truthy() {
		if c := confidences(h.String()); len(c) == 1 {
			a.Sure = c[0]
		}
	}
	return a, nil
}

// confidences parses "0.99,0.98,…"; anything else is as good as no header.
func confidences(header string) []float64 {
	var out []float64
	for part := range strings.SplitSeq(header, ",") {
		v := js.Global().Call("Number", part).Float() // strconv's parser would be 8 KB to download
		if part == "" || !(v >= 0 && v <= 1) {
			return nil
		}
		out = append(out, v)
	}
	return out
}
