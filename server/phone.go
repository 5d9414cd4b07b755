package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/mdp/qrterminal/v3"

	"ocrbankcard/server/internal/lan"
	"ocrbankcard/server/internal/setting"
)

// phonePort is used unless ADDR names another.
const phonePort = "8443"

// phone serves over HTTPS on the local network, and prints a QR code that opens the page.
func phone(ctx context.Context, out, logs io.Writer) error {
	hangups := takeHangups()
	source := setting.Environment()
	c, err := Load(source)
	if err != nil {
		return err
	}
	if _, given := source.Lookup("ADDR"); !given {
		c.Addr = net.JoinHostPort("", phonePort)
	}
	addresses, err := lan.Addresses()
	if err != nil {
		return err
	}
	if c.Certificate == nil {
		if c.Certificate, err = lan.Certificate(addresses, time.Now()); err != nil {
			return err
		}
	}
	return serveAll(ctx, c, hangups, logs, func(s *Server, at net.Addr) {
		greetPhone(out, addresses, at)
		s.greet(out)
	})
}

func greetPhone(out io.Writer, addresses []netip.Addr, at net.Addr) {
	port := phonePort
	if a, ok := at.(*net.TCPAddr); ok {
		port = strconv.Itoa(a.Port)
	}
	page := func(a netip.Addr) string { return "https://" + net.JoinHostPort(a.String(), port) + "/" }
	fmt.Fprint(out, "Point the phone's camera at this code; phone and computer must be on the same network.\n\n")
	qrterminal.GenerateHalfBlock(page(addresses[0]), qrterminal.L, out)
	fmt.Fprintf(out, "\nScanner:    %s\n", page(addresses[0]))
	for _, a := range addresses[1:] {
		fmt.Fprintf(out, "            %s\n", page(a))
	}
	fmt.Fprintln(out, "The phone will warn that it doesn't know the certificate, which was made a moment ago: go on.")
}
