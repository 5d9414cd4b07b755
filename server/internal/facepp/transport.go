package facepp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// way is how calls get to the upstream.
type way interface {
	// exchange connects, calls ready, which returns when the call's turn has come, sends the request, and reads the
	// header of the answer. The body must be closed; the picture isn't touched after that. The errors of ready come back
	// as they are.
	exchange(ctx context.Context, r request, ready func() error) (*http.Response, error)
	close() // the idle connections
}

// request is what differs between calls.
type request struct {
	endpoint    *url.URL
	contentType string
	traceparent string // "" for none
	body        body
}

const userAgent = "ocrbankcard"

// newWay chooses the proxy's where there is one.
func newWay(endpoint *url.URL, c Config) (way, error) {
	proxy, err := c.Proxy(&http.Request{URL: endpoint})
	switch {
	case err != nil: // not wrapped: a proxy's URL may hold a password
		return nil, errors.New("HTTPS_PROXY or HTTP_PROXY is no URL of a proxy")
	case proxy != nil:
		return newProxied(c), nil
	}
	return newDirect(endpoint, c), nil
}

func tlsConfig(c Config) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs, ClientSessionCache: tls.NewLRUClientSessionCache(0)}
}

// closedIdle ends the text of an error for which net/http has no exported value.
const closedIdle = "server closed idle connection"

// transportError tells what became of a request. Its text is built from known parts alone: net/http's own errors may
// quote what the upstream sent.
func transportError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok { // of our own body: the turn didn't come
		return e
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return newError(DNS, errors.New("looking up "+e.Name+" failed"))
	}
	if kind, text := tlsTrouble(err); kind != None {
		return newError(kind, errors.New(text))
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return newError(Timeout, errors.New("no answer in time"))
	}
	errno, _ := errors.AsType[syscall.Errno](err)
	switch {
	case errno == syscall.ECONNREFUSED:
		return newError(Refused, errno)
	case errno == syscall.ECONNRESET, errno == syscall.EPIPE:
		return newError(Reset, errno)
	case strings.HasSuffix(err.Error(), closedIdle), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return newError(Reset, io.ErrUnexpectedEOF)
	case errors.Is(err, context.Canceled):
		return newError(Cancelled, context.Canceled)
	case errno != 0:
		return newError(Transport, errno)
	}
	return newError(Transport, errors.New("the exchange broke off"))
}

func tlsTrouble(err error) (Kind, string) {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Certificate, "the certificate is not to be trusted: " + certificateTrouble(err)
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return TLS, "the upstream doesn't speak TLS"
	}
	if e, ok := errors.AsType[tls.AlertError](err); ok {
		return TLS, e.Error()
	}
	return None, ""
}

func certificateTrouble(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "unknown authority"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "another host's"
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "expired"
	}
	return "invalid"
}
