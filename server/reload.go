package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"

	"ocrbankcard/server/internal/session"
	"ocrbankcard/server/internal/setting"
)

// reloadEvery is how often files that hold settings are read again. Kubernetes brings a changed secret within a minute.
const reloadEvery = 15 * time.Second

// hangups are the SIGHUPs that come to the process.
type hangups struct {
	terminal bool // whether it was started from one
	came     chan os.Signal
}

// takeHangups is called before anything that takes time: one that comes before would end the process. They are taken to its
// end: untaken, one would cut off the calls being finished.
func takeHangups() hangups {
	h := hangups{term.IsTerminal(int(os.Stdin.Fd())), make(chan os.Signal, 1)}
	signal.Notify(h.came, syscall.SIGHUP)
	return h
}

// watch takes changed secrets over without a restart, until the context ends: every so often, and at once on SIGHUP.
// Keys, merchants, the credentials of Face++ and the certificate change; all other settings need a restart. A SIGHUP because the
// terminal was closed that the server was started from is none of an operator's, and calls stop.
func (s *Server) watch(ctx context.Context, source func() *setting.Source, hangups hangups, stop func()) {
	tick := time.NewTicker(reloadEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.reload(source())
		case <-hangups.came:
			if hangups.terminal && !term.IsTerminal(int(os.Stdin.Fd())) {
				stop()
				return
			}
			if s.reload(source()) {
				s.log.Info("settings reloaded")
			}
		}
	}
}

// reload keeps everything as it is when the new settings are wrong, which it logs.
func (s *Server) reload(source *setting.Source) (done bool) {
	c, err := Load(source)
	if err == nil {
		err = s.needsRestart(c)
	}
	if err != nil {
		s.log.Error("settings not reloaded", "cause", err)
		return false
	}
	s.gateway.Callers.SetKeys(c.Callers.Keys)
	s.swapMerchants(c.Sessions)
	if s.upstream != nil {
		s.upstream.SetCredentials(c.FacePP.Key, c.FacePP.Secret)
	}
	if c.Certificate != nil && s.certificate.Load() != nil {
		s.swapCertificate(c.Certificate)
	}
	return true
}

// needsRestart names the setting that can't change while calls are served: whether there are sessions at all, whether Face++
// reads, and whether TLS is spoken decide what is served.
func (s *Server) needsRestart(next Config) error {
	switch {
	case s.sessions.Configured() != (len(next.Sessions.Merchants) > 0):
		return errors.New("MERCHANTS: the first merchant, or none, needs a restart")
	case s.upstream != nil && !next.Remote(), s.upstream == nil && next.Remote():
		return errors.New("FACEPP_API_KEY: the first key, or none, needs a restart")
	case s.certificate.Load() == nil && next.Certificate != nil:
		return errors.New("TLS_CERT: the first certificate needs a restart")
	}
	return nil
}

// swapMerchants replaces the shops: their keys, who may frame the page, and whose pages may call.
func (s *Server) swapMerchants(next session.Config) {
	s.sessions.SetMerchants(next)
	s.site.SetAncestors(s.ancestors())
	s.gateway.Callers.SetShops(s.sessions.Origins())
}

func (s *Server) swapCertificate(next *tls.Certificate) {
	if old := s.certificate.Load(); !slices.EqualFunc(old.Certificate, next.Certificate, bytes.Equal) { // those in between, too
		s.certificate.Store(next)
		s.log.Info("certificate changed")
	}
}
