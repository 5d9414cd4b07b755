// Package gateway answers the contract's call: who calls, what was sent, is it a picture within the limits, what does
// the recognizer say. Stages return errors; one place writes them.
package gateway

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/auth"
	"ocrbankcard/server/internal/fetch"
	"ocrbankcard/server/internal/limit"
	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/picture"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/request"
	"ocrbankcard/server/internal/session"
)

// Gateway serves the contract. All fields are needed.
type Gateway struct {
	Recognizer recognizer.Recognizer
	Callers    *auth.Gate
	Fetcher    *fetch.Fetcher
	Uploads    *Uploads
	Limits     *Limits
	Sessions   *session.Book
	Counter    limit.Counter // of the scans of sessions
	Request    request.Config
	Deadline   time.Duration // for a call, from the end of its body on
	Observe    func(*observe.Event)
}

// ServeHTTP answers POST on the contract's paths.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := observe.Begin(r)
	r = r.WithContext(observe.With(r.Context(), e))
	r.Body = &tracked{ReadCloser: r.Body}
	g.cors(w, r)
	result, err := g.guarded(w, r, e)
	if err != nil {
		writeError(w, r, e, err)
	} else {
		writeResult(w, e, result, r.URL.Path == cardpp.PathV1)
	}
	g.Observe(e)
}

// NotFound answers whatever else is called under the contract's prefix: other paths, and other methods than POST.
func (g *Gateway) NotFound(w http.ResponseWriter, r *http.Request) {
	e := observe.Begin(r)
	r.Body = &tracked{ReadCloser: r.Body}
	g.cors(w, r)
	if r.URL.Path == cardpp.PathBeta || r.URL.Path == cardpp.PathV1 {
		w.Header().Set("Allow", "POST, OPTIONS")
	}
	writeError(w, r, e, cardpp.NewError(cardpp.APINotFound, ""))
	g.Observe(e)
}

// guarded turns a panic into an error, with its place and not its words, which might hold data.
func (g *Gateway) guarded(w http.ResponseWriter, r *http.Request, e *observe.Event) (result recognizer.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return g.recognize(w, r, e)
}

func panicked(p any) error {
	where := "unknown"
	pc := make([]uintptr, 16)
	pc = pc[:runtime.Callers(3, pc)]
	if other, ok := p.(interface{ Panicked() (any, []uintptr) }); ok { // on another goroutine
		p, pc = other.Panicked()
	}
	frames := runtime.CallersFrames(pc)
	f, more := frames.Next()
	for more && strings.HasPrefix(f.Function, "runtime.") { // what found the fault, not where it is
		f, more = frames.Next()
	}
	if f.Function != "" {
		where = fmt.Sprintf("%s:%d", f.Function, f.Line)
	}
	if e, ok := p.(runtime.Error); ok {
		return fmt.Errorf("panic in %s: %w", where, e)
	}
	return fmt.Errorf("panic in %s: a %T", where, p)
}

// recognize is a call's whole way.
func (g *Gateway) recognize(w http.ResponseWriter, r *http.Request, e *observe.Event) (recognizer.Result, error) {
	none := recognizer.Result{}
	who, err := g.identify(r, e)
	if err != nil {
		return none, err
	}
	visit, err := g.Uploads.crowd.enter(r.Context())
	defer visit.end()
	if err != nil {
		return none, err
	}
	memory := &grant{uploads: g.Uploads}
	defer memory.release()
	call, err := request.Read(w, r, g.Request, memory.take)
	if err != nil {
		return none, err
	}
	defer call.Release()
	e.Received = time.Since(e.Start)
	ctx, cancel := context.WithTimeout(r.Context(), g.Deadline)
	defer cancel()
	if err := g.admit(ctx, who, call, e); err != nil {
		return none, err
	}
	p, err := g.picture(ctx, call, memory)
	if err != nil {
		return none, err
	}
	p.V1 = r.URL.Path == cardpp.PathV1
	visit.received()
	e.Param, e.Format, e.Bytes, e.Width, e.Height = p.Param, string(p.Header.Format), len(p.File), p.Header.Width, p.Header.Height
	return g.ask(ctx, who, p, e)
}

// picture gets the picture, from the call itself or from the address that it names, and checks it.
func (g *Gateway) picture(ctx context.Context, call *request.Call, memory *grant) (p recognizer.Picture, err error) {
	p.Param = call.Param
	switch call.Param {
	case "":
		return p, cardpp.NewError(cardpp.MissingArguments, cardpp.ParamURL+", "+cardpp.ParamFile+", "+cardpp.ParamBase64)
	case cardpp.ParamURL:
		p.File, err = g.Fetcher.Get(ctx, call.URL(), memory.take)
	default:
		p.File, err = call.File()
	}
	if err != nil {
		return p, err
	}
	p.Header, err = picture.Inspect(p.File, call.Param)
	return p, err
}

// ask spends a scan of the caller's, if it has any, on the recognizer.
func (g *Gateway) ask(ctx context.Context, who caller, p recognizer.Picture, e *observe.Event) (recognizer.Result, error) {
	giveBack, err := g.spend(ctx, who)
	if err != nil {
		return recognizer.Result{}, err
	}
	start := time.Now()
	result, err := g.Recognizer.Recognize(ctx, p)
	e.Recognized, e.Recognizer = time.Since(start), result.By
	if err != nil && oursToBear(err) {
		giveBack()
	}
	return result, err
}
