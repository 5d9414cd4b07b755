package observe

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp"
)

// Metrics are the server's counters, by Prometheus' rules: base units, bounded labels. Labels hold kinds and outcomes,
// never anything of a caller's or a card's.
type Metrics struct {
	registry *prometheus.Registry

	calls      *prometheus.CounterVec   // by outcome, recognizer and kind of caller
	total      *prometheus.HistogramVec // by recognizer
	received   prometheus.Histogram
	recognized *prometheus.HistogramVec // by recognizer
	bytes      *prometheus.HistogramVec // by format
	limited    *prometheus.CounterVec   // by what the limit is on
	sessions   *prometheus.CounterVec   // by outcome
	closed     prometheus.Counter

	upstreamCalls    *prometheus.HistogramVec // by kind of failure
	upstreamAttempts *prometheus.HistogramVec
	upstreamRetries  *prometheus.CounterVec
	upstreamShared   prometheus.Counter
	breaker          *prometheus.GaugeVec // 1 for the state it is in
	queued           prometheus.Gauge
	queueWait        prometheus.Histogram
	queueRefused     prometheus.Counter
	queueMissed      prometheus.Counter
	redisAway        prometheus.Gauge
}

// seconds spans a call refused at once to one that its deadline ends (CALL_DEADLINE, 15 s by itself).
var seconds = []float64{.005, .01, .025, .05, .1, .2, .35, .5, .75, 1, 1.5, 2.5, 5, 10, 15}

// NewMetrics returns counters at zero, those of the process and the Go runtime included.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.calls = m.counters("scanner_calls_total", "Calls answered.", "outcome", "recognizer", "caller")
	m.total = m.histograms("scanner_call_seconds", "Time from a call's first byte to its answer.", seconds, "recognizer")
	m.received = m.histogram("scanner_receive_seconds", "Time until a call's body was in.")
	m.recognized = m.histograms("scanner_recognize_seconds", "Time in the recognizer, waiting included.", seconds, "recognizer")
	m.bytes = m.histograms("scanner_picture_bytes", "Size of the pictures.", prometheus.ExponentialBuckets(16<<10, 2, 8), "format")
	m.limited = m.counters("scanner_limited_total", "Calls refused by a limit on callers.", "on")
	m.sessions = m.counters("scanner_sessions_total", "Requests for sessions.", "outcome")
	m.closed = m.counters("scanner_connections_refused_total", "Connections closed because there were too many.").WithLabelValues()

	m.upstreamCalls = m.histograms("scanner_upstream_call_seconds", "Calls to Face++, retries included, by kind of failure.", seconds, "failure")
	m.upstreamAttempts = m.histograms("scanner_upstream_attempt_seconds", "Requests to Face++, by kind of failure.", seconds, "failure")
	m.upstreamRetries = m.counters("scanner_upstream_retries_total", "Requests to Face++ sent again, by what failed before.", "failure")
	m.upstreamShared = m.counters("scanner_upstream_shared_total", "Calls that joined another one's request for an equal picture.").WithLabelValues()
	m.breaker = m.gauges("scanner_upstream_breaker", "State of the breaker before Face++: 1 for the one it is in.", "state")
	m.queued = m.gauges("scanner_upstream_queue_calls", "Calls that wait for their turn under the QPS of Face++.").WithLabelValues()
	m.queueWait = m.histogram("scanner_upstream_queue_seconds", "Time that calls waited for their turn.")
	m.queueRefused = m.counters("scanner_upstream_queue_refused_total", "Calls refused because their turn would have come too late.").WithLabelValues()
	m.queueMissed = m.counters("scanner_upstream_queue_missed_total", "Turns that passed unused, as this process or Redis was late; the calls waited for others.").WithLabelValues()
	m.redisAway = m.gauges("scanner_redis_away", "1 while Redis is away and limits hold for this process alone.").WithLabelValues()
	m.Breaker("closed")
	m.upstreamCalls.WithLabelValues(label(facepp.None)) // what shares of calls and of requests are of
	m.upstreamAttempts.WithLabelValues(label(facepp.None))
	return m
}

func (m *Metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(h)
	return h
}

func (m *Metrics) histogram(name, help string) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: seconds})
	m.registry.MustRegister(h)
	return h
}

// Zero shows at zero whatever calls count in that these recognizers and these kinds of callers have part in. Prometheus takes
// for old what a counter begins with: no rate, and no alert, would see a replica's first burst of faults.
func (m *Metrics) Zero(recognizers, callers []string) {
	for _, by := range append(recognizers, "") { // "": a call that was refused before one was asked
		m.total.WithLabelValues(by)
		outcomes := []string{CallerGone}
		for _, c := range cardpp.Codes {
			outcomes = append(outcomes, c.Code)
		}
		if by != "" {
			m.recognized.WithLabelValues(by)
			outcomes = append(outcomes, "card", "no_card")
		}
		for _, outcome := range outcomes {
			for _, caller := range callers {
				m.calls.WithLabelValues(outcomeLabel(outcome), by, caller)
			}
		}
	}
	m.calls.WithLabelValues(outcomeLabel(cardpp.APINotFound), "", "") // nobody is asked there who calls
	for _, on := range []string{OnAddress, OnKey, OnSession} {
		m.limited.WithLabelValues(on)
	}
	for _, outcome := range []string{"opened", http.StatusText(http.StatusUnauthorized)} {
		m.sessions.WithLabelValues(outcomeLabel(outcome))
	}
}

// Gauge adds a gauge that asks f for its value.
func (m *Metrics) Gauge(name, help string, f func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
}

// Handler serves the metrics in Prometheus' formats.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Count takes a call into the metrics.
func (m *Metrics) Count(e *Event) {
	m.calls.WithLabelValues(outcomeLabel(e.Outcome), e.Recognizer, e.Caller).Inc()
	m.total.WithLabelValues(e.Recognizer).Observe(e.Total.Seconds())
	if e.Received > 0 {
		m.received.Observe(e.Received.Seconds())
	}
	if e.Format != "" {
		m.bytes.WithLabelValues(e.Format).Observe(float64(e.Bytes))
	}
	if e.Recognizer != "" {
		m.recognized.WithLabelValues(e.Recognizer).Observe(e.Recognized.Seconds())
	}
	if e.LimitedOn != "" {
		m.limited.WithLabelValues(e.LimitedOn).Inc()
	}
}

// CountSession takes a request for a session into the metrics.
func (m *Metrics) CountSession(e *Event) { m.sessions.WithLabelValues(outcomeLabel(e.Outcome)).Inc() }

// ConnectionRefused counts a connection that was one too many.
func (m *Metrics) ConnectionRefused() { m.closed.Inc() }

// The methods of facepp.Observer.

// Called takes a call to Face++ into the metrics.
func (m *Metrics) Called(failure facepp.Kind, took time.Duration) {
	m.upstreamCalls.WithLabelValues(label(failure)).Observe(took.Seconds())
}

// Attempted takes a request to Face++ into the metrics.
func (m *Metrics) Attempted(failure facepp.Kind, took time.Duration) {
	m.upstreamAttempts.WithLabelValues(label(failure)).Observe(took.Seconds())
}

// Retried counts a repeated request.
func (m *Metrics) Retried(after facepp.Kind) {
	m.upstreamRetries.WithLabelValues(label(after)).Inc()
}

// Shared counts a call that needed no request of its own.
func (m *Metrics) Shared() { m.upstreamShared.Inc() }

// Breaker notes the breaker's state.
func (m *Metrics) Breaker(state string) {
	for _, s := range []string{"closed", "half-open", "open"} {
		m.breaker.WithLabelValues(s).Set(truth(s == state))
	}
}

func outcomeLabel(outcome string) string {
	return strings.ToLower(strings.ReplaceAll(outcome, " ", "_"))
}

func label(k facepp.Kind) string {
	if k == facepp.None {
		return "none"
	}
	return string(k)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// The methods of limit.QueueObserver.

// Waiting notes the queue's length.
func (m *Metrics) Waiting(calls int) { m.queued.Set(float64(calls)) }

// Waited takes a wait into the metrics.
func (m *Metrics) Waited(d time.Duration) { m.queueWait.Observe(d.Seconds()) }

// Refused counts a call that the queue refused.
func (m *Metrics) Refused(time.Duration) { m.queueRefused.Inc() }

// Missed counts a place in the schedule that passed before it could be used.
func (m *Metrics) Missed() { m.queueMissed.Inc() }

// RedisAway notes whether Redis is away.
func (m *Metrics) RedisAway(away bool) { m.redisAway.Set(truth(away)) }
