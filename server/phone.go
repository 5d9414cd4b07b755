package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
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
	made := c.Certificate == nil
	if made {
		if c.Certificate, err = lan.Certificate(addresses, time.Now()); err != nil {
			return err
		}
	}
	return serveAll(ctx, c, hangups, logs, func(s *Server, at net.Addr) {
		greetPhone(out, addresses, at)
		if made {
			fmt.Fprintln(out, "The phone will warn that it doesn't know the certificate, which was made a moment ago: go on.")
		}
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
	drawCode(out, page(addresses[0]))
	fmt.Fprintf(out, "\nScanner:    %s\n", page(addresses[0]))
	for _, a := range addresses[1:] {
		fmt.Fprintf(out, "            %s\n", page(a))
	}
}

// drawCode draws text as a QR code. Its blocks are light ones: a terminal is told so, for on one with dark letters on light
// paper they would be dark, and not every phone reads a code whose light and dark have changed places.
func drawCode(out io.Writer, text string) {
	var code bytes.Buffer
	qrterminal.GenerateHalfBlock(text, qrterminal.L, &code)
	lit, plain := "", ""
	if f, is := out.(*os.File); is {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			lit, plain = "\x1b[38;5;231;48;5;16m", "\x1b[0m" // white on black, whatever the terminal's theme makes of its first 16 colours
		}
	}
	for line := range strings.Lines(code.String()) {
		fmt.Fprintln(out, lit+strings.TrimSuffix(line, "\n")+plain)
	}
}
