//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestTheServerEndsWithItsTerminal: whoever closes the window that `make run` runs in finds the port free again.
func TestTheServerEndsWithItsTerminal(t *testing.T) {
	master, terminal := pseudoTerminal(t)
	defer terminal.Close()
	addr := freeAddress(t)
	process := exec.Command(buildGateway(t))
	process.Env = append(os.Environ(), "ADDR="+addr, "DIST="+t.TempDir())
	process.Stdin, process.Stdout, process.Stderr = terminal, terminal, terminal
	process.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	defer process.Process.Kill()
	waitReady(t, addr)
	master.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the server ended with %v", err)
		}
	case <-time.After(2 * time.Minute):
		t.Error("the server runs on")
	}
}

// TestSIGHUPAtTheStart: who writes a setting, and tells the server so while it starts, ends nothing. The setting's file
// is a pipe, so that the start waits for the test.
func TestSIGHUPAtTheStart(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	if err := unix.Mkfifo(keys, 0o600); err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	process := exec.Command(buildGateway(t))
	process.Env = append(os.Environ(), "ADDR="+addr, "DIST="+t.TempDir(), "API_KEYS_FILE="+keys)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	defer process.Process.Kill()
	var pipe *os.File
	for pipe == nil { // nobody reads it yet
		if pipe, _ = os.OpenFile(keys, os.O_WRONLY|syscall.O_NONBLOCK, 0); pipe != nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("the server ended with %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	if err := process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if _, err := pipe.WriteString("shop:secret"); err != nil {
		t.Fatal(err)
	}
	pipe.Close()
	waitReady(t, addr)
}

// TestTheCodeIsLightOnDark: a phone's camera finds the code in a terminal of any colours; what goes elsewhere has none.
func TestTheCodeIsLightOnDark(t *testing.T) {
	master, terminal := pseudoTerminal(t)
	defer master.Close()
	go func() {
		defer terminal.Close()
		drawCode(terminal, "https://192.0.2.2:8443/")
	}()
	lines, lit := 0, "\x1b[38;5;231;48;5;16m"
	for scan := bufio.NewScanner(master); scan.Scan(); lines++ {
		if line := strings.TrimSpace(scan.Text()); !strings.HasPrefix(line, lit) || !strings.HasSuffix(line, "\x1b[0m") {
			t.Errorf("a line of the code is %q", line)
		}
	}
	if lines < 15 {
		t.Errorf("the code has %d lines", lines)
	}
	var out bytes.Buffer
	drawCode(&out, "https://192.0.2.2:8443/")
	if got := out.String(); strings.Contains(got, "\x1b") || !strings.Contains(got, "▄") {
		t.Errorf("to what is no terminal goes %q", got)
	}
}

// pseudoTerminal opens both sides of one (pty(7)).
func pseudoTerminal(t *testing.T) (master, terminal *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("SKIPPED: there are no pseudo-terminals here: ", err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, terminal
}
