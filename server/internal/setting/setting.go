// Package setting reads configuration from the environment. Every variable NAME may be given as NAME_FILE instead: the
// path of a file whose content is the value. White space around a value is none of it, and an empty one leaves it unset.
// Errors name the variable and never repeat its value, which may be a secret.
package setting

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Source looks variables up and collects what is wrong with them.
type Source struct {
	lookup func(string) (string, bool)
	names  []string // asked for so far
	errs   []error
}

// Environment reads the variables of this process.
func Environment() *Source { return &Source{lookup: os.LookupEnv} }

// Map reads from a map, for tests.
func Map(m map[string]string) *Source {
	return &Source{lookup: func(name string) (string, bool) { v, ok := m[name]; return v, ok }}
}

// Err returns all that was wrong, or nil.
func (s *Source) Err() error { return errors.Join(s.errs...) }

// Invalid is the error for a variable with an unusable value.
func Invalid(name, want string) error { return fmt.Errorf("%s: want %s", name, want) }

// WebOrigin reports whether s is what a browser puts into its Origin header (RFC 6454), with which it is compared letter by
// letter: all in small letters, no port that is the scheme's own, nothing after it. Patterns match none of theirs, nor do letters
// beyond ASCII's, and all else would be read as more than a host in a policy.
func WebOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || s != strings.ToLower(u.Scheme+"://"+u.Host) {
		return false
	}
	if strings.HasSuffix(u.Host, ":") || strings.Trim(u.Host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") != "" {
		return false
	}
	return u.Scheme+u.Port() != "https443" && u.Scheme+u.Port() != "http80"
}

// unreadable is the error for a variable whose file can't be read. It doesn't name the file: many a secret was given in its place.
func unreadable(name string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// fromFile returns what the file holds that a variable names, without white space around it, and without the byte order mark with
// which editors on Windows begin a file.
func fromFile(name, path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", unreadable(name, err)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff")), nil
}

// Lookup returns the value of a variable, from itself or from the file that NAME_FILE names.
func (s *Source) Lookup(name string) (string, bool) {
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
	value, _ := s.lookup(name)
	value = strings.TrimSpace(value)
	file, _ := s.lookup(name + "_FILE")
	switch {
	case value != "" && file != "":
		s.errs = append(s.errs, fmt.Errorf("%s: given together with %s_FILE", name, name))
		return "", false
	case file != "":
		text, err := fromFile(name+"_FILE", file)
		if err != nil {
			s.errs = append(s.errs, err)
			return "", false
		}
		value = text
	}
	return value, value != ""
}

// Names lists the variables that were asked for, without their …_FILE.
func (s *Source) Names() []string { return s.names }

// Fail adds an error of a room's own.
func (s *Source) Fail(err error) {
	if err != nil {
		s.errs = append(s.errs, err)
	}
}

// Text stores a variable's text in v, if it is set.
func (s *Source) Text(name string, v *string) {
	if t, ok := s.Lookup(name); ok {
		*v = t
	}
}

// Int stores a whole number in v, if it is set.
func (s *Source) Int(name string, v *int) {
	parse(s, name, "a whole number", v, strconv.Atoi)
}

// Float stores a number in v, if it is set.
func (s *Source) Float(name string, v *float64) {
	parse(s, name, "a number", v, func(t string) (float64, error) { return strconv.ParseFloat(t, 64) })
}

// Flag stores a truth value in v, if it is set.
func (s *Source) Flag(name string, v *bool) {
	parse(s, name, "true or false", v, strconv.ParseBool)
}

// Duration stores a duration in v, if it is set.
func (s *Source) Duration(name string, v *time.Duration) {
	parse(s, name, "a duration such as 5s", v, time.ParseDuration)
}

// List stores the entries of a variable, between commas or one a line, in v, without white space and empty entries, if it is set.
func (s *Source) List(name string, v *[]string) {
	if t, ok := s.Lookup(name); ok {
		*v = nil
		for e := range strings.FieldsFuncSeq(t, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
			if e = strings.TrimSpace(e); e != "" {
				*v = append(*v, e)
			}
		}
	}
}

// Prefixes stores a list of networks (CIDR) or single addresses in v, if it is set.
func (s *Source) Prefixes(name string, v *[]netip.Prefix) {
	var list []string
	if s.List(name, &list); list == nil {
		return
	}
	*v = nil
	for _, e := range list {
		p, err := netip.ParsePrefix(e)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(e); err == nil {
				p = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil {
			s.errs = append(s.errs, Invalid(name, "networks such as 10.0.0.0/8, separated by commas"))
			return
		}
		*v = append(*v, unmapped(p).Masked())
	}
}

// unmapped is an IPv4 network that was written as IPv6: callers' addresses are compared as IPv4, and none would be in it.
func unmapped(p netip.Prefix) netip.Prefix {
	const mapped = 96 // ::ffff:0:0/96, RFC 4291, 2.5.5.2
	if p.Addr().Is4In6() && p.Bits() >= mapped {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	return p
}

func parse[T any](s *Source, name, want string, v *T, from func(string) (T, error)) {
	t, ok := s.Lookup(name)
	if !ok {
		return
	}
	x, err := from(t)
	if err != nil {
		s.errs = append(s.errs, Invalid(name, want))
		return
	}
	*v = x
}
