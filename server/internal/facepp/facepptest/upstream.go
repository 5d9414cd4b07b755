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
	taken  []time.Time // of the last forgetAfter, sorted
}

// forgetAfter is for how long a call counts that was taken: the second of the QPS, and how late a call may be seen.
const forgetAfter = 6 * time.Second

// Call is what the stand-in was sent.
type Call struct {
	At                    time.Time // when its header was there; see Stamp
	Seen                  time.Time // when the stand-in got to run for it
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
	call := Call{At: arrival(r.Context()), Seen: time.Now(), Path: r.URL.Path, Traceparent: r.Header.Get("Traceparent")}
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

// take counts a call against the QPS: whether a second that it lies in holds too many of those taken. Calls may come here
// in another order than they arrived in.
func (u *Upstream) take(at time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.QPS == 0 {
		return true
	}
	i, _ := slices.BinarySearchFunc(u.taken, at, time.Time.Compare)
	with := slices.Insert(slices.Clone(u.taken), i, at)
	if mostInASecond(with) > u.QPS {
		return false
	}
	// What arrived longer ago than any call can be late is forgotten.
	u.taken = slices.DeleteFunc(with, func(t time.Time) bool { return at.Sub(t) > forgetAfter })
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

// MostInASecond returns the largest number of calls, sorted by arrival, that arrived within one second.
func MostInASecond(calls []Call) int {
	at := make([]time.Time, len(calls))
	for i, c := range calls {
		at[i] = c.At
	}
	return mostInASecond(at)
}

func mostInASecond(at []time.Time) int {
	most, first := 0, 0
	for i, t := range at {
		for t.Sub(at[first]) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
