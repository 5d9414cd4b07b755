package facepp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// proxied is the way through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for the upstream: net/http's
// Transport, which knows all their kinds.
type proxied struct{ transport *http.Transport }

func newProxied(c Config) *proxied {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // as one call a connection lets each upload have all of the way
	return &proxied{&http.Transport{
		Proxy:                  c.Proxy,
		TLSClientConfig:        tlsConfig(c),
		TLSHandshakeTimeout:    handshakeTime,
		Protocols:              protocols,
		IdleConnTimeout:        keepFor,
		MaxIdleConnsPerHost:    keepMax,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		WriteBufferSize:        16 << 10, // a record of TLS (RFC 8446, 5.1)
	}}
}

func (p *proxied) close() { p.transport.CloseIdleConnections() }

// exchange is way's. A connection of the Transport's waits within GotConn, with nothing sent.
func (p *proxied) exchange(ctx context.Context, r request, ready func() error) (*http.Response, error) {
	ctx, stop := context.WithCancelCause(ctx)
	l := &lent{form: r.body}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if err := ready(); err != nil {
			stop(err)
			i.Conn.Close() // or the header would still be sent
		}
	}})
	resp, err := p.transport.RoundTrip(p.request(ctx, r, l))
	if err != nil {
		l.takeBack()
		if cause, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
			err = cause
		}
		stop(nil)
		return nil, err
	}
	of := resp.Body
	resp.Body = &answerBody{ReadCloser: of, end: func(bool) {
		of.Close()
		l.takeBack()
		stop(nil)
	}}
	return resp, nil
}

// request builds the call. Another body can be had for a request of which no byte was sent, as when a kept connection
// turns out to be closed: net/http then takes another connection by itself.
func (p *proxied) request(ctx context.Context, r request, l *lent) *http.Request {
	header := http.Header{"Content-Type": {r.contentType}, "Accept": {"application/json"}, "User-Agent": {userAgent}}
	if r.traceparent != "" {
		header["Traceparent"] = []string{r.traceparent}
	}
	q := &http.Request{Method: http.MethodPost, URL: r.endpoint, Host: r.endpoint.Host, Header: header, Body: l.reader(),
		GetBody:       func() (io.ReadCloser, error) { return l.reader(), nil },
		ContentLength: int64(r.body.length()), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	return q.WithContext(ctx)
}

// lent is a form that net/http may go on reading after its round trip has ended. The lock lets the picture's owner have
// it back the moment that the exchange is over.
type lent struct {
	mu   sync.Mutex
	form body
	gone bool
}

var errTakenBack = errors.New("the picture was taken back")

func (l *lent) takeBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
}

func (l *lent) reader() io.ReadCloser {
	f := l.form
	return &lentReader{l, io.MultiReader(bytes.NewReader(f.head), bytes.NewReader(f.file), bytes.NewReader(f.tail))}
}

type lentReader struct {
	of   *lent
	form io.Reader
}

func (r *lentReader) Read(p []byte) (int, error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.of.gone {
		return 0, errTakenBack
	}
	return r.form.Read(p)
}

func (r *lentReader) Close() error { return nil }
