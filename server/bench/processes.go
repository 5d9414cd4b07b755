package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"

	"ocrbankcard/internal/cardpp"
)

//go:embed nginx.conf
var nginxConfig string

// programs are the binaries under test and their folder for everything else.
type programs struct{ dir, gateway, standin string }

// build makes the programs that aren't given. A gateway is named as seen from here; it is started in dir.
func build(dir, gateway string) (programs, error) {
	p := programs{dir: dir, gateway: gateway, standin: filepath.Join(dir, "standin")}
	if _, err := exec.LookPath("nginx"); err != nil {
		return p, errors.New("nginx is not installed (Debian: nginx-light)")
	}
	targets := [][2]string{{p.standin, "./server/internal/facepp/standin"}}
	if gateway == "" {
		p.gateway = filepath.Join(dir, "gateway")
		targets = append(targets, [2]string{p.gateway, "./server"})
	} else {
		var err error
		if p.gateway, err = filepath.Abs(gateway); err != nil {
			return p, err
		}
	}
	for _, t := range targets {
		if out, err := exec.Command("go", "build", "-o", t[0], t[1]).CombinedOutput(); err != nil {
			return p, fmt.Errorf("building %s: %w\n%s", t[1], err, out)
		}
	}
	return p, nil
}

// processes are those started; each is ended by its own id.
type processes []*exec.Cmd

func (ps *processes) start(dir, name string, env []string, program string, args ...string) (*exec.Cmd, error) {
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has its own handle
	c := exec.Command(program, args...)
	c.Env, c.Stdout, c.Stderr, c.Dir = append(os.Environ(), env...), log, log, dir
	if err := c.Start(); err != nil {
		return nil, err
	}
	*ps = append(*ps, c)
	return c, nil
}

func (ps *processes) stop() {
	for _, c := range *ps {
		c.Process.Signal(syscall.SIGTERM) // one that has ended already needs none
		done := make(chan struct{})
		go func() { c.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			c.Process.Kill()
			<-done
		}
	}
}

// standin starts an upstream with a delay and returns its address.
func (ps *processes) standin(p programs, delay time.Duration) (addr string, err error) {
	if addr, err = freeAddr(); err != nil {
		return "", err
	}
	if _, err = ps.start(p.dir, "standin", nil, p.standin, "-addr", addr, "-delay", delay.String(), "-number", "6200000000000005", "-drain"); err != nil {
		return "", err
	}
	return addr, answers(addr)
}

// gateway starts the gateway as an operator would, but for limits that the load would meet.
func (ps *processes) gateway(p programs, upstream string) (*proxy, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	c, err := ps.start(p.dir, "gateway", []string{
		"ADDR=" + addr, "DIST=" + p.dir, "FACEPP_API_KEY=key", "FACEPP_API_SECRET=secret",
		"FACEPP_ENDPOINT=http://" + upstream + cardpp.PathBeta, "FACEPP_QPS=1000000",
	}, p.gateway)
	if err != nil {
		return nil, err
	}
	return &proxy{"gateway", addr, c.Process.Pid}, answers(addr)
}

// nginx starts an nginx that passes everything on, as it does by itself or tuned for this.
func (ps *processes) nginx(p programs, upstream string, tuned bool) (*proxy, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	name := "nginx"
	if tuned {
		name = "tuned nginx"
	}
	dir := filepath.Join(p.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "nginx.conf")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	fill := struct {
		Addr, Upstream, Dir, User string
		Tuned                     bool
	}{addr, upstream, dir, userDirective(), tuned}
	if err := errors.Join(template.Must(template.New("").Parse(nginxConfig)).Execute(f, fill), f.Close()); err != nil {
		return nil, err
	}
	c, err := ps.start(dir, "nginx", nil, "nginx", "-p", dir, "-e", "stderr", "-c", path)
	if err != nil {
		return nil, err
	}
	return &proxy{name, addr, c.Process.Pid}, answers(addr)
}

// userDirective keeps the workers of a root's nginx able to write to the folder; others can't change users anyway.
func userDirective() string {
	if os.Getuid() == 0 {
		return "user root;"
	}
	return ""
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func answers(addr string) error {
	for range 500 {
		if c, err := net.Dial("tcp", addr); err == nil {
			return c.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("nothing answers at %s", addr)
}

// proxy is what is measured: a process and its children.
type proxy struct {
	name, addr string
	pid        int
}

// family returns the process and its children.
func (p *proxy) family() ([]int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", p.pid))
	if err != nil {
		return nil, err
	}
	pids := []int{p.pid}
	for _, f := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(f); err == nil {
			pids = append(pids, child)
		}
	}
	return pids, nil
}

// forgetPeak makes the kernel count the peak of memory anew (proc(5), clear_refs).
func (p *proxy) forgetPeak() error {
	pids, err := p.family()
	for _, pid := range pids {
		err = errors.Join(err, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0))
	}
	return err
}

// cpu sums the processor time spent so far, of threads and children. Linux counts it in hundredths of a second
// (proc(5), stat: fields 14 and 15, of which the name in field 2 may hold blanks).
func (p *proxy) cpu() (time.Duration, error) {
	pids, err := p.family()
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, err
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		for _, f := range fields[11:13] {
			ticks, err := strconv.Atoi(f)
			if err != nil {
				return 0, err
			}
			sum += time.Duration(ticks) * time.Second / 100
		}
	}
	return sum, nil
}

// peak sums the largest resident sizes, in bytes.
func (p *proxy) peak() (float64, error) {
	pids, err := p.family()
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, pid := range pids {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return 0, err
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		kb, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			return 0, err
		}
		sum += float64(kb) * 1024
	}
	return sum, nil
}
