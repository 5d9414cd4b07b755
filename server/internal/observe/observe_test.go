package observe

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/setting"
)

func TestTraces(t *testing.T) {
	const id, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for header, continues := range map[string]bool{
		"00-" + id + "-" + parent + "-01":                         true,
		"00-" + id + "-" + parent + "-00":                         true,
		"cc-" + id + "-" + parent + "-01-what-the-future-will-be": true,
		"00-" + id + "-" + parent + "-01-more":                    false,
		"ff-" + id + "-" + parent + "-01":                         false,
		"00-" + strings.ToUpper(id) + "-" + parent + "-01":        false,
		"00-" + strings.Repeat("0", 32) + "-" + parent + "-01":    false,
		"00-" + id + "-" + strings.Repeat("0", 16) + "-01":        false,
		"00-" + id + "-" + parent + "-0x":                         false,
		"00-" + id + "-" + parent[:15] + "x-01":                   false,
		"":                                                        false, "nonsense": false, "00-4111111111111111-1-1-1-1": false,
	} {
		trace := ParseTrace(header)
		if (trace.ID == id) != continues {
			t.Errorf("%q: %+v", header, trace)
		}
		if continues && trace.Sampled != strings.Contains(header, "-01") {
			t.Errorf("%q: sampled %v", header, trace.Sampled)
		}
		if again := ParseTrace(trace.Header()); again.ID != trace.ID || trace.Span == parent || !strings.Contains(trace.Header(), "-"+trace.Span+"-") {
			t.Errorf("%q goes on as %q", header, trace.Header())
		}
	}
}

func TestALogLineHoldsTheCall(t *testing.T) {
	var log bytes.Buffer
	e := &Event{RequestID: "1,2", Trace: ParseTrace(""), Route: "POST /x", Status: 500, Outcome: "INTERNAL_ERROR", Format: "png",
		Bytes: 7, Recognizer: "embedded", Cause: errors.New("why"), Total: 1234567 * time.Nanosecond}
	e.Log(LogConfig{Level: "info", Format: "json"}.Logger(&log))
	for _, want := range []string{`"level":"ERROR"`, `"request_id":"1,2"`, `"trace_id":"` + e.Trace.ID, `"cause":"why"`, `"bytes":7`, `"recognizer":"embedded"`, `"total_ms":1.234,`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s is not in %s", want, log.String())
		}
	}
}

func TestMetricsTellEverything(t *testing.T) {
	m := NewMetrics()
	m.Count(&Event{Outcome: "Request Entity Too Large", Caller: "page", Recognizer: "embedded", Format: "jpeg", Bytes: 1, Received: 1, LimitedOn: "address"})
	m.Count(&Event{Outcome: "API_NOT_FOUND"}) // no body was taken, and nobody asked
	m.CountSession(&Event{Outcome: "Bad Request"})
	m.Called(facepp.None, time.Second)
	m.Attempted(facepp.Timeout, time.Second)
	m.Retried(facepp.Reset)
	m.Shared()
	m.Breaker("open")
	m.Waiting(3)
	m.Waited(time.Second)
	m.Refused(time.Second)
	m.Missed()
	m.RedisAway(true)
	m.Gauge("scanner_test", "For this test.", func() float64 { return 42 })
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`scanner_calls_total{caller="page",outcome="request_entity_too_large",recognizer="embedded"} 1`,
		`scanner_calls_total{caller="",outcome="api_not_found",recognizer=""} 1`, `scanner_call_seconds_count{recognizer="embedded"} 1`,
		`scanner_recognize_seconds_count{recognizer="embedded"} 1`, "scanner_receive_seconds_count 1\n",
		`scanner_sessions_total{outcome="bad_request"} 1`,
		`scanner_limited_total{on="address"} 1`, `scanner_picture_bytes_count{format="jpeg"} 1`,
		`scanner_upstream_call_seconds_count{failure="none"} 1`, `scanner_upstream_attempt_seconds_count{failure="timeout"} 1`,
		`scanner_upstream_retries_total{failure="reset"} 1`, `scanner_upstream_shared_total 1`,
		`scanner_upstream_breaker{state="open"} 1`, `scanner_upstream_breaker{state="closed"} 0`,
		`scanner_upstream_queue_calls 3`, `scanner_upstream_queue_seconds_count 1`, `scanner_upstream_queue_refused_total 1`,
		`scanner_upstream_queue_missed_total 1`,
		`scanner_redis_away 1`, `scanner_test 42`, `go_goroutines`, `process_resident_memory_bytes`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s", want)
		}
	}
	for _, unwanted := range []string{`scanner_recognize_seconds_count{recognizer=""}`, `scanner_picture_bytes_count{format=""}`, `scanner_limited_total{on=""}`} {
		if strings.Contains(string(text), unwanted) {
			t.Errorf("%s tells of nothing", unwanted)
		}
	}
}

func TestConfigErrorsNameTheirVariable(t *testing.T) {
	for name, value := range map[string]string{"LOG_LEVEL": "loud", "LOG_FORMAT": "xml"} {
		err := LoadLog(setting.Map(map[string]string{name: value})).Validate()
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
