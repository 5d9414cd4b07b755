package gateway

import "net/http"

// exposed are the headers that pages of other origins may read.
const exposed = "X-Recognizer, X-Confidence, X-Digit-Confidence, Retry-After"

// cors tells a browser whether a page of another origin may read the answer (WHATWG Fetch, 3.2). Nothing is allowed
// that isn't configured; cookies never are.
func (g *Gateway) cors(w http.ResponseWriter, r *http.Request) {
	h, origin := w.Header(), r.Header.Get("Origin")
	h.Add("Vary", "Origin")
	if !g.Callers.OriginAllowed(origin) {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", exposed)
}

// Preflight answers OPTIONS on the contract's paths.
func (g *Gateway) Preflight(w http.ResponseWriter, r *http.Request) {
	g.cors(w, r)
	if h := w.Header(); h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", "POST")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Traceparent")
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
}
