// Command server is the gateway: it serves the page, answers the contract of the Face++ OCR Bank Card API, and reads
// cards with Face++ or with the embedded engine.
//
// Its help, below, names its commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"ocrbankcard/server/internal/setting"
)

// usage is printed for whoever asks for help, and on the error output for whoever needs it.
const usage = `usage: server                          serve on ADDR
       server phone                    serve over HTTPS on the local network, for a phone's camera
       server read PHOTO [-draw PNG]   print the contract's JSON for a file, and draw what was read
All else is configured by environment variables: see the table in README.md`

func main() {
	signal.Ignore(syscall.SIGPIPE) // where the program that takes the log ends, calls don't
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) }) // a second Ctrl-C doesn't wait for calls; SIGTERM always does
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
		err := read(ctx, args[1:], out, logs)
		if errors.Is(err, flag.ErrHelp) {
			_, err = fmt.Fprintln(out, usage)
		}
		return err
	case "phone":
		if len(args) == 1 {
			return phone(ctx, out, logs)
		}
	case "help", "-h", "-help", "--help":
		_, err := fmt.Fprintln(out, usage)
		return err
	}
	return errors.New(usage)
}

// gcPercentEngine is GOGC, where that isn't set, for a server whose engine reads. Pictures being decoded are nearly all of its
// heap, and hold no pointers: collecting twice as often as Go does by itself costs next to nothing, and takes a tenth or two
// off the largest size. A gateway before Face++ decodes none, and bodies lie outside the heap: what is left is small, and 50
// there would cost a fifth more CPU a call to save 3 MB, while 200 saves none and costs up to 10 MB (go run ./server/bench).
const gcPercentEngine = 50

// tuneGC sets it.
func tuneGC(c Config) {
	if os.Getenv("GOGC") == "" && (!c.Remote() || c.Fallback) {
		debug.SetGCPercent(gcPercentEngine)
	}
}

func serve(ctx context.Context, out, logs io.Writer) error {
	hangups := takeHangups()
	c, err := Load(setting.Environment())
	if err != nil {
		return err
	}
	return serveAll(ctx, c, hangups, logs, func(s *Server, at net.Addr) {
		if c.Log.Format == "json" { // who reads it is a program
			s.greetPrograms(at)
			return
		}
		fmt.Fprintf(out, "Scanner:    %s\n", s.address(at))
		fmt.Fprintln(out, "On a phone: `make phone` serves it over HTTPS, which cameras need, and shows a QR code")
		s.greet(out)
	})
}

// greetPrograms puts into the log what greet prints. A server without any page may be meant so: the page lies on a CDN.
func (s *Server) greetPrograms(at net.Addr) {
	page := s.site.Built()
	s.log.Info("serving", "address", s.address(at), "recognizer", s.gateway.Recognizer.Name(), "sessions", s.sessions.Configured(), "page", page == nil)
	if page != nil && !errors.Is(page, fs.ErrNotExist) {
		s.log.Warn("DIST is not whole", "cause", page)
	}
}

// serveAll serves callers, ADMIN_ADDR and changed secrets until the context ends, and has greet tell where.
func serveAll(ctx context.Context, c Config, hangups hangups, logs io.Writer, greet func(s *Server, at net.Addr)) error {
	tuneGC(c)
	s, err := NewServer(c, c.Log.Logger(logs))
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("ADDR: %w", err)
	}
	stopAdmin, err := s.serveAdmin()
	if err != nil {
		return err
	}
	defer stopAdmin()
	greet(s, l.Addr())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go s.watch(ctx, setting.Environment, hangups, stop)
	return s.Serve(ctx, l)
}

// serveAdmin answers ADMIN_ADDR, where it is set, until the server has stopped.
func (s *Server) serveAdmin() (stop func(), err error) {
	if s.config.Admin == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", s.config.Admin)
	if err != nil {
		return nil, fmt.Errorf("ADMIN_ADDR: %w", err)
	}
	server := &http.Server{Handler: s.adminRoutes(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, ErrorLog: newNetLog(s.log)}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("ADMIN_ADDR is no longer served", "cause", err)
		}
	}()
	return func() { server.Close() }, nil
}

// address is where a browser on this machine finds the page.
func (s *Server) address(at net.Addr) string {
	scheme := "http"
	if s.certificate.Load() != nil {
		scheme = "https"
	}
	_, port, err := net.SplitHostPort(at.String())
	host, _, hostErr := net.SplitHostPort(s.config.Addr)
	if err != nil || hostErr != nil {
		return scheme + "://" + at.String() + "/"
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/"
}

// greet tells whoever started the server what reads, who may call, and what is missing.
func (s *Server) greet(out io.Writer) {
	reader := "the embedded engine (set FACEPP_API_KEY and FACEPP_API_SECRET for Face++)"
	if s.config.Remote() {
		reader = "Face++ at " + s.config.FacePP.Endpoint
	}
	fmt.Fprintln(out, "Recognizer:", reader)
	switch {
	case s.sessions.Configured():
		fmt.Fprintln(out, "Callers:    pages with a shop's session, machines with a key")
	case s.gateway.Callers.Keyed():
		fmt.Fprintln(out, "Callers:    this server's own pages, machines with a key")
	default:
		fmt.Fprintln(out, "Callers:    this server's own pages, programs on this machine (for development: set MERCHANTS or API_KEYS)")
	}
	switch err := s.site.Built(); {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintln(out, "No page:    DIST holds no build yet, `make run` makes one; the API answers all the same")
	case err != nil:
		fmt.Fprintln(out, "The page:   DIST is not whole:", err)
	}
}
