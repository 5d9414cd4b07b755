package facepp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// newTransport returns the connections to the upstream: HTTP/1.1, as one call a connection lets each upload have all
// of the way; kept alive for less than the 60 s or more that servers do, so that few are closed under a request.
// Redirects aren't followed (nothing above a RoundTripper does), as the secret would go with them.
func newTransport(c Config) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: 2 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if tcp, ok := conn.(*net.TCPConn); ok {
				return uploader{tcp}, nil
			}
			return conn, err
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs, ClientSessionCache: tls.NewLRUClientSessionCache(0)},
		TLSHandshakeTimeout:    3 * time.Second,
		Protocols:              protocols,
		IdleConnTimeout:        50 * time.Second,
		MaxIdleConnsPerHost:    1024,
		DisableCompression:     true, // answers are short, and a bomb can't be one
		MaxResponseHeaderBytes: 64 << 10,
		WriteBufferSize:        writeBuffer(c.Endpoint),
	}
}

// writeBuffer is what each connection keeps for writing: room for a header, as a body goes by itself (see uploader); or
// for a record of TLS (RFC 8446, 5.1), which a body is cut into.
func writeBuffer(endpoint string) int {
	if strings.HasPrefix(endpoint, "https:") {
		return 16 << 10
	}
	return 4 << 10
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
