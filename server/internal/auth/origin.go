package auth

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// sameOrigin reports whether the server's own page made the call. Browsers say so in Sec-Fetch-Site (W3C Fetch
// Metadata), which scripts cannot set; older ones only by Origin (RFC 6454), which must then name this host. Programs
// can claim either: this keeps foreign pages out, not programs.
func (g *Gate) sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return r.Header.Get("Origin") != "" && !g.foreign(r)
}

// foreign reports whether a browser says that a page of another origin made the call.
func (g *Gate) foreign(r *http.Request) bool {
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "none":
	default:
		return site != "same-origin"
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) || u.Scheme != g.scheme(r)
}

// scheme is the one that the caller used, as far as a trusted proxy tells.
func (g *Gate) scheme(r *http.Request) string {
	if proto := r.Header.Get("X-Forwarded-Proto"); proto != "" && g.trusted(peer(r)) {
		return strings.ToLower(proto)
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// OriginAllowed reports whether a page of this origin may call from abroad, and read the answer.
func (g *Gate) OriginAllowed(origin string) bool {
	return origin != "" && (slices.Contains(g.config.Origins, "*") || g.named(origin) || slices.Contains(*g.shops.Load(), origin))
}

// named reports whether CORS_ORIGINS names an origin, and not merely all of them.
func (g *Gate) named(origin string) bool {
	return slices.Contains(g.config.Origins, strings.ToLower(origin))
}

// Scanner reports whether the call may be the scanner's own page's: one of this server's, or of an origin that
// CORS_ORIGINS names (the scanner on a CDN). Programs, which name no origin, pass for it.
func (g *Gate) Scanner(r *http.Request) bool {
	return !g.foreign(r) || g.named(r.Header.Get("Origin"))
}

// Secure reports whether the caller used TLS, as far as the connection or a trusted proxy tells.
func (g *Gate) Secure(r *http.Request) bool { return g.scheme(r) == "https" }

// Foreign reports whether a page of another origin made the call that is not allowed to.
func (g *Gate) Foreign(r *http.Request) bool {
	return g.foreign(r) && !g.OriginAllowed(r.Header.Get("Origin"))
}

// ClientAddr is the caller's address. Behind trusted proxies it is the last address of X-Forwarded-For that is not
// itself a trusted proxy's; some write a port behind it. A call that an untrusted program on this machine forwards, or for
// which no address can be made out, has no known address: it isn't taken for loopback merely because a proxy runs here.
func (g *Gate) ClientAddr(r *http.Request) netip.Addr {
	a := peer(r)
	lists := r.Header.Values("X-Forwarded-For")
	hops := strings.Split(strings.Join(lists, ","), ",")
	forwarded := len(lists) > 0 || r.Header.Get("Forwarded") != "" || r.Header.Get("Via") != ""
	if !g.trusted(a) {
		if forwarded && a.IsLoopback() {
			return netip.Addr{}
		}
		return a
	}
	for i := len(hops) - 1; i >= 0 && forwarded && g.trusted(a); i-- {
		a = hop(hops[i])
	}
	return a
}

// hop reads one address of X-Forwarded-For; the result is invalid where there is none.
func hop(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(s) // the zero Addr when it fails
	return a.Unmap()
}

// trusted tells the proxies of TRUSTED_PROXIES. No network contains an address that names its link.
func (g *Gate) trusted(a netip.Addr) bool {
	a = a.WithZone("")
	return slices.ContainsFunc(g.config.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// peer is the address at the other end of the connection.
func peer(r *http.Request) netip.Addr {
	a, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero AddrPort when it fails
	return a.Addr().Unmap()
}
