package observe

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"ocrbankcard/server/internal/setting"
)

// LogConfig says what is logged.
type LogConfig struct {
	Level  string // debug, info, warn or error
	Format string // json or text
}

// LoadLog returns the defaults, changed by the environment.
func LoadLog(s *setting.Source) LogConfig {
	c := LogConfig{Level: "info", Format: "text"}
	s.Text("LOG_LEVEL", &c.Level)
	s.Text("LOG_FORMAT", &c.Format)
	return c
}

// Validate reports settings that can't work.
func (c LogConfig) Validate() error {
	var level slog.Level
	if level.UnmarshalText([]byte(c.Level)) != nil {
		return setting.Invalid("LOG_LEVEL", "debug, info, warn or error")
	}
	if c.Format != "json" && c.Format != "text" {
		return setting.Invalid("LOG_FORMAT", "json or text")
	}
	return nil
}

// Logger writes a validated configuration's log to w.
func (c LogConfig) Logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{}
	var level slog.Level
	if level.UnmarshalText([]byte(c.Level)) == nil {
		o.Level = level
	}
	if strings.EqualFold(c.Format, "json") {
		o.ReplaceAttr = inMilliseconds
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// inMilliseconds gives durations in JSON their unit: by itself, slog writes bare nanoseconds.
func inMilliseconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindDuration {
		return a
	}
	return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Microseconds())/1000)
}

// Log writes one line for a call: faults of ours as errors, refusals and answers for information. That a caller has gone
// before it was answered is no fault of ours, whatever it would have been told.
func (e *Event) Log(log *slog.Logger) {
	level := slog.LevelInfo
	left := e.Outcome == CallerGone && errors.Is(e.Cause, context.Canceled)
	if e.Status >= http.StatusInternalServerError && !left {
		level = slog.LevelError
	}
	a := []slog.Attr{
		slog.String("request_id", e.RequestID), slog.String("trace_id", e.Trace.ID), slog.String("span_id", e.Trace.Span),
		slog.String("method", e.Method), slog.String("route", e.Route), slog.Int("status", e.Status), slog.String("outcome", e.Outcome),
		slog.String("caller", e.Caller), slog.Duration("received", e.Received), slog.Duration("total", e.Total),
	}
	if e.Merchant != "" {
		a = append(a, slog.String("merchant", e.Merchant))
	}
	if e.Format != "" {
		a = append(a, slog.String("param", e.Param), slog.String("format", e.Format), slog.Int("bytes", e.Bytes),
			slog.Int("width", e.Width), slog.Int("height", e.Height))
	}
	if e.Recognizer != "" {
		a = append(a, slog.String("recognizer", e.Recognizer), slog.Duration("recognized", e.Recognized), slog.Int("cards", e.Cards))
	}
	if e.LimitedOn != "" {
		a = append(a, slog.String("limited_on", e.LimitedOn))
	}
	if e.Cause != nil {
		a = append(a, slog.String("cause", e.Cause.Error()))
	}
	log.LogAttrs(context.Background(), level, "call", a...)
}
