// Package facepptest is a stand-in for Face++'s OCR Bank Card API: it parses and checks calls as the contract says,
// keeps the key's QPS, remembers what it was sent, and answers by script or with a card of its own. Raw stands in for
// one that breaks.
package facepptest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
)

// Upstream is the stand-in, an http.Handler for both paths. Its fields are set before the first call; the zero value
// takes any credentials and answers at once that there is no card.
type Upstream struct {
	Key, Secret string        // that calls must bring; any, when both are ""
	QPS         int           // calls taken in any second, the others get CONCURRENCY_LIMIT_EXCEEDED; 0 takes all
	Delay       time.Duration // before an answer, refusals excepted
	Number      cardnumber.Number
	Answer      func(Call) Reply // in place of the answer with Number

	mu     sync.Mutex
	script []Reply
	calls  []Call
	taken  []time.Time // of the last second
}

// Call is what the stand-in was sent.
type Call struct {
	At                    time.Time // when its header was there
	Path, Traceparent     string
	Key, Secret           string
	Param                 string // image_file, image_base64 or image_url: which one counted
	File                  []byte // raw; nil for image_url
	FileName, ContentType string // of image_file
	Limited               bool   // refused for the QPS
}

// Reply is a scripted answer.
type Reply struct {
	Status      int    // 200 when 0
	Body        string // verbatim
	ContentType string // application/json when ""
	Delay       time.Duration
}

// Failure returns the reply of a row of the contract's table.
func Failure(code, detail string) Reply {
	e := cardpp.NewError(code, detail)
	if code == cardpp.EntityTooLarge {
		return Reply{Status: e.Status, Body: e.Message(), ContentType: "text/plain"}
	}
	return Reply{Status: e.Status, Body: string(cardpp.AppendErrorJSON(nil, e, requestID(), 3))}
}

// Success returns the reply with an answer.
func Success(a cardpp.Answer) Reply { return Reply{Body: string(a.AppendJSON(nil))} }

// Script makes the next calls that pass the checks be answered with these, in order.
func (u *Upstream) Script(replies ...Reply) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.script = append(u.script, replies...)
}

// Calls returns what was sent so far, refused calls included, in the order of their headers' arrival.
func (u *Upstream) Calls() []Call {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.SortedFunc(slices.Values(u.calls), func(a, b Call) int { return a.At.Compare(b.At) })
}

// ServeHTTP answers a call.
func (u *Upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := Call{At: time.Now(), Path: r.URL.Path, Traceparent: r.Header.Get("Traceparent")}
	reply := u.reply(w, r, &call)
	wait(r, reply.Delay)
	if reply.ContentType == "" {
		reply.ContentType = "application/json"
	}
	w.Header().Set("Content-Type", reply.ContentType)
	w.WriteHeader(max(reply.Status, 200))
	fmt.Fprint(w, reply.Body)
}

// reply checks in the order that the service's own answers show: path, parameters, credentials, QPS, picture.
func (u *Upstream) reply(w http.ResponseWriter, r *http.Request, call *Call) Reply {
	defer func() { u.record(*call) }()
	if r.Method != http.MethodPost || call.Path != cardpp.PathBeta && call.Path != cardpp.PathV1 {
		return Failure(cardpp.APINotFound, "")
	}
	if failure := call.read(w, r); failure != nil {
		return *failure
	}
	if u.Key+u.Secret != "" && (call.Key != u.Key || call.Secret != u.Secret) {
		return Failure(cardpp.AuthenticationError, "")
	}
	if !u.take(call.At) {
		call.Limited = true
		return Failure(cardpp.ConcurrencyLimit, "")
	}
	wait(r, u.Delay)
	size, failure := call.check()
	if failure != nil {
		return *failure
	}
	return u.next(*call, size)
}

func (u *Upstream) record(c Call) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.calls = append(u.calls, c)
}

// take counts a call against the QPS, in the second that ends with it.
func (u *Upstream) take(now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.QPS == 0 {
		return true
	}
	for len(u.taken) > 0 && now.Sub(u.taken[0]) >= time.Second {
		u.taken = u.taken[1:]
	}
	if len(u.taken) >= u.QPS {
		return false
	}
	u.taken = append(u.taken, now)
	return true
}

func (u *Upstream) next(c Call, size point) Reply {
	u.mu.Lock()
	if len(u.script) > 0 {
		defer u.mu.Unlock()
		reply := u.script[0]
		u.script = u.script[1:]
		return reply
	}
	u.mu.Unlock()
	if u.Answer != nil {
		return u.Answer(c)
	}
	return Success(u.card(size))
}

func wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// MostInASecond returns the largest number of calls whose times lie within one second.
func MostInASecond(calls []Call) int {
	most, first := 0, 0
	for i, c := range calls {
		for c.At.Sub(calls[first].At) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
