// Package lan opens the scanner to a phone on the local network: browsers give the camera to secure pages only, so the
// server makes itself a certificate, and shows its address as a QR code.
package lan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
)

// ErrNoNetwork is returned where this machine has no address that a phone could reach.
var ErrNoNetwork = errors.New("lan: this machine has no address on a network: connect it to the phone's")

// Addresses returns this machine's addresses that a phone may reach, the likeliest first: private IPv4, as home and
// office networks use it, before all others.
func Addresses() ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var found []netip.Addr
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		if addr := p.Addr().Unmap(); addr.IsGlobalUnicast() {
			found = append(found, addr)
		}
	}
	if len(found) == 0 {
		return nil, ErrNoNetwork
	}
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return found, nil
}

func rank(a netip.Addr) int {
	switch {
	case a.Is4() && a.IsPrivate():
		return 0
	case a.Is4():
		return 1
	}
	return 2
}

var hostname = os.Hostname // but for tests

// names are those of this machine. A certificate holds none with letters beyond ASCII's (RFC 5280, 4.2.1.6).
func names() []string {
	name, err := hostname()
	if err != nil || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		return []string{"localhost"}
	}
	return []string{"localhost", name, name + ".local"}
}

// Certificate makes a certificate for the addresses and this machine's name. It signs itself, so the phone asks once
// whether to trust it; its key is nowhere but in memory.
func Certificate(addresses []netip.Addr, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Bank card scanner on this network"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(30 * 24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              names(),
	}
	for _, a := range addresses {
		c.IPAddresses = append(c.IPAddresses, a.AsSlice())
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
