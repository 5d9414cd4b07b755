package fetch

import (
	"net/netip"
	"slices"
)

// reserved are the networks that are not the public Internet: the special-purpose registries of IANA (RFC 6890 and its
// updates) and the addresses at which clouds serve an instance's secrets.
var reserved = prefixes(
	"0.0.0.0/8",        // this network
	"10.0.0.0/8",       // private, RFC 1918
	"100.64.0.0/10",    // shared, RFC 6598; Alibaba's metadata at 100.100.100.200
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // Azure's platform service, though a public address
	"169.254.0.0/16",   // link-local; most clouds' metadata at 169.254.169.254
	"172.16.0.0/12",    // private, RFC 1918
	"192.0.0.0/24",     // protocol assignments; Oracle's metadata at 192.0.0.192
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays, deprecated
	"192.168.0.0/16",   // private, RFC 1918
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/3",      // multicast, reserved, broadcast
	"2001::/23",        // protocol assignments, Teredo among them
	"2001:db8::/32",    // documentation
	"2002::/16",        // 6to4: carries any IPv4 address
	"3fff::/20",        // documentation
)

// publicIPv6 holds all global unicast addresses that are handed out; loopback, unique local, link-local, multicast,
// IPv4-compatible and NAT64 addresses lie outside.
var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) (p []netip.Prefix) {
	for _, s := range list {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

// public reports whether an address is one of the public Internet. IPv4 addresses in IPv6 clothes count as IPv4.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	if a.Is6() && !publicIPv6.Contains(a) {
		return false
	}
	return !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(a) })
}

// allowed reports whether an address and port may be dialled: the web's ports on public addresses, and whatever the
// operator has allowed.
func (c Config) allowed(a netip.AddrPort) bool {
	addr := a.Addr().Unmap()
	if slices.ContainsFunc(c.Allow, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return true
	}
	return public(addr) && (a.Port() == 80 || a.Port() == 443)
}
