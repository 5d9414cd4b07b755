// Command server is the gateway: it serves the page, answers the contract of the Face++ OCR Bank Card API, and reads
// cards with Face++ or with the embedded engine.
//
//	server                          serve on ADDR
//	server phone                    serve over HTTPS on the local network, for a phone's camera
//	server read PHOTO [-draw PNG]   print the contract's JSON for a file
//
// All else is configured by environment variables: see the table in README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"ocrbankcard/server/internal/setting"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, logs io.Writer) error {
	if len(args) == 0 {
		return serve(ctx, out, logs)
	}
	switch args[0] {
	case "read":
		return read(args[1:], out)
	case "phone":
		return phone(ctx, out, logs)
	}
	return errors.New("usage: server [phone | read PHOTO [-draw OUT.png]]")
}

func serve(ctx context.Context, out, logs io.Writer) error {
	c, err := Load(setting.Environment())
	if err != nil {
		return err
	}
	s, err := NewServer(c, c.Log.Logger(logs))
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("ADDR: %w", err)
	}
	s.greet(out, "http", l.Addr())
	return s.Serve(ctx, l)
}

// greet tells whoever started the server where it is, what reads, and how to open it on a phone.
func (s *Server) greet(out io.Writer, scheme string, at net.Addr) {
	fmt.Fprintf(out, "Scanner:    %s://%s/\n", scheme, at)
	reader := "the embedded engine (set FACEPP_API_KEY and FACEPP_API_SECRET for Face++)"
	if s.config.Remote() {
		reader = "Face++ at " + s.config.Endpoint
	}
	fmt.Fprintln(out, "Recognizer:", reader)
	fmt.Fprintln(out, "On a phone: `make phone` serves it over HTTPS, which cameras need, and shows a QR code")
	if err := s.site.Built(); err != nil {
		fmt.Fprintln(out, "No page:    DIST has no build yet; `make run` makes one. The API answers all the same")
	}
}
