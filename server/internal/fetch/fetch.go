// Package fetch downloads the picture that an image_url names, and lets nobody use the server to reach what only the
// server can reach (server-side request forgery, CWE-918): every address is checked at the moment of dialling, after
// DNS has answered and for every redirect, so that neither a name that changes its mind nor a decimal, hexadecimal or
// IPv6-mapped way of writing an address gets past.
package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"

	"ocrbankcard/internal/cardpp"
)

// Fetcher downloads pictures. It is safe for concurrent use.
type Fetcher struct {
	config Config
	client *http.Client
}

// errRefused is returned by the dialler for an address that is not allowed.
var errRefused = errors.New("fetch: address not allowed")

// New returns a Fetcher. It uses no proxy, keeps no cookies and no connections.
func New(c Config) *Fetcher {
	f := &Fetcher{config: c}
	f.client = &http.Client{
		Transport: &http.Transport{
			DialContext:            f.dialer(nil).DialContext,
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout:    c.Deadline,
			ResponseHeaderTimeout:  c.Deadline,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: f.redirect,
	}
	return f
}

// dialer connects to allowed addresses only; resolver is the system's when nil.
func (f *Fetcher) dialer(resolver *net.Resolver) *net.Dialer {
	check := func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !f.config.allowed(a) {
			return errRefused
		}
		return nil
	}
	return &net.Dialer{Timeout: f.config.Deadline, Control: check, Resolver: resolver}
}

// redirect allows a redirect to another address of the same kind, and tells that one nothing of where we come from.
func (f *Fetcher) redirect(r *http.Request, via []*http.Request) error {
	if len(via) > f.config.Redirects || !fetchable(r.URL) {
		return errRefused
	}
	r.Header.Del("Referer")
	return nil
}

// Get downloads the file at address. It asks room for memory before it uses any, and gives up with room's error, which is
// the contract's. So are its own: IMAGE_DOWNLOAD_TIMEOUT, IMAGE_FILE_TOO_LARGE, or INVALID_IMAGE_URL for all else, so that an
// answer tells nothing about the network behind.
func (f *Fetcher) Get(ctx context.Context, address string, room func(bytes int) error) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || !fetchable(u) {
		return nil, cardpp.NewError(cardpp.InvalidImageURL, "")
	}
	ctx, cancel := context.WithTimeout(ctx, f.config.Deadline)
	defer cancel()
	file, err := f.download(ctx, u, room)
	var known *cardpp.Error
	var timeout net.Error
	switch {
	case err == nil || errors.As(err, &known):
		return file, err
	case ctx.Err() == context.DeadlineExceeded, errors.As(err, &timeout) && timeout.Timeout():
		return nil, cardpp.NewError(cardpp.DownloadTimeout, "")
	}
	return nil, cardpp.NewError(cardpp.InvalidImageURL, "")
}

func (f *Fetcher) download(ctx context.Context, u *url.URL, room func(bytes int) error) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "image/jpeg, image/png")
	r.Header.Set("User-Agent", "ocrbankcard")
	answer, err := f.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, cardpp.NewError(cardpp.InvalidImageURL, "")
	}
	if answer.ContentLength > cardpp.MaxFileBytes {
		return nil, cardpp.NewError(cardpp.FileTooLarge, cardpp.ParamURL)
	}
	return readAll(answer.Body, room)
}

// firstRoom is what a download is granted before any of it has come; what is larger doubles as it comes in.
const firstRoom = 64 << 10

func readAll(body io.Reader, room func(bytes int) error) (file []byte, err error) {
	for {
		if len(file) == cap(file) {
			more := min(max(firstRoom, 2*cap(file)), cardpp.MaxFileBytes+1) // a byte more, to see that it is too large
			if err := room(more - cap(file)); err != nil {
				return nil, err
			}
			file = append(make([]byte, 0, more), file...)
		}
		n, err := body.Read(file[len(file):cap(file)])
		file = file[:len(file)+n]
		switch {
		case len(file) > cardpp.MaxFileBytes:
			return nil, cardpp.NewError(cardpp.FileTooLarge, cardpp.ParamURL)
		case err == io.EOF:
			return file, nil
		case err != nil:
			return nil, err
		}
	}
}

// fetchable reports whether an address is plain http or https, without credentials.
func fetchable(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
